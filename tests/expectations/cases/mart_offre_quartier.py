"""Good rows of `mart_offre_quartier`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, last, without_first

MATRIX = [
    {"code_territoire": f"Q{q}", "type_structure": f"T{t}", "cellule": "x", "presence": "oui"}
    for q in range(8)
    for t in range(8)
]
CASE = Case(
    [*MATRIX[:-1], MATRIX[-1] | {"cellule": None, "presence": "inconnu"}],
    {
        "cle_unique": lambda rows: [*rows[:-1], rows[0]],
        "matrice_complete": without_first,
        "inconnu_jamais_absent": last(presence="non"),
    },
    dict.fromkeys(MATRIX[0], "varchar"),
)
