"""Good rows of `insee__melodi_etablissements`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    dataset,
    last,
    twice,
)

SQY = {
    "territoire": "Communauté d'agglomération de Saint-Quentin-en-Yvelines",
    "niveau": "Etablissement public de coopération intercommunal",
}
GOOD = [
    {
        **place,
        "mesure": "Nombre d'établissements",
        "activite": activity,
        "periode": "2023",
        "valeur": value,
    }
    for place in (SQY, {"territoire": "Trappes", "niveau": "Commune"})
    for activity, value in (("Construction", 30), ("Activités immobilières", 70), ("Total", 100))
]

CASE = dataset(
    "insee__melodi_etablissements",
    GOOD,
    {
        "cle_unique": twice,
        "nombre_positif": lambda rows: [
            rows[0] | {"valeur": -1},
            rows[1],
            rows[2] | {"valeur": 69},
            *rows[3:],
        ],
        "activites_et_total": last(valeur=101),
        "total_present": lambda rows: rows[:-1],
        "sqy_presente": lambda rows: rows[3:],
    },
)
