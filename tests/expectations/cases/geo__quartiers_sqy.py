"""Good rows of `geo__quartiers_sqy`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    QUARTIERS,
    QUARTIERS_2024,
    Row,
    dataset,
    first,
    last,
    twice,
    without_first,
)

OLD: Row = {
    "generation": "2015",
    "code_commune": "78621",
    "valide_du": "2015-01-01",
    "valide_au": "2023-12-31",
    "code_epci": "200058782",
}
NEW: Row = OLD | {"generation": "2024", "valide_du": "2024-01-01", "valide_au": None}
CASE = dataset(
    "geo__quartiers_sqy",
    [
        *(OLD | {"code_territoire": code} for code in QUARTIERS),
        *(NEW | {"code_territoire": code} for code in QUARTIERS_2024),
    ],
    {
        "cle_unique": twice,
        "quartiers_de_sqy": without_first,
        "code_et_generation": first(generation="2024", valide_du="2024-01-01", valide_au=None),
        "dates_de_validite": last(valide_au="2030-12-31"),
        "communes_de_sqy": first(code_commune="78646"),
    },
    along={"cle_unique": ["quartiers_de_sqy"]},
)
