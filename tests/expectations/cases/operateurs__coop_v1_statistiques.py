"""Good rows of `operateurs__coop_v1_statistiques`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, every, first, twice

LINE = {
    "debut": "2023-01-01",
    "fin": "2023-03-31",
    "ligne_bloc": 4,
    "bloc": "Général",
    "libelle": "Accompagnements totaux",
    "valeur": "58",
    "part": "100%",
}
CASE = dataset(
    "operateurs__coop_v1_statistiques",
    [LINE, LINE | {"ligne_bloc": 5, "libelle": "Ateliers réalisés", "valeur": "4"}],
    {
        "ligne_unique": twice,
        "periode_ordonnee": every(fin="2022-12-31"),
        "part_entre_0_et_100": first(part="101 %"),
        "total_present": first(libelle="Ateliers"),
    },
)
