select
    siret as code_structure,
    _millesime as edition,
    siret,
    libelle,
    code_commune,
    case
        when code_commune between '97' and '99' then left(code_commune, 3)
        else left(code_commune, 2)
    end as code_departement,
    code_postal,
    postes_attribues,
    postes_pourvus,
    montant_eur,
    case postes_en_qpv when 'oui' then true when 'non' then false end as en_qpv,
    'operateurs.conseillers_numeriques_postes' as dataset,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'operateurs__conseillers_numeriques_postes') }}
