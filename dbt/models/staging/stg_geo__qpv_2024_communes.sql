select
    unnest(string_split(codes_quartiers, ', ')) as code_territoire,
    'QPV2024' as zonage,
    code_commune,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__qpv_2024_communes') }}
