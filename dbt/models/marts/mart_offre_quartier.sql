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
    'Rapport du groupe de travail « Accès au droit et au service public », 05/07/2022, p. 5'
        as source  -- noqa: RF04
from {{ ref('offre_rapport') }} as offre
left join {{ ref('territoires') }} as territoires
    on offre.code_territoire = territoires.code_territoire
