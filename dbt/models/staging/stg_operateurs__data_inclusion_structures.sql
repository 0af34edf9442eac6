select
    code_structure,
    _millesime as edition,
    producteur,
    libelle,
    cast(left(mis_a_jour_le, 10) as date) as mis_a_jour_le,
    siret,
    concat_ws(', ', adresse, complement_adresse) as adresse,
    nom_commune,
    code_commune,
    code_postal,
    latitude,
    longitude,
    horaires,
    {{ liste_de('reseaux_porteurs') }} as reseaux_porteurs,
    'operateurs.data_inclusion_structures' as dataset,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'operateurs__data_inclusion_structures') }}
