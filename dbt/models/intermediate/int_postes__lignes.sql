-- Les lignes des deux listes de postes : un poste peut en avoir plusieurs, et deux contrats.
select
    dispositif,
    id_poste,
    annee,
    code_contrat,
    porteur,
    siret_porteur,
    montant_eur,
    load_id
from {{ ref('stg_operateurs__adultes_relais') }}
union all by name
select
    dispositif,
    id_poste,
    annee,
    code_contrat,
    porteur,
    montant_eur,
    load_id
from {{ ref('stg_operateurs__postes_fonjep') }}
