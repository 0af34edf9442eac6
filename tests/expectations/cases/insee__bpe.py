"""Good rows of `insee__bpe`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    COMMUNES,
    dataset,
    every,
    last,
    twice,
    without_first,
)

GOOD = [
    {
        "code_iris": commune,
        "code_commune": commune,
        "code_departement": commune[:2],
        "type_equipement": f"{family}101",
        "annee": "2018",
        "nombre_equipements": 2,
    }
    for commune, family in zip([*COMMUNES, "01001", "2A004"], "ABCDEFGABCDEFG", strict=True)
] + [
    {
        "code_iris": f"33063_01{n:02}",
        "code_commune": "33063",
        "code_departement": "33",
        "type_equipement": "A101",
        "annee": "2018",
        "nombre_equipements": 3,
    }
    for n in range(30)
]
KNOWN = [f"{row['code_iris']}0000" for row in GOOD[:14]] + [f"3306301{n:02}" for n in range(30)]

CASE = dataset(
    "insee__bpe",
    GOOD,
    {
        "cle_unique": twice,
        "commune_du_code": lambda rows: [*rows[:13], rows[13] | {"code_iris": "2A005"}, *rows[14:]],
        "departement_du_code": last(code_departement="34"),
        "une_seule_annee": last(annee="2017"),
        "nombre_positif": last(nombre_equipements=0),
        "familles_completes": lambda rows: [
            row for row in rows if row["type_equipement"] != "G101"
        ],
        "equipements_par_ligne": every(nombre_equipements=6),
        "sqy_presente": without_first,
        "codes_connus": last(code_iris="33063_0130"),
        "generation_des_codes": lambda rows: [
            *rows[:-2],
            *(row | {"code_iris": f"33063_020{n}"} for n, row in enumerate(rows[-2:])),
        ],
        "evolution": every(nombre_equipements=4),
    },
    along={
        "familles_completes": ["sqy_presente"],
        "equipements_par_ligne": ["evolution"],
        "generation_des_codes": ["codes_connus"],
    },
    before=GOOD,
    known=KNOWN,
)
