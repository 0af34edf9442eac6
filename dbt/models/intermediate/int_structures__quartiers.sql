-- Les lieux des communes observées, face aux quartiers : dedans, ou à quelle distance de la limite.
with quartiers as (
    select
        code_territoire,
        zonage,
        st_geomfromwkb(contour_wkb) as contour,
        st_transform(st_geomfromwkb(contour_wkb), 'OGC:CRS84', 'EPSG:2154') as contour_m
    from {{ ref('int_contours__observes') }}
    where zonage in ('QPV2015', 'QPV2024')
    qualify
        row_number() over (partition by code_territoire, zonage order by millesime_contour desc) = 1
),

lieux as (
    -- Un lieu de plusieurs types n'a qu'un point.
    select distinct
        lieux.dataset,
        lieux.edition,
        lieux.code_structure,
        st_point(lieux.longitude, lieux.latitude) as point,
        st_transform(
            st_point(lieux.longitude, lieux.latitude), 'OGC:CRS84', 'EPSG:2154'
        ) as point_m
    from {{ ref('int_structures__lieux') }} as lieux
    semi join {{ ref('territoires') }} as communes
        on lieux.code_commune = communes.code_territoire and communes.zonage = 'COMMUNE'
    where lieux.latitude is not null
)

select
    lieux.dataset,
    lieux.edition,
    lieux.code_structure,
    quartiers.code_territoire,
    quartiers.zonage,
    st_contains(quartiers.contour, lieux.point) as dans_quartier,
    st_distance(st_boundary(quartiers.contour_m), lieux.point_m) as distance_limite_m
from lieux
cross join quartiers
