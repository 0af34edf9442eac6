select
    offre.code_territoire,
    offre.zonage,
    territoires.quartier_id,
    territoires.nom,
    territoires.nom_commune,
    offre.type_structure,
    offre.libelle_structure,
    offre.cellule,
    offre.presence,
    offre.label,
    offre.finance_pdv,
    offre.mode_presence,
    offre.remarque,
    {{ page_du_rapport("'5'") }} as source  -- noqa: RF04
from {{ ref('offre_rapport') }} as offre
left join {{ ref('territoires') }} as territoires
    on offre.code_territoire = territoires.code_territoire
