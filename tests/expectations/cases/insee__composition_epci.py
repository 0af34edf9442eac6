"""Good rows of `insee__composition_epci`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    COMMUNES,
    dataset,
    first,
    last,
    twice,
    without_first,
)

SQY = {"code_epci": "200058782", "nom_epci": "CA de Saint-Quentin-en-Yvelines"}
GOOD = (
    [{"code_territoire": code, "code_departement": "78", **SQY} for code in COMMUNES]
    + [
        {
            "code_territoire": f"01{n:03}",
            "code_departement": "01",
            "code_epci": "200069193",
            "nom_epci": "CC de la Dombes",
        }
        for n in range(30)
    ]
    + [
        {
            "code_territoire": "29155",
            "code_departement": "29",
            "code_epci": "ZZZZZZZZZ",
            "nom_epci": "Sans objet",
        }
    ]
)

CASE = dataset(
    "insee__composition_epci",
    GOOD,
    {
        "cle_unique": twice,
        "epci_renseigne": last(nom_epci=None),
        "departement_du_code": last(code_departement="28"),
        "un_nom_par_epci": first(nom_epci="CC de la Dombes"),
        "sqy_presente": without_first,
        "perimetre_de_sqy": last(**SQY),
        "evolution": lambda rows: [
            *rows[:20],
            *(row | {"code_epci": "ZZZZZZZZZ", "nom_epci": "Sans objet"} for row in rows[20:22]),
            *rows[22:],
        ],
    },
    before=GOOD,
)
