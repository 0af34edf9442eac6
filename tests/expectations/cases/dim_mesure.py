"""Good rows of `dim_mesure`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, last, twice

MEASURE: Row = {
    "dataset": "insee.demo_qpv",
    "edition": "2021",
    "mesure": "population",
    "libelle": "Population municipale",
    "unite": "hab",
    "annee": "2018",
    "additive": True,
}
CASE = Case(
    [
        MEASURE,
        MEASURE | {"mesure": "part_femmes_pct", "unite": "%", "additive": False},
        MEASURE | {"dataset": "caf.x", "edition": "grenoble_2020-2023", "annee": None},
        MEASURE | {"edition": "2018", "annee": "2018"},
    ],
    {
        "cle_unique": twice,
        "libelle_renseigne": first(libelle=""),
        "parts_non_additives": first(unite="%"),
        "annee_plausible": last(annee="2019"),
    },
    dict.fromkeys(MEASURE, "varchar") | {"additive": "boolean"},
)
