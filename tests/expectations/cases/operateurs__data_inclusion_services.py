"""Good rows of `operateurs__data_inclusion_services`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, dataset, first, last, twice

SERVICE: Row = {
    "code_service": "dora--1",
    "code_structure": "dora--1",
    "libelle": "Atelier inventé",
    "mis_a_jour_le": "2026-02-23",
    "code_commune": "78621",
    "latitude": 48.7774,
    "longitude": 2.0022,
    "semaines": 3,
    "heures_hebdo": 10.5,
    "modes_accueil": '["a-distance", "en-presentiel"]',
    "modes_mobilisation": '["se-presenter", "telephoner"]',
    "mobilisable_par": '["professionnels"]',
}
CASE = dataset(
    "operateurs__data_inclusion_services",
    [
        SERVICE,
        # As a workbook writes its lists, and without what may be left blank.
        SERVICE
        | dict.fromkeys(["latitude", "longitude", "semaines", "heures_hebdo"])
        | {
            "code_service": "dora--2",
            "modes_accueil": "a-distance, en-presentiel",
            "modes_mobilisation": "utiliser-lien-mobilisation,envoyer-un-courriel",
            "mobilisable_par": "usagers",
        },
        SERVICE
        | dict.fromkeys(["modes_accueil", "modes_mobilisation", "mobilisable_par", "code_commune"])
        | {"code_service": "dora--3"},
    ],
    {
        "cle_unique": twice,
        "nom_renseigne": first(libelle=None),
        "date_renseignee": first(mis_a_jour_le=None),
        "communes_connues": last(code_commune="59999"),
        "point_en_france": first(latitude=2.0022, longitude=48.7774),
        "duree_positive": first(semaines=0),
        "valeurs_des_listes": first(mobilisable_par="professionnels, usagers, autres"),
    },
    known=["78621"],
)
