select
    code_territoire,
    libelle,
    code_commune,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'insee__liste_qpv2015') }}
