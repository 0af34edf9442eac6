"""Good rows of `insee__recensement_iris_population`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, dataset, every, first, last, twice, without_first

AGES = {
    "population_0_2_ans": 100.0,
    "population_3_5_ans": 100.0,
    "population_6_10_ans": 200.0,
    "population_11_17_ans": 250.5,
    "population_18_24_ans": 249.5,
    "population_25_39_ans": 500.0,
    "population_40_54_ans": 400.0,
    "population_55_64_ans": 200.0,
    "population_65_79_ans": 150.0,
    "population_80_ans_plus": 50.0,
}
IRIS: Row = {
    **AGES,
    "population": 2200.0,
    "hommes": 1100.5,
    "femmes": 1099.5,
    "francais": 1700.0,
    "etrangers": 500.0,
    "immigres": 600.0,
    "population_menages": 2100.0,
    "population_hors_menages": 100.0,
}

CASE = dataset(
    "insee__recensement_iris_population",
    [{"code_territoire": f"78621{n:04}", **IRIS} for n in range(101, 113)]
    # The rest of the country in one row; and an IRIS without inhabitants.
    + [
        {"code_territoire": "751010101", "population": 67e6},
        {"code_territoire": "751010102", **dict.fromkeys(IRIS, 0.0)},
    ],
    {
        "cle_unique": twice,
        "population_positive": last(population=-1.0),
        "parties_et_total": first(immigres=2202.5),
        "somme_des_parties": first(francais=1694.0),
        "somme_des_ages": first(population_80_ans_plus=61.0),
        "population_de_la_france": every(population=3.0),
        "iris_de_trappes": without_first,
    },
    along={"population_de_la_france": ["parties_et_total", "somme_des_parties", "somme_des_ages"]},
)
