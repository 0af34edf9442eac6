select
    fiches.code_action,
    fiches.titre,
    fiches.operateur,
    fiches.territoire_concerne,
    fiches.code_territoire,
    territoires.zonage,
    territoires.nom as nom_territoire,
    fiches.public_cible,
    fiches.partenaires,
    fiches.descriptif,
    fiches.page,
    fiches.remarque as remarque_action,
    mesures.mesure,
    mesures.libelle as libelle_mesure,
    mesures.annee,
    mesures.unite,
    mesures.valeur,
    mesures.valeur_basse,
    mesures.valeur_haute,
    mesures.qualificatif,
    mesures.texte_imprime,
    mesures.remarque as remarque_mesure,
    -- An action without a quantity keeps one row.
    coalesce(mesures.statut, 'non_communique') as statut,
    {{ page_du_rapport('fiches.page') }} as source  -- noqa: RF04
from {{ ref('fiches_action') }} as fiches
left join {{ ref('mesures_fiches_action') }} as mesures
    on fiches.code_action = mesures.code_action
left join {{ ref('territoires') }} as territoires
    on fiches.code_territoire = territoires.code_territoire
