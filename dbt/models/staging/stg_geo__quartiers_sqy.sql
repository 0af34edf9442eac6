select
    code_territoire,
    'QPV' || generation as zonage,
    libelle,
    code_commune,
    cast(valide_du as date) as valide_du,
    cast(valide_au as date) as valide_au,
    code_epci,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__quartiers_sqy') }}
