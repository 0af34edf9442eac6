"""Good rows of `dim_structure`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, last, twice

PLACE: Row = {
    "structure_id": "france_services:458",
    "identifiants": ["france_services:458"],
    "code_commune": "78621",
    "longitude": 1.988548,
    "latitude": 48.77888,
    "premiere_date": "2020-01-31",
    "derniere_date": "2023-07",
}
CASE = Case(
    [
        PLACE,
        PLACE
        | {
            "structure_id": "france_services:2959",
            "identifiants": ["france_services:2959", "france_services:temp_155"],
            "code_commune": "78297",
            "longitude": None,
            "latitude": None,
            "premiere_date": "2022-12-01",
            "derniere_date": "2022-12-01",
        },
    ],
    {
        "cle_unique": twice,
        "un_identifiant_par_lieu": last(identifiants=["france_services:458"]),
        "lieu_dans_l_agglomeration": first(longitude=48.77888, latitude=1.988548),
        "dates_ordonnees": last(premiere_date="2023-07"),
    },
    dict.fromkeys(["structure_id", "code_commune", "premiere_date", "derniere_date"], "varchar")
    | {"identifiants": "varchar[]", "longitude": "double", "latitude": "double"},
    along={"cle_unique": ["un_identifiant_par_lieu"]},
)
