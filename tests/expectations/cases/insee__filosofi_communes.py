"""Good rows of `insee__filosofi_communes`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    COMMUNES,
    FILOSOFI,
    FILOSOFI_BAD,
    FILOSOFI_COUNTS,
    FILOSOFI_COUNTS_BAD,
    MORE_BENEFITS,
    all_richer,
    codes,
    dataset,
    every,
    last,
    one_richer,
    renamed,
    twice,
    without_first,
)

GOOD = [
    {"code_territoire": code, **FILOSOFI_COUNTS, **FILOSOFI}
    for code in [*COMMUNES, *(f"59{n:03}" for n in range(60))]
] + [
    # What true data do: the median alone.
    {"code_territoire": "01001", **FILOSOFI_COUNTS, "niveau_vie_median_eur": 22679.0}
]

CASE = dataset(
    "insee__filosofi_communes",
    GOOD,
    {
        "cle_unique": twice,
        **FILOSOFI_COUNTS_BAD,
        **FILOSOFI_BAD,
        "sqy_presente": without_first,
        "codes_connus": last(code_territoire="01002"),
        "generation_des_codes": renamed(3, "0200"),
        "colonnes_remplies": every(part_prestations_sociales_pct=None),
        "personnes_par_menage": every(personnes_menages_fiscaux=3100.0),
        "niveau_de_vie_median": all_richer(2),
        "prestations_medianes": every(**MORE_BENEFITS),
        "decimales_presentes": every(part_prestations_sociales_pct=6.0),
        "evolution": all_richer(1.12),
        "evolutions_brusques": one_richer(1.3, rank=40),
    },
    along={
        "generation_des_codes": ["codes_connus"],
        "niveau_de_vie_median": ["evolution", "evolutions_brusques"],
    },
    before=GOOD,
    known=codes(GOOD),
)
