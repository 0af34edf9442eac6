select
    code_territoire,
    libelle,
    type_iris,
    code_commune,
    nom_commune,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'insee__iris') }}
