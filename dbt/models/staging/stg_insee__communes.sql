select
    type_commune,
    code_territoire,
    libelle,
    nom_majuscules,
    code_commune_parente,
    code_departement,
    code_region,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'insee__communes') }}
