select
    code_territoire,
    libelle,
    libelle_communes,
    code_epci,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'insee__liste_qpv2024') }}
