"""Good rows of `operateurs__conseillers_numeriques_structures`, and a bad twin for each rule."""

from __future__ import annotations

from tests.expectations.cases import Row, Rows, dataset, first, twice

STRUCTURE: Row = {
    "conseillers": 2,
    "code_commune": "78621",
    "code_departement": "78",
    "latitude": 48.7774,
    "longitude": 2.0022,
}
GOOD: Rows = [STRUCTURE | {"code_structure": str(rank)} for rank in range(50)]
NOWHERE = dict.fromkeys(["code_commune", "code_departement", "latitude", "longitude"])


def nowhere(rows: Rows) -> Rows:
    """Two of fifty are not located; one was in the good rows."""
    return [*rows[:-2], rows[-2] | NOWHERE, rows[-1]]


CASE = dataset(
    "operateurs__conseillers_numeriques_structures",
    [*GOOD[:-1], GOOD[-1] | NOWHERE],
    {
        "cle_unique": lambda rows: twice([*rows[:-1], GOOD[-1]]),
        "conseillers_accordes": first(conseillers=0),
        "points_en_france": first(latitude=2.0022, longitude=48.7774),
        "commune_du_departement": first(code_departement="91"),
        "structures_situees": nowhere,
    },
)
