-- Une ligne par participant : un atelier de sept compte sept accompagnements et une activité.
with participants as (
    select
        operateur,
        coalesce(lieu, 'Sans lieu') as structure,
        code_commune_lieu,
        left(jour, 7) as periode,
        id_cra,
        rang,
        duree_min,
        canal,
        case type_activite when 'Atelier collectif' then 'atelier' else 'accompagnement' end
            as type_activite,
        case genre when 'Féminin' then 'Femmes' when 'Masculin' then 'Hommes' end as sexe,
        ages.classe_age,
        case
            when code_commune_residence is null then null
            when communes.code_territoire is not null then 'agglomeration'
            else 'hors_agglomeration'
        end as residence,
        load_id
    from {{ ref('stg_operateurs__coop_accompagnements') }}
    left join {{ ref('correspondance_ages') }} as ages
        on ages.outil = 'coop' and tranche_age = ages.libelle_outil
    left join {{ ref('territoires') }} as communes
        on communes.zonage = 'COMMUNE' and code_commune_residence = communes.code_territoire
),

themes as (
    -- Deux thématiques d'un même thème ne comptent qu'une fois.
    select distinct
        participants.*,
        correspondance.code_theme as theme
    from {{ ref('stg_operateurs__coop_accompagnements') }} as brut
    cross join unnest(brut.thematiques) as t (thematique)
    inner join {{ ref('correspondance_themes') }} as correspondance
        on correspondance.outil = 'coop' and trim(t.thematique) = correspondance.libelle_outil
    inner join participants
        on brut.operateur = participants.operateur
        and brut.id_cra = participants.id_cra
        and brut.rang = participants.rang
),

accompagnements as (
    select
        operateur, structure, code_commune_lieu, periode,
        cast(null as varchar) as theme, canal, type_activite, sexe, classe_age, residence,
        count(*) as valeur,
        array_agg(distinct load_id) as load_ids,
        {{ ventilation(['canal', 'type_activite', 'sexe', 'classe_age', 'residence']) }}
            as ventilation
    from participants
    group by grouping sets (
        (operateur, structure, code_commune_lieu, periode),
        (operateur, structure, code_commune_lieu, periode, canal),
        (operateur, structure, code_commune_lieu, periode, type_activite),
        (operateur, structure, code_commune_lieu, periode, sexe),
        (operateur, structure, code_commune_lieu, periode, classe_age),
        (operateur, structure, code_commune_lieu, periode, residence)
    )
    union all
    select
        operateur, structure, code_commune_lieu, periode,
        theme, null, null, null, null, null,
        count(*), array_agg(distinct load_id), 'theme'
    from themes
    group by operateur, structure, code_commune_lieu, periode, theme
),

activites as (
    select
        operateur, structure, code_commune_lieu, periode, type_activite,
        any_value(duree_min) as duree_min,
        array_agg(distinct load_id) as load_ids
    from participants
    group by operateur, structure, code_commune_lieu, periode, type_activite, id_cra
),

totaux as (
    select
        operateur, structure, code_commune_lieu, periode,
        count(*) as activites,
        count(*) filter (type_activite = 'atelier') as ateliers,
        sum(duree_min) / 60.0 as heures,
        list_distinct(flatten(array_agg(load_ids))) as load_ids
    from activites
    group by operateur, structure, code_commune_lieu, periode
)

select
    operateur, structure, code_commune_lieu, periode, ventilation,
    theme, canal, type_activite, sexe, classe_age, residence,
    'accompagnements' as mesure,
    -- Un accompagnement a plusieurs thèmes : leurs nombres dépassent le total.
    ventilation <> 'theme' as additive,
    cast(valeur as double) as valeur,
    load_ids
from accompagnements
union all
select
    operateur, structure, code_commune_lieu, periode, 'ensemble',
    null, null, null, null, null, null,
    mesure, true, valeur, load_ids
from (
    select
        operateur, structure, code_commune_lieu, periode, load_ids,
        unnest([
            {'mesure': 'activites', 'valeur': cast(activites as double)},
            {'mesure': 'ateliers', 'valeur': cast(ateliers as double)},
            {'mesure': 'heures', 'valeur': cast(heures as double)}
        ], recursive := true)
    from totaux
)
