"""Good rows of `insee__liste_qpv2015`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    ELSEWHERE,
    QUARTIERS,
    dataset,
    every,
    first,
    twice,
    without_first,
)

GOOD = [
    *({"code_territoire": code, "code_commune": "78621"} for code in QUARTIERS),
    *({"code_territoire": code, "code_commune": "59350"} for code in ELSEWHERE),
    # A quartier of the Pas-de-Calais that begins in the Nord.
    {"code_territoire": "QP062040", "code_commune": "59452"},
    {"code_territoire": "QP02A001", "code_commune": "2A004"},
    {"code_territoire": "QP974049", "code_commune": "97411"},
]

CASE = dataset(
    "insee__liste_qpv2015",
    [row | {"libelle": "Un quartier"} for row in GOOD],
    {
        "cle_unique": twice,
        "libelle_et_commune": first(libelle=None),
        "quartiers_de_sqy": without_first,
        "commune_du_departement": lambda rows: [*every(code_commune="59350")(rows[:2]), *rows[2:]],
    },
)
