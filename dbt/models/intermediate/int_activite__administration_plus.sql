-- Ce qui bloque, avec quel organisme, et combien de temps. Le lieu est un département.
with demandes as (
    select
        operateur,
        id_demande,
        strftime(cree_le, '%Y-%m') as periode,
        groupes_invites,
        delai_reponse_h,
        delai_cloture_h,
        etat = 'Archivée' or clos_le is not null as close,
        load_id
    from {{ ref('stg_operateurs__administration_plus') }}
    where cree_le is not null
),

themes as (
    select distinct
        demandes.operateur,
        demandes.periode,
        demandes.id_demande,
        demandes.load_id,
        themes_outils.code_theme as theme
    from demandes
    cross join unnest(demandes.groupes_invites) as g (groupe)
    inner join {{ ref('themes_outils') }} as themes_outils
        on
            themes_outils.outil = 'administration_plus'
            -- « CAF 78 » : l'organisme, puis le département.
            and starts_with(g.groupe || ' ', themes_outils.libelle_outil || ' ')
),

totaux as (
    select
        operateur,
        periode,
        cast(count(*) as double) as demandes_blocage,
        cast(count(*) filter (close) as double) as demandes_closes,
        cast(median(delai_reponse_h) as double) as delai_reponse_median_h,
        cast(median(delai_cloture_h) as double) as delai_cloture_median_h,
        list_sort(array_agg(distinct load_id)) as load_ids
    from demandes
    group by operateur, periode
)

select
    operateur,
    periode,
    'theme' as ventilation,
    theme,
    'demandes_blocage' as mesure,
    cast(count(*) as double) as valeur,
    list_sort(array_agg(distinct load_id)) as load_ids
from themes
group by operateur, periode, theme
{% for mesure in [
    'demandes_blocage', 'demandes_closes', 'delai_reponse_median_h', 'delai_cloture_median_h'
] %}
    union all by name
    select
        operateur,
        periode,
        'ensemble' as ventilation,
        '{{ mesure }}' as mesure,
        {{ mesure }} as valeur,
        load_ids
    from totaux
    where {{ mesure }} is not null
{% endfor %}
