"""Good rows of `dim_indicateur`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, first, last, twice

CASE = Case(
    [
        {
            "code_indicateur": "caf_taux_couverture",
            "mise_en_garde": "Dit le besoin, pas un faible non-recours.",
        },
        {"code_indicateur": "ctx_etab_100", "mise_en_garde": "Autre."},
    ],
    {
        "cle_unique": twice,
        "mise_en_garde_presente": last(mise_en_garde=None),
        "besoin_et_non_recours": first(mise_en_garde="Dit le besoin."),
    },
    {"code_indicateur": "varchar", "mise_en_garde": "varchar"},
)
