select
    contours.code_territoire,
    contours.zonage,
    contours.millesime_contour,
    contours.contour_wkb,
    cast(
        st_asgeojson(st_reduceprecision(st_geomfromwkb(contours.contour_wkb), 0.000001)) as varchar
    ) as contour_geojson,
    contours.longitude,
    contours.latitude,
    contours.surface_m2,
    contours.simplifie,
    datasets.citation as source,  -- noqa: RF04
    contours.load_id,
    loads.sha256
from {{ ref('int_contours__observes') }} as contours
inner join {{ source('audit', 'loads') }} as loads
    on contours.load_id = loads.load_id
inner join {{ source('audit', 'datasets') }} as datasets
    on contours.dataset = datasets.dataset
