"""Good rows of `insee__filosofi_france`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    FILOSOFI,
    FILOSOFI_BAD,
    FILOSOFI_COUNTS_BAD,
    MORE_BENEFITS,
    all_richer,
    dataset,
    every,
    first,
)

GOOD = [
    {
        "code_territoire": "1",
        "menages_fiscaux": 27_409_461.0,
        "personnes_menages_fiscaux": 62_728_913.0,
        "unites_consommation": 42_930_452.4,
        **FILOSOFI,
    }
]

CASE = dataset(
    "insee__filosofi_france",
    GOOD,
    {
        **FILOSOFI_COUNTS_BAD,
        "unites_et_personnes": first(unites_consommation=62_728_914.0),
        **FILOSOFI_BAD,
        "colonnes_remplies": first(niveau_vie_median_eur=None),
        "menages_de_france": first(menages_fiscaux=23_999_999.0),
        "niveau_de_vie_plausible": all_richer(2),
        "prestations_plausibles": every(**MORE_BENEFITS),
        "evolution": all_richer(1.101),
    },
    along={
        "niveau_de_vie_plausible": ["evolution"],
        "prestations_dans_0_100": ["prestations_plausibles"],
    },
    before=GOOD,
)
