"""Good rows of `mart_postes_mediation`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, last, twice

POSTS = {"dispositif": "adultes_relais", "annee": "2023", "code_contrat": "CV290", "postes": 1}
CASE = Case(
    [POSTS, POSTS | {"annee": "2024"}],
    {
        "cle_unique": twice,
        "postes_positifs": last(postes=0),
    },
    dict.fromkeys(["dispositif", "annee", "code_contrat"], "varchar") | {"postes": "bigint"},
)
