-- Passages par la surface commune, entre quartiers des deux zonages et IRIS, dans les deux sens.
-- Une surface n'est pas une population : la note de ces passages le dit.
with derniers as (
    select
        zonage,
        max(millesime_contour) as millesime
    from {{ ref('int_contours__observes') }}
    group by zonage
),

recouvrements as (
    select communs.*
    from {{ ref('int_contours__recouvrements') }} as communs
    inner join derniers as d_source
        on
            communs.zonage_source = d_source.zonage
            and communs.millesime_source = d_source.millesime
    inner join derniers as d_cible
        on communs.zonage_cible = d_cible.zonage and communs.millesime_cible = d_cible.millesime
),

parts as (
    select
        code_source,
        zonage_source,
        code_cible,
        zonage_cible,
        part_source_dans_cible as part_source,
        part_cible_dans_source as part_cible
    from recouvrements
    union all
    select
        code_cible as code_source,
        zonage_cible as zonage_source,
        code_source as code_cible,
        zonage_source as zonage_cible,
        part_cible_dans_source as part_source,
        part_source_dans_cible as part_cible
    from recouvrements
),

-- Chaque source dont le zonage d'arrivée a des contours : sans eux, rien n'en serait sorti.
sources as (
    select
        contours.code_territoire as code_source,
        contours.zonage as zonage_source,
        d_cible.zonage as zonage_cible
    from {{ ref('int_contours__observes') }} as contours
    inner join derniers as d_source
        on contours.zonage = d_source.zonage and contours.millesime_contour = d_source.millesime
    inner join derniers as d_cible
        on
            (contours.zonage, d_cible.zonage) in (
                ('QPV2015', 'QPV2024'), ('QPV2024', 'QPV2015'), ('QPV2015', 'IRIS'),
                ('IRIS', 'QPV2015'), ('QPV2024', 'IRIS'), ('IRIS', 'QPV2024')
            )
),

poids as (
    {{ poids_de_passage('parts', 'sources', var('part_negligeable')) }}
),

couvertures as (
    select
        code_cible,
        zonage_cible,
        zonage_source,
        least(1, sum(part_cible)) as part_cible_couverte
    from parts
    where greatest(part_source, part_cible) >= {{ var('part_negligeable') }}
    group by code_cible, zonage_cible, zonage_source
)

select
    poids.code_source,
    poids.zonage_source,
    poids.code_cible,
    poids.zonage_cible,
    poids.poids,
    'surface' as type_poids,
    'Surface commune des contours, en Lambert-93' as source,  -- noqa: RF04
    derniers.millesime,
    couvertures.part_cible_couverte
from poids
inner join derniers
    on poids.zonage_cible = derniers.zonage
left join couvertures
    on
        poids.code_cible = couvertures.code_cible
        and poids.zonage_cible = couvertures.zonage_cible
        and poids.zonage_source = couvertures.zonage_source
