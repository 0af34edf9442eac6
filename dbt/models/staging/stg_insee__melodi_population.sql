select
    territoire,
    niveau,
    mesure,
    sexe,
    tranche_age,
    periode,
    valeur,
    if(valeur is null, 'non_disponible', 'observe') as statut,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'insee__melodi_population') }}
