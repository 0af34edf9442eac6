select
    code_territoire,
    zonage,
    niveau,
    nom,
    quartier_id,
    code_commune,
    nom_commune,
    code_epci,
    valide_du,
    valide_au,
    source  -- noqa: RF04
from {{ ref('int_territoires__observes') }}
