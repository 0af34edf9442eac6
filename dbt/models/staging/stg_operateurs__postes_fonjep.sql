select
    'postes_fonjep' as dispositif,
    id_poste,
    annee,
    code_contrat,
    porteur,
    montant_eur,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'operateurs__postes_fonjep') }}
