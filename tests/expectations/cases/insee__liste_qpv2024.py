"""Good rows of `insee__liste_qpv2024`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUARTIERS_2024, dataset, first, twice, without_first

CASE = dataset(
    "insee__liste_qpv2024",
    [
        {"code_territoire": code, "libelle": "Un quartier", "code_epci": "200058782"}
        for code in [*QUARTIERS_2024, "QN02A01I"]
    ],
    {
        "cle_unique": twice,
        "libelle_renseigne": first(libelle=None),
        "quartiers_de_sqy": without_first,
        "epci_lisible": first(code_epci="20005878"),
    },
)
