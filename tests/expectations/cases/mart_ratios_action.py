"""Good rows of `mart_ratios_action`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, last, twice

RATIO = {"code_action": "iscg", "ratio": "cout", "numerateur": 6.0, "denominateur": 2.0}
CASE = Case(
    [
        RATIO | {"valeur": 3.0},
        RATIO | {"ratio": "autre", "denominateur": None, "valeur": None},
    ],
    {
        "cle_unique": twice,
        "vide_si_inconnu": last(valeur=3.0),
    },
    dict.fromkeys(["code_action", "ratio"], "varchar")
    | dict.fromkeys(["numerateur", "denominateur", "valeur"], "double"),
)
