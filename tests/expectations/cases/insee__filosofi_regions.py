"""Good rows of `insee__filosofi_regions`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    FILOSOFI,
    FILOSOFI_BAD,
    FILOSOFI_COUNTS,
    FILOSOFI_COUNTS_BAD,
    MORE_BENEFITS,
    all_richer,
    dataset,
    every,
    last,
    one_richer,
    twice,
    without_first,
)

GOOD = [
    {"code_territoire": code, **FILOSOFI_COUNTS, **FILOSOFI} for code in ("11", "04", "84", "94")
]

CASE = dataset(
    "insee__filosofi_regions",
    GOOD,
    {
        "cle_unique": twice,
        **FILOSOFI_COUNTS_BAD,
        **FILOSOFI_BAD,
        "sqy_presente": without_first,
        "colonnes_remplies": last(niveau_vie_median_eur=None),
        "personnes_par_menage": every(personnes_menages_fiscaux=3100.0),
        "niveau_de_vie_median": all_richer(2),
        "prestations_medianes": every(**MORE_BENEFITS),
        "evolution": all_richer(1.101),
        "evolutions_brusques": one_richer(1.101),
    },
    along={
        "niveau_de_vie_median": ["evolution", "evolutions_brusques"],
        "evolution": ["evolutions_brusques"],
    },
    before=GOOD,
)
