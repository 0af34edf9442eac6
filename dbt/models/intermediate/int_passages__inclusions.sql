-- Passages par inclusion : un territoire est tout entier dans un autre, ou en est dehors.
with communes as (
    select * from {{ ref('territoires') }}
    where zonage = 'COMMUNE'
),

quartiers as (
    select * from {{ ref('territoires') }}
    where niveau = 'quartier'
),

-- Un périmètre porte l'année où il cesse (2015), ou depuis laquelle il vaut (2016).
perimetres as (
    select distinct
        valide_du,
        valide_au,
        cast(year(coalesce(valide_au, valide_du)) as varchar) as millesime
    from {{ ref('communes_epci') }}
),

surfaces as (
    select
        code_territoire,
        zonage,
        arg_max(surface_m2, millesime_contour) as surface_m2
    from {{ ref('int_contours__observes') }}
    group by code_territoire, zonage
),

iris_en_communes as (
    select
        iris.code_territoire as code_source,
        'IRIS' as zonage_source,
        iris.code_commune as code_cible,
        'COMMUNE' as zonage_cible,
        'Insee, référentiel des IRIS' as source,  -- noqa: RF04
        iris.millesime,
        1.0 as part_cible_couverte
    from {{ ref('stg_insee__iris') }} as iris
    semi join communes
        on iris.code_commune = communes.code_territoire
    qualify row_number() over (
        partition by iris.code_territoire
        order by iris.millesime desc
    ) = 1
),

quartiers_en_communes as (
    select
        quartiers.code_territoire as code_source,
        quartiers.zonage as zonage_source,
        quartiers.code_commune as code_cible,
        'COMMUNE' as zonage_cible,
        'Territoires de l''observatoire' as source,  -- noqa: RF04
        cast(year(quartiers.valide_du) as varchar) as millesime,
        -- Un quartier sans contour laisse la part inconnue.
        case
            when
                bool_and(s_quartier.surface_m2 is not null) over (
                    partition by quartiers.zonage, quartiers.code_commune
                )
                then sum(s_quartier.surface_m2) over (
                    partition by quartiers.zonage, quartiers.code_commune
                ) / s_commune.surface_m2
        end as part_cible_couverte
    from quartiers
    left join surfaces as s_quartier
        on
            quartiers.code_territoire = s_quartier.code_territoire
            and quartiers.zonage = s_quartier.zonage
    left join surfaces as s_commune
        on quartiers.code_commune = s_commune.code_territoire and s_commune.zonage = 'COMMUNE'
),

communes_en_epci as (
    select
        communes.code_territoire as code_source,
        'COMMUNE' as zonage_source,
        coalesce(composition.code_epci, 'HORS_ZONAGE') as code_cible,
        'EPCI' as zonage_cible,
        coalesce(composition.source, 'Commune hors de ce périmètre') as source,  -- noqa: RF04
        perimetres.millesime,
        if(composition.code_epci is null, null, 1.0) as part_cible_couverte
    from communes
    cross join perimetres
    left join {{ ref('communes_epci') }} as composition
        on
            communes.code_territoire = composition.code_commune
            and perimetres.valide_du is not distinct from composition.valide_du
            and perimetres.valide_au is not distinct from composition.valide_au
),

-- Le Buisson n'a pas de contour, mais sa commune n'a plus de quartier prioritaire en 2024.
veille_sans_suite as (
    select
        quartiers.code_territoire as code_source,
        quartiers.zonage as zonage_source,
        'HORS_ZONAGE' as code_cible,
        'QPV2024' as zonage_cible,
        'Aucun quartier prioritaire de 2024 dans la commune' as source,  -- noqa: RF04
        '2024' as millesime,
        cast(null as double) as part_cible_couverte
    from quartiers
    where
        quartiers.zonage = 'QVA'
        and quartiers.code_commune not in (
            select suivants.code_commune from quartiers as suivants
            where suivants.zonage = 'QPV2024'
        )
)

select
    *,
    1.0 as poids,
    'inclusion' as type_poids
from (
    select * from iris_en_communes
    union all
    select * from quartiers_en_communes
    union all
    select * from communes_en_epci
    union all
    select * from veille_sans_suite
) as inclusions
