"""Good rows of `insee__filosofi_epci`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUANTILES, dataset, every, first, last, twice, without_first

CASE = dataset(
    "insee__filosofi_epci",
    [
        {
            "code_territoire": code,
            "menages_fiscaux": 88425.0,
            "personnes_menages_fiscaux": 230166.0,
            **{name: float(value) for name, value in QUANTILES.items()},
            "indice_gini": gini,
            "part_revenus_activite_pct": 87.9,
            "part_revenus_independants_pct": 2.2,
            "part_pensions_pct": 21.5,
            "part_revenus_patrimoine_pct": 6.0,
            "part_prestations_sociales_pct": 4.6,
            "part_impots_pct": -20.0,
            "part_prestations_familiales_pct": 2.4,
            "part_minima_sociaux_pct": 1.2,
            "part_prestations_logement_pct": 1.0,
        }
        for code, gini in (("200058782", 0.0), ("200017846", 1.0))
    ]
    # Up to 2014 activity is not published: wages, unemployment and self-employment instead.
    + [
        {
            "code_territoire": "200033173",
            "menages_fiscaux": 1.0,
            "part_salaires_chomage_pct": 85.7,
            "part_revenus_independants_pct": 2.2,
            "part_pensions_pct": 21.5,
            "part_revenus_patrimoine_pct": 6.0,
            "part_prestations_sociales_pct": 4.6,
            "part_impots_pct": -20.0,
        }
    ],
    {
        "cle_unique": twice,
        "menages_renseignes": first(menages_fiscaux=None),
        "quantiles_ordonnes": first(niveau_vie_d1_eur=11001.0),
        "structure_du_revenu": last(part_salaires_chomage_pct=86.1),
        "parts_des_prestations": first(part_minima_sociaux_pct=1.5),
        "gini_entre_0_et_1": first(indice_gini=1.01),
        "sqy_presente": without_first,
        "personnes_par_menage": every(personnes_menages_fiscaux=400000.0),
        "prestations_medianes": every(
            part_prestations_sociales_pct=20.6,
            part_pensions_pct=5.5,
            part_prestations_familiales_pct=18.4,
        ),
        "evolution": every(niveau_vie_median_eur=15500.0),
    },
    before=[
        {"code_territoire": "200058782", "niveau_vie_median_eur": 14000.0},
        {"code_territoire": "200017846", "niveau_vie_median_eur": 14000.0},
    ],
)
