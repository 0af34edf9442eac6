select
    code_territoire,
    libelle,
    -- « ZZZZZZZZZ » : quatre îles ne sont dans aucune intercommunalité.
    nullif(code_epci, 'ZZZZZZZZZ') as code_epci,
    if(code_epci = 'ZZZZZZZZZ', null, nom_epci) as nom_epci,
    code_departement,
    code_region,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'insee__composition_epci') }}
