select
    code_structure,
    _millesime as edition,
    nullif(siret, 'null') as siret,
    nullif(libelle, '0') as libelle,
    replace(adresse, chr(10), ', ') as adresse,
    code_commune,
    code_departement,
    code_postal,
    nom_commune,
    latitude,
    longitude,
    conseillers as postes_accordes,
    cast(valide_le as date) as valide_le,
    'operateurs.conseillers_numeriques_structures' as dataset,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'operateurs__conseillers_numeriques_structures') }}
