select
    code_territoire,
    'COMMUNE' as zonage,
    code_territoire as code_commune,
    _millesime as millesime,
    contour as contour_wkb,
    true as simplifie,
    'geo.communes' as dataset,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__communes') }}
