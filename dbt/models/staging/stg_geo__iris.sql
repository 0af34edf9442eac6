select
    code_territoire,
    'IRIS' as zonage,
    code_commune,
    _millesime as millesime,
    contour as contour_wkb,
    false as simplifie,
    'geo.iris' as dataset,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__iris') }}
