"""Good rows of `operateurs__data_inclusion_structures`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, dataset, first, last, twice

STRUCTURE: Row = {
    "code_structure": "dora--1",
    "libelle": "Centre inventé",
    "mis_a_jour_le": "2026-02-23",
    "code_commune": "78621",
    "latitude": 48.7774,
    "longitude": 2.0022,
}
CASE = dataset(
    "operateurs__data_inclusion_structures",
    [
        STRUCTURE,
        STRUCTURE | {"code_structure": "dora--2", "code_commune": None},
        STRUCTURE | {"code_structure": "dora--3", "latitude": None, "longitude": None},
    ],
    {
        "cle_unique": twice,
        "nom_renseigne": first(libelle="MJ"),
        "date_renseignee": first(mis_a_jour_le=None),
        "communes_connues": last(code_commune="59999"),
        "point_en_france": first(latitude=2.0022, longitude=48.7774),
        "nom_sans_point_final": first(libelle="CENTRE INVENTÉ."),
        "structure_situee": last(code_commune=None),
    },
    known=["78621", "59350"],
)
