"""Good rows of `mart_couverture`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, twice

WHOLE: Row = {
    "dataset": "insee.demo_qpv",
    "edition": "2021",
    "zonage": "QPV2015",
    "territoires_attendus": 7,
    "territoires_couverts": 7,
}
CASE = Case(
    [
        WHOLE,
        WHOLE
        | {
            "dataset": "caf.allocataires_iris",
            "territoires_attendus": 12,
            "territoires_couverts": 11,
            "territoires_manquants": "Coignières",
        },
    ],
    {
        "cle_unique": twice,
        "couverture_bornee": first(territoires_couverts=8),
        "manques_nommes": first(territoires_couverts=6),
    },
    dict.fromkeys([*WHOLE, "territoires_manquants"], "varchar")
    | {"territoires_attendus": "bigint", "territoires_couverts": "bigint"},
)
