select
    code_territoire,
    'QPV2015' as zonage,
    code_commune,
    _millesime as millesime,
    contour as contour_wkb,
    false as simplifie,
    'geo.qpv_2015' as dataset,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__qpv_2015') }}
-- Dans la même couche, des quartiers de Paris (QV) ne sont pas prioritaires.
where starts_with(code_territoire, 'QP')
