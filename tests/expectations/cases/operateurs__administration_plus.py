"""Good rows of `operateurs__administration_plus`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, first, last, twice

CASE_OPEN = {
    "id_demande": "cle:a",
    "etat": "En cours",
    "cree_le": "2025-01-07",
    "territoire": "Yvelines",
    "delai_reponse_h": 0,
}
CASE = dataset(
    "operateurs__administration_plus",
    [
        CASE_OPEN,
        CASE_OPEN
        | {
            "id_demande": "cle:b",
            "etat": "Archivée",
            "clos_le": "2025-01-07",
            "delai_cloture_h": 0,
        },
    ],
    {
        "demande_unique": twice,
        "delais_positifs": first(delai_reponse_h=-1),
        "close_sans_date": last(clos_le=None),
        "close_avant_creation": last(clos_le="2025-01-06"),
    },
)
