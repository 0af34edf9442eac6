"""Good rows of `operateurs__enquete_renoncement`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, first, twice, without_first

CASE = dataset(
    "operateurs__enquete_renoncement",
    [
        {
            "enquete": "Enquête inventée",
            "territoire": "Valibout",
            "periode": "2023",
            "classe_age": age,
            "diplome": diploma,
            "repondants": 20,
            "oui": 6,
            "population": 300,
        }
        for age in ("18 à 29 ans", "30 à 59 ans", "60 ans ou plus")
        for diploma in ("Aucun diplôme ou brevet", "CAP ou BEP", "Baccalauréat ou plus")
    ],
    {
        "cle_unique": twice,
        "classes_completes": without_first,
        "effectifs_renseignes": first(population=None),
        "effectifs_positifs": first(oui=-1),
        "oui_au_plus": first(oui=21),
        "repondants_dans_la_population": first(population=19),
    },
)
