-- Ce que deux contours ont en commun : des surfaces, qui situent et ne répartissent aucun nombre.
with contours as (
    select
        * exclude (contour_wkb),
        st_geomfromwkb(contour_wkb) as contour
    from {{ ref('int_contours__observes') }}
),

communs as (
    select
        source.code_territoire as code_source,
        source.zonage as zonage_source,
        source.millesime_contour as millesime_source,
        cible.code_territoire as code_cible,
        cible.zonage as zonage_cible,
        cible.millesime_contour as millesime_cible,
        source.surface_m2 as surface_source_m2,
        cible.surface_m2 as surface_cible_m2,
        {{ surface_m2('st_intersection(source.contour, cible.contour)') }} as surface_commune_m2
    from contours as source
    inner join contours as cible
        on
            (source.zonage, cible.zonage) in (
                ('QPV2015', 'QPV2024'), ('QPV2015', 'IRIS'), ('QPV2024', 'IRIS')
            )
            and st_intersects(source.contour, cible.contour)
)

select
    code_source,
    zonage_source,
    millesime_source,
    code_cible,
    zonage_cible,
    millesime_cible,
    'surface' as type_poids,
    surface_source_m2,
    surface_cible_m2,
    surface_commune_m2,
    surface_commune_m2 / surface_source_m2 as part_source_dans_cible,
    surface_commune_m2 / surface_cible_m2 as part_cible_dans_source
from communs
-- Deux limites qui se touchent n'ont rien en commun.
where surface_commune_m2 > 1
