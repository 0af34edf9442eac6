"""Good rows of `insee__iris`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    COMMUNES,
    Rows,
    dataset,
    last,
    twice,
)

TRAPPES, COIGNIERES = "78621", "78168"
GOOD = (
    [
        {
            "code_territoire": f"{TRAPPES}01{n:02}",
            "libelle": f"IRIS {n}",
            "type_iris": "H",
            "code_commune": TRAPPES,
        }
        for n in range(1, 79)
    ]
    + [
        {
            "code_territoire": f"{commune}0000",
            "libelle": "Commune non divisée",
            "type_iris": "Z",
            "code_commune": commune,
        }
        for commune in COMMUNES
        if commune != TRAPPES
    ]
    + [
        {
            "code_territoire": "2A0040101",
            "libelle": "La Gare",
            "type_iris": "A",
            "code_commune": "2A004",
        }
    ]
)


def without_coignieres(rows: Rows) -> Rows:
    return [row for row in rows if row["code_commune"] != COIGNIERES]


CASE = dataset(
    "insee__iris",
    GOOD,
    {
        "cle_unique": twice,
        "nom_renseigne": last(libelle=None),
        "commune_du_code": last(code_commune="2A005"),
        "commune_non_divisee": last(type_iris="Z"),
        "sqy_presente": without_coignieres,
        "iris_de_sqy": lambda rows: rows[1:],
        "evolution": lambda rows: [
            *(row | {"code_territoire": f"{TRAPPES}02{n:02}"} for n, row in enumerate(rows[:4], 1)),
            *rows[4:],
        ],
    },
    along={"sqy_presente": ["iris_de_sqy"]},
    before=GOOD,
)
