-- Renoncement estimé d'un territoire : Σ w p sur les classes d'âge et de diplôme. Les réponses
-- d'une classe sont celles de toute l'enquête : la ligne de l'agglomération, où elle existe, les
-- compte toutes, et sinon les territoires s'ajoutent. Les poids sont la population du territoire.
with enquetes as (
    select *
    from {{ ref('stg_operateurs__enquete_renoncement') }}
    where code_territoire is not null
),

reponses as (
    select
        enquete,
        periode,
        classe_age,
        diplome,
        sum(oui) as oui,
        sum(repondants) as repondants
    from (
        select
            *,
            zonage = 'EPCI' as ensemble,
            bool_or(zonage = 'EPCI') over (partition by enquete, periode) as a_un_ensemble
        from enquetes
    ) as lignes
    where ensemble = a_un_ensemble
    group by all
),

poids as (
    select
        enquete,
        code_territoire,
        zonage,
        periode,
        classe_age,
        diplome,
        repondants,
        population
        / nullif(
            sum(population) over (partition by enquete, code_territoire, zonage, periode), 0
        ) as poids
    from enquetes
),

ponderes as (
    select
        poids.enquete,
        poids.code_territoire,
        poids.zonage,
        poids.periode,
        sum(poids.repondants) as repondants_du_territoire,
        sum(reponses.repondants) as repondants,
        sum(poids.poids * reponses.oui / nullif(reponses.repondants, 0)) as proportion,
        -- Effectif efficace (Kish) : ce que vaut l'échantillon une fois pondéré.
        1 / sum(poids.poids * poids.poids / nullif(reponses.repondants, 0)) as effectif_efficace,
        count(*) filter (where poids.poids > 0 and reponses.repondants = 0) as classes_vides
    from poids
    inner join reponses
        on
            poids.enquete = reponses.enquete
            and poids.periode = reponses.periode
            and poids.classe_age = reponses.classe_age
            and poids.diplome = reponses.diplome
    group by all
)

select
    enquete,
    code_territoire,
    zonage,
    periode,
    repondants_du_territoire,
    repondants,
    round(effectif_efficace, 6) as effectif_efficace,
    classes_vides,
    round(100 * proportion, 6) as renoncement_pct,
    round({{ wilson_pct('proportion', 'effectif_efficace', -1) }}, 6) as borne_basse,
    round({{ wilson_pct('proportion', 'effectif_efficace', 1) }}, 6) as borne_haute,
    case
        when classes_vides = 0 and effectif_efficace >= {{ var('seuil_beneficiaires') }}
            then 'estime'
        else 'non_significatif'
    end as statut,
    case
        when classes_vides > 0 then 'Une classe d''âge et de diplôme n''a aucun répondant.'
        when effectif_efficace < {{ var('seuil_beneficiaires') }}
            then 'Moins de {{ var("seuil_beneficiaires") }} répondants efficaces.'
    end as motif,
    -- Plusieurs enquêtes parlent parfois d'un territoire et d'une année : la plus nombreuse.
    row_number() over (
        partition by code_territoire, zonage, periode
        order by effectif_efficace desc, enquete asc
    ) = 1 as retenu
from ponderes
