"""Good rows of `insee__melodi_population`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    Rows,
    dataset,
    twice,
)

AGES = {"Moins de 20 ans": 0.3, "De 20 à 64 ans": 0.6, "65 ans ou plus": 0.1, "Total": 1.0}
GOOD = [
    {
        "territoire": territory,
        "niveau": "Commune",
        "mesure": "Population",
        "sexe": sex,
        "tranche_age": age,
        "periode": "2022",
        "valeur": count * share,
    }
    for territory in ("Trappes", "Communauté d'agglomération de Saint-Quentin-en-Yvelines")
    for sex, count in (("Femme", 16000.0), ("Homme", 15000.0), ("Total", 31000.0))
    for age, share in AGES.items()
]


def without_totals(rows: Rows) -> Rows:
    """The totals of one territory go, by sex and by age: nothing is left that should add up."""
    return [
        row
        for row in rows
        if row["territoire"] != "Trappes"
        or (row["sexe"] != "Total" and row["tranche_age"] != "Total")
    ]


CASE = dataset(
    "insee__melodi_population",
    GOOD,
    {
        "cle_unique": twice,
        "sexe_connu": lambda rows: [*rows, rows[0] | {"sexe": "Autre", "valeur": 0.0}],
        "population_positive": lambda rows: [
            *rows,
            rows[0] | {"tranche_age": "80 ans ou plus", "valeur": -0.5},
        ],
        "sexes_et_total": lambda rows: [
            *rows,
            *(
                rows[0] | {"tranche_age": "80 ans ou plus", "sexe": sex, "valeur": value}
                for sex, value in (("Femme", 2.0), ("Homme", 1.0), ("Total", 3.1))
            ),
        ],
        # The women and the total, so that the sexes still add up.
        "ages_et_total": lambda rows: [
            row | {"valeur": row["valeur"] + 1} if rank in (3, 11) else row
            for rank, row in enumerate(rows)
        ],
        "total_present": without_totals,
        "sqy_presente": lambda rows: rows[:12],
    },
)
