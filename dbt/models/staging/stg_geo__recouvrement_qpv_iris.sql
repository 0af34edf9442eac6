select
    code_territoire,
    'QPV' || generation as zonage,
    code_iris,
    surface_qpv_m2,
    surface_iris_m2,
    surface_commune_m2,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__recouvrement_qpv_iris') }}
