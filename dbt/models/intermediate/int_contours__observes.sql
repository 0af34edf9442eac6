-- Les contours des territoires observés, mesurés. Un territoire sans contour n'est pas ici.
with contours as (
    select * from {{ ref('stg_geo__qpv_2015') }}
    union all by name
    select * from {{ ref('stg_geo__qpv_2024') }}
    union all by name
    select * from {{ ref('stg_geo__iris') }}
    union all by name
    select * from {{ ref('stg_geo__communes') }}
)

select
    contours.code_territoire,
    contours.zonage,
    contours.millesime as millesime_contour,
    contours.contour_wkb,
    st_x(st_pointonsurface(st_geomfromwkb(contours.contour_wkb))) as longitude,
    st_y(st_pointonsurface(st_geomfromwkb(contours.contour_wkb))) as latitude,
    {{ surface_m2('st_geomfromwkb(contours.contour_wkb)') }} as surface_m2,
    contours.simplifie,
    contours.dataset,
    contours.load_id,
    contours.ligne
from contours
semi join {{ ref('int_territoires__observes') }} as territoires
    on
        contours.code_territoire = territoires.code_territoire
        and contours.zonage = territoires.zonage
where contours.contour_wkb is not null
