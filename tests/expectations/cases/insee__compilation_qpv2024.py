"""Good rows of `insee__compilation_qpv2024`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUARTIERS_2024, dataset, every, first, twice

CASE = dataset(
    "insee__compilation_qpv2024",
    # One quartier in two communes, and one whose dwellings are not known.
    [
        {
            "code_territoire": code,
            "code_commune": f"7862{rank}",
            "nombre_menages": 1000.0,
            "nombre_logements_sociaux": 800.0,
        }
        for rank, code in enumerate([*QUARTIERS_2024, QUARTIERS_2024[-1]])
    ]
    + [{"code_territoire": "QN00301M", "code_commune": "3095", "nombre_menages": 2065.5}],
    {
        "cle_unique": twice,
        "comptes_repetes": lambda rows: [
            *rows[:-2],
            rows[-2] | {"nombre_menages": 600.0},
            rows[-1],
        ],
        "comptes_positifs": first(nombre_logements_sociaux=-1.0),
        "logements_par_menage": first(nombre_logements_sociaux=2001.0),
        "part_de_logements_sociaux": every(nombre_logements_sociaux=400.0),
    },
)
