-- Ce qui bloque, avec quel organisme, et combien de temps. Le lieu est un département.
with demandes as (
    select
        operateur,
        strftime(cree_le, '%Y-%m') as periode,
        groupes_invites,
        delai_reponse_h,
        delai_cloture_h,
        case
            when etat = 'Archivée' or clos_le is not null then 'close'
            else 'ouverte'
        end as etat,
        load_id,
        row_number() over () as demande
    from {{ ref('stg_operateurs__administration_plus') }}
    where cree_le is not null
),

themes as (
    select distinct
        demandes.operateur,
        demandes.periode,
        demandes.demande,
        demandes.load_id,
        correspondance.code_theme as theme
    from demandes
    cross join unnest(demandes.groupes_invites) as g (groupe)
    inner join {{ ref('correspondance_themes') }} as correspondance
        on correspondance.outil = 'administration_plus'
        -- « CAF 78 » : l'organisme, puis le département.
        and (g.groupe = correspondance.libelle_outil
            or starts_with(g.groupe, correspondance.libelle_outil || ' '))
),

comptes as (
    select
        operateur, periode, 'ensemble' as ventilation, cast(null as varchar) as theme,
        count(*) as demandes,
        count(*) filter (etat = 'close') as closes,
        median(delai_reponse_h) as delai_reponse,
        median(delai_cloture_h) as delai_cloture,
        array_agg(distinct load_id) as load_ids
    from demandes
    group by operateur, periode
    union all
    select
        operateur, periode, 'theme', theme,
        count(*), null, null, null, array_agg(distinct load_id)
    from themes
    group by operateur, periode, theme
)

select
    operateur,
    periode,
    ventilation,
    theme,
    mesure,
    additive,
    valeur,
    load_ids
from (
    select
        operateur, periode, ventilation, theme, load_ids,
        unnest([
            {'mesure': 'demandes_blocage', 'additive': ventilation = 'ensemble',
                'valeur': cast(demandes as double)},
            {'mesure': 'demandes_closes', 'additive': true, 'valeur': cast(closes as double)},
            {'mesure': 'delai_reponse_median_h', 'additive': false,
                'valeur': cast(delai_reponse as double)},
            {'mesure': 'delai_cloture_median_h', 'additive': false,
                'valeur': cast(delai_cloture as double)}
        ], recursive := true)
    from comptes
)
where valeur is not null
