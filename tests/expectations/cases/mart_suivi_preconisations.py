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
    "nb_quartiers_sans_valeur": None,
    "nb_minimums": 0,
    "minimum": None,
    "quartiers_minimum": None,
    "mediane": None,
    "maximum": None,
    "quartiers_maximum": None,
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
    "nb_quartiers_sans_valeur": 3,
    "minimum": 10.0,
    "quartiers_minimum": "Friches",
    "mediane": 25.0,
    "maximum": 40.0,
    "quartiers_maximum": "Valibout",
    "ratio_max_min": 4.0,
    "nb_comparables": 3,
    "nb_hausses": 2,
    "nb_baisses": 0,
    "tendance": "hausse",
    "lecture": "amelioration",
}
BOUNDS = WITHOUT | {
    "code_preconisation": "p11",
    "etat": "suivi",
    "manque": None,
    "nb_quartiers": 5,
    "nb_quartiers_sans_valeur": 3,
    "nb_minimums": 2,
}
CASE = Case(
    [
        FOLLOWED,
        *(WITHOUT | {"code_preconisation": f"p{rank}"} for rank in range(2, 11)),
        BOUNDS,
        WITHOUT | {"code_preconisation": "p12", "nature": "thematique"},
    ],
    {
        "cle_unique": twice,
        "preconisations_entieres": last(nature="preconisation"),
        "suivi_ou_manque": first(manque="Personne ne le compte."),
        "suivi_avec_valeurs": first(mediane=None),
        "minimums_non_classes": lambda rows: [
            row | {"quartiers_maximum": "Valibout"} if row["nb_minimums"] else row for row in rows
        ],
        "quartiers_sans_valeur_comptes": first(nb_quartiers_sans_valeur=None),
        "valeurs_ordonnees": first(mediane=41.0),
        "ratio_au_moins_un": first(ratio_max_min=0.9),
        "tendance_comparable": last(nb_comparables=1),
        "tendance_de_la_majorite": first(nb_comparables=4),
        "lecture_selon_le_sens": first(lecture="degradation"),
        "aucune_cible": last(cible=50.0),
    },
    dict.fromkeys(["code_preconisation", *WITHOUT], "varchar")
    | dict.fromkeys(["minimum", "mediane", "maximum", "ratio_max_min", "cible"], "double")
    | dict.fromkeys([name for name in WITHOUT if name.startswith("nb_")], "bigint"),
)
