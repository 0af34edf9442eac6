select
    code_territoire as code_contrat,
    _millesime as generation,
    code_porteur,
    libelle,
    code_departement,
    population_quartiers,
    point as point_wkb,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__contrats_de_ville') }}
