-- Une ligne par participant : un atelier de sept compte sept accompagnements et une activité.
with participants as (
    select
        brut.operateur,
        coalesce(brut.lieu, 'Sans lieu') as structure,
        brut.code_commune_lieu,
        left(brut.jour, 7) as periode,
        brut.id_cra,
        brut.rang,
        brut.duree_min,
        brut.canal,
        case brut.type_activite when 'Atelier collectif' then 'atelier' else 'accompagnement' end
            as type_activite,
        case brut.genre when 'Féminin' then 'Femmes' when 'Masculin' then 'Hommes' end as sexe,
        ages.classe_age,
        case
            when brut.code_commune_residence is null then null
            when communes.code_territoire is not null then 'agglomeration'
            else 'hors_agglomeration'
        end as residence,
        brut.thematiques,
        brut.load_id
    from {{ ref('stg_operateurs__coop_accompagnements') }} as brut
    left join {{ ref('ages_outils') }} as ages
        on ages.outil = 'coop' and brut.tranche_age = ages.libelle_outil
    left join {{ ref('territoires') }} as communes
        on
            communes.zonage = 'COMMUNE'
            and brut.code_commune_residence = communes.code_territoire
),

themes as (
    -- Deux thématiques d'un même thème ne comptent qu'une fois.
    select distinct
        participants.operateur,
        participants.structure,
        participants.code_commune_lieu,
        participants.periode,
        participants.id_cra,
        participants.rang,
        participants.load_id,
        themes_outils.code_theme as theme
    from participants
    cross join unnest(participants.thematiques) as t (thematique)
    inner join {{ ref('themes_outils') }} as themes_outils
        on themes_outils.outil = 'coop' and trim(t.thematique) = themes_outils.libelle_outil
),

activites as (
    select
        operateur,
        structure,
        code_commune_lieu,
        periode,
        id_cra,
        max(duree_min) as duree_min,
        bool_or(type_activite = 'atelier') as atelier,
        list_sort(array_agg(distinct load_id)) as load_ids
    from participants
    group by operateur, structure, code_commune_lieu, periode, id_cra
),

totaux as (
    select
        operateur,
        structure,
        code_commune_lieu,
        periode,
        cast(count(*) as double) as activites,
        cast(count(*) filter (atelier) as double) as ateliers,
        cast(sum(duree_min) / 60.0 as double) as heures,
        list_sort(list_distinct(flatten(array_agg(load_ids)))) as load_ids
    from activites
    group by operateur, structure, code_commune_lieu, periode
)

{% for dimension in [none, 'canal', 'type_activite', 'sexe', 'classe_age', 'residence'] %}
    select
        operateur,
        structure,
        code_commune_lieu,
        periode,
        '{{ dimension or 'ensemble' }}' as ventilation,
        {% if dimension %}
            {{ dimension }},
        {% endif %}
        'accompagnements' as mesure,
        cast(count(*) as double) as valeur,
        list_sort(array_agg(distinct load_id)) as load_ids
    from participants
    group by operateur, structure, code_commune_lieu, periode{{ ', ' ~ dimension if dimension }}
    union all by name
{% endfor %}
select
    operateur,
    structure,
    code_commune_lieu,
    periode,
    'theme' as ventilation,
    theme,
    'accompagnements' as mesure,
    cast(count(*) as double) as valeur,
    list_sort(array_agg(distinct load_id)) as load_ids
from themes
group by operateur, structure, code_commune_lieu, periode, theme
{% for mesure in ['activites', 'ateliers', 'heures'] %}
    union all by name
    select
        operateur,
        structure,
        code_commune_lieu,
        periode,
        'ensemble' as ventilation,
        '{{ mesure }}' as mesure,
        {{ mesure }} as valeur,
        load_ids
    from totaux
{% endfor %}
