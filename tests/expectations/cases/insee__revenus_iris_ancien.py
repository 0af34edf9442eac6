"""Good rows of `insee__revenus_iris_ancien`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    dataset,
    every,
    first,
    last,
    twice,
)

QUANTILES = {"d1": 5000.0, "q1": 9000.0, "median": 18000.0, "q3": 32000.0, "d9": 50000.0}
GOOD = [
    {
        "code_territoire": "340570101",
        "code_commune": "34057",
        "note_dgfip": "0",
        "menages_fiscaux": 447,
        "personnes_menages_fiscaux": 1016.0,
        "unites_consommation": 708.3,
        "menages_non_imposables": 200,
        **{
            f"revenu_fiscal_{unit}_{quantile}_eur": value
            for unit in ("menage", "uc")
            for quantile, value in QUANTILES.items()
        },
        "part_salaires_declares_pct": 55.85,
    },
    {"code_territoire": "341723001", "code_commune": "34172", "note_dgfip": "4"},
]

CASE = dataset(
    "insee__revenus_iris_ancien",
    GOOD,
    {
        "cle_unique": twice,
        "note_connue": last(note_dgfip="1"),
        "menages_et_personnes": first(unites_consommation=1016.5),
        "menages_non_imposables": first(menages_non_imposables=448),
        "quantiles_menage_ordonnes": first(revenu_fiscal_menage_q3_eur=17999.0),
        "quantiles_uc_ordonnes": first(revenu_fiscal_uc_d1_eur=9001.0),
        "salaires_dans_0_100": first(part_salaires_declares_pct=100.1),
        "revenu_median": every(revenu_fiscal_uc_median_eur=7999.0, revenu_fiscal_uc_q1_eur=7000.0),
        "commune_du_code": last(code_commune="34173"),
    },
)
