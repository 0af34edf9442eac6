"""Good rows of `mart_affirmations_rapport`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, every, first, twice

HELD: Row = {
    "code_affirmation": "etrangers",
    "code_territoire": "QP078007",
    "zonage": "QPV2015",
    "grandeur": "ratio",
    "valeur": 25.0,
    "valeur_epci": 10.0,
    "mesure_affirmee": 2.5,
    "tient": True,
    "nb_quartiers": 2,
    "nb_quartiers_tient": 1,
    "verdict": "tient_en_partie",
}
CASE = Case(
    [
        HELD,
        HELD
        | {"code_territoire": "QP078017", "valeur": 31.0, "mesure_affirmee": 3.1, "tient": False},
    ],
    {
        "cle_unique": twice,
        "mesure_exacte": first(mesure_affirmee=2.6),
        "comptes_justes": first(tient=False),
        "verdict_selon_comptes": every(verdict="tient"),
    },
    dict.fromkeys(
        ["code_affirmation", "code_territoire", "zonage", "grandeur", "verdict"], "varchar"
    )
    | dict.fromkeys(["valeur", "valeur_epci", "mesure_affirmee"], "double")
    | dict.fromkeys(["nb_quartiers", "nb_quartiers_tient"], "bigint")
    | {"tient": "boolean"},
)
