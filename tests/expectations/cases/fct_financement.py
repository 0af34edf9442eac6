"""Good rows of `fct_financement`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, last, twice

AMOUNT = {"code_action": "iscg", "poste": "cout", "montant_eur": 0.0, "part_pct": None}
CASE = Case(
    [AMOUNT, AMOUNT | {"poste": "fipd", "montant_eur": None, "part_pct": 100.0}],
    {
        "cle_unique": twice,
        "montants_positifs": last(part_pct=100.1),
    },
    {"code_action": "varchar", "poste": "varchar", "montant_eur": "double", "part_pct": "double"},
)
