"""Good rows of `insee__communes`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    COMMUNES,
    dataset,
    first,
    last,
    twice,
    without_first,
)

GOOD = [
    {
        "type_commune": "COM",
        "code_territoire": code,
        "libelle": f"Commune {code}",
        "code_departement": code[:2],
        "code_region": "11",
    }
    for code in [*COMMUNES, "13055", "2A004"]
] + [
    {
        "type_commune": "ARM",
        "code_territoire": "13201",
        "libelle": "Marseille 1er Arrondissement",
        "code_departement": "13",
        "code_region": "93",
        "code_commune_parente": "13055",
    },
    # A former commune has neither département nor région; it may keep the code of the new one.
    {
        "type_commune": "COMD",
        "code_territoire": "13055",
        "libelle": "Une ancienne commune",
        "code_commune_parente": "13055",
    },
]

CASE = dataset(
    "insee__communes",
    GOOD,
    {
        "cle_unique": twice,
        "nom_renseigne": last(libelle=None),
        "departement_du_code": lambda rows: [
            *rows[:-2],
            rows[-2] | {"code_departement": "14"},
            rows[-1],
        ],
        "commune_parente": last(code_commune_parente="13201"),
        "sqy_presente": first(code_region="93"),
        "evolution": without_first,
    },
    along={"evolution": ["sqy_presente"]},
    before=GOOD,
)
