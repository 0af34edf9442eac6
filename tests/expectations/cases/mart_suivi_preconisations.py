"""Good rows of `mart_suivi_preconisations`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, last, twice

WITHOUT: Row = {
    "nature": "preconisation",
    "code_indicateur": "pil_bailleurs",
    "sens": "plus_est_mieux",
    "role": "niveau",
    "etat": "sans_source",
    "manque": "Personne ne le compte.",
    "nb_quartiers": 0,
    "minimum": None,
    "mediane": None,
    "maximum": None,
    "ratio_max_min": None,
    "nb_comparables": 0,
    "nb_hausses": None,
    "nb_baisses": None,
    "tendance": None,
    "lecture": None,
    "cible": None,
}
FOLLOWED = WITHOUT | {
    "code_preconisation": "p1",
    "code_indicateur": "off_heures_hebdo",
    "role": "disparite",
    "etat": "suivi",
    "manque": None,
    "nb_quartiers": 4,
    "minimum": 10.0,
    "mediane": 25.0,
    "maximum": 40.0,
    "ratio_max_min": 4.0,
    "nb_comparables": 2,
    "nb_hausses": 1,
    "nb_baisses": 0,
    "tendance": "hausse",
    "lecture": "amelioration",
}
CASE = Case(
    [
        FOLLOWED,
        *(WITHOUT | {"code_preconisation": f"p{rank}"} for rank in range(2, 12)),
        WITHOUT | {"code_preconisation": "p12", "nature": "thematique"},
    ],
    {
        "cle_unique": twice,
        "preconisations_entieres": last(nature="preconisation"),
        "suivi_ou_manque": first(manque="Personne ne le compte."),
        "suivi_avec_valeurs": last(nb_quartiers=1),
        "valeurs_ordonnees": first(mediane=41.0),
        "ratio_au_moins_un": first(ratio_max_min=0.9),
        "tendance_comparable": first(nb_comparables=0),
        "lecture_selon_le_sens": first(lecture="degradation"),
        "aucune_cible": last(cible=50.0),
    },
    dict.fromkeys(["code_preconisation", *WITHOUT], "varchar")
    | dict.fromkeys(["minimum", "mediane", "maximum", "ratio_max_min", "cible"], "double")
    | dict.fromkeys(["nb_quartiers", "nb_comparables", "nb_hausses", "nb_baisses"], "bigint"),
)
