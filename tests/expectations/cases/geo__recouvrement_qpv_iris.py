"""Good rows of `geo__recouvrement_qpv_iris`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    QUARTIERS,
    QUARTIERS_2024,
    Row,
    dataset,
    first,
    twice,
    without_first,
)

HALF: Row = {
    "code_commune": "78621",
    "surface_qpv_m2": 1000,
    "surface_iris_m2": 2000,
    "surface_commune_m2": 500,
    "part_qpv_dans_iris": 0.5,
    "part_iris_dans_qpv": 0.25,
}
ALL = [("2015", code) for code in QUARTIERS] + [("2024", code) for code in QUARTIERS_2024]
CASE = dataset(
    "geo__recouvrement_qpv_iris",
    [
        HALF | {"generation": generation, "code_territoire": code, "code_iris": iris}
        for generation, code in ALL
        for iris in ("786210101", "786210102")
    ],
    {
        "cle_unique": twice,
        "quartiers_de_sqy": lambda rows: rows[2:],
        "code_et_generation": first(generation="2024"),
        "code_et_commune": first(code_commune="78297"),
        "parts_et_surfaces": first(part_iris_dans_qpv=0.26),
        "quartier_couvert": without_first,
    },
    along={
        "cle_unique": ["quartier_couvert"],
        "code_et_generation": ["quartiers_de_sqy"],
    },
)
