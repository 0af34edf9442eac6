-- Les classeurs tenus à la main : une cellule est un compte, ou une de ses bornes.
select
    cellules.operateur,
    cellules.structure,
    cellules.territoire_declare,
    cellules.code_territoire,
    cellules.zonage,
    cellules.periode,
    'type_activite' as ventilation,
    themes_outils.code_theme as theme,
    cellules.canal,
    cellules.type_activite,
    cellules.sexe,
    cellules.classe_age,
    cellules.residence,
    cellules.mesure,
    cellules.valeur,
    cellules.valeur_basse,
    cellules.valeur_haute,
    cellules.qualificatif,
    cellules.statut,
    [cellules.load_id] as load_ids
from {{ ref('int_classeurs__cellules') }} as cellules
left join {{ ref('themes_outils') }} as themes_outils
    on themes_outils.outil = 'modele' and cellules.theme = themes_outils.libelle_outil
