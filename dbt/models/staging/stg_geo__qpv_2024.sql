select
    code_territoire,
    'QPV2024' as zonage,
    split_part(codes_communes, ', ', 1) as code_commune,
    _millesime as millesime,
    contour as contour_wkb,
    true as simplifie,
    'geo.qpv_2024' as dataset,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__qpv_2024') }}
