select
    'adultes_relais' as dispositif,
    id_poste,
    annee,
    code_contrat,
    porteur,
    siret_porteur,
    montant_eur,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'operateurs__adultes_relais') }}
