"""Good rows of `mart_reconciliation`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, last, twice

PRINTED: Row = {
    "origine": "rapport_2022",
    "code_territoire": "QP078004",
    "zonage": "QPV2015",
    "objet": "caf_taux_couverture",
    "dataset": None,
    "edition": None,
    "periode": "2019",
    "periode_observatoire": "2019",
    "valeur_publiee": 67.9,
    "valeur_observatoire": 67.98,
    "ecart": 0.08,
    "ecart_relatif_pct": 0.12,
    "explication": "troncature",
    "verdict": "concorde",
}
TOTAL = PRINTED | {
    "origine": "total_producteur",
    "code_territoire": "QPV2015",
    "dataset": "insee.demo_qpv",
    "edition": "2019",
    "objet": "population",
    "valeur_publiee": 5019573.0,
    "valeur_observatoire": 5019573.0,
    "ecart": 0.0,
    "ecart_relatif_pct": 0.0,
    "explication": "identique",
}
MASKED = TOTAL | {
    "objet": "foyers_rsa",
    "valeur_publiee": 20000.0,
    "valeur_observatoire": 6400.0,
    "ecart": -13600.0,
    "ecart_relatif_pct": -68.0,
    "explication": "cellules_masquees",
    "verdict": "ecart_possible",
}
CASE = Case(
    [
        PRINTED,
        PRINTED
        | {"code_territoire": "200058782", "zonage": "EPCI", "periode": "2019/2020"}
        | {"periode_observatoire": "2017", "explication": "millesime", "verdict": "ecart_explique"},
        TOTAL
        | {"objet": "foyers_aah", "valeur_publiee": 100.0, "valeur_observatoire": 60.0}
        | {"ecart": -40.0, "ecart_relatif_pct": -40.0}
        | {"explication": "total_arrondi_a_la_centaine"},
        MASKED,
        MASKED
        | {"objet": "foyers_etudiants", "valeur_observatoire": 19000.0, "ecart": -1000.0}
        | {"ecart_relatif_pct": -5.0, "verdict": "ecart_explique"},
        TOTAL,
    ],
    {
        "cle_unique": twice,
        "ecart_exact": first(ecart=-0.08),
        "identique_sans_ecart": last(valeur_observatoire=5019574.0, ecart=1.0),
        "arrondi_sans_grand_ecart": first(valeur_observatoire=69.0, ecart=1.1),
        "millesime_dit": first(explication="millesime", verdict="ecart_explique"),
        "verdict_selon_explication": lambda rows: [
            row | {"verdict": "ecart_explique"}
            if row["explication"] == "cellules_masquees"
            else row
            for row in rows
        ],
    },
    dict.fromkeys(PRINTED, "varchar")
    | dict.fromkeys(
        ["valeur_publiee", "valeur_observatoire", "ecart", "ecart_relatif_pct"], "double"
    ),
)
