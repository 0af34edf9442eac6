-- Un lieu d'activité est dans un quartier si son adresse est celle d'un lieu connu des listes.
with lieux as (
    select
        coalesce(lieu, 'Sans lieu') as structure,
        code_commune_lieu as code_commune,
        any_value({{ cle_libelle('adresse_lieu') }}) as cle_adresse
    from {{ ref('stg_operateurs__coop_accompagnements') }}
    where code_commune_lieu is not null
    group by all
    -- Un même nom à deux adresses n'est pas un lieu.
    having count(distinct {{ cle_libelle('adresse_lieu') }}) = 1
),

situes as (
    select
        dataset,
        edition,
        code_structure,
        code_commune,
        {{ cle_libelle('adresse') }} as cle_adresse
    from {{ ref('int_structures__lieux') }}
    -- L'adresse d'un siège n'est pas celle d'un lieu d'accueil.
    where latitude is not null and not siege
)

select
    lieux.structure,
    lieux.code_commune,
    quartiers.zonage as zonage_quartier,
    max(quartiers.code_territoire) filter (quartiers.dans_quartier) as code_quartier,
    -- Dehors de peu, il peut être dedans : il n'est alors d'aucun quartier, et c'est dit.
    bool_or(quartiers.distance_limite_m < {{ var('incertitude_limite_m') }}) as pres_d_une_limite
from lieux
inner join situes
    on lieux.code_commune = situes.code_commune and lieux.cle_adresse = situes.cle_adresse
inner join {{ ref('int_structures__quartiers') }} as quartiers
    on
        situes.dataset = quartiers.dataset
        and situes.edition = quartiers.edition
        and situes.code_structure = quartiers.code_structure
where
    quartiers.dans_quartier
    or quartiers.distance_limite_m < {{ var('incertitude_limite_m') }}
group by all
