"""Good rows of `fct_provenance`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, twice

TRACE: Row = {
    "code_indicateur": "caf_taux_couverture",
    "code_territoire": "QP078004",
    "zonage": "QPV2015",
    "periode": "2019",
    "role": "numerateur",
    "dataset": "insee.demo_qpv",
    "mesure": "personnes_couvertes",
    "load_id": "c1",
    "fichier": "x.csv",
    "sha256": "0123456789abcdef" * 4,
    "ligne": 2,
}
CASE = Case(
    [
        TRACE,
        TRACE | {"role": "citation", "fichier": None, "sha256": None, "ligne": None},
        TRACE | {"role": "denominateur"},
        TRACE | {"ligne": 3},
        TRACE | {"dataset": "operateurs.activite_agregee", "load_id": "o1", "ligne": None},
    ],
    {
        "cle_unique": twice,
        "empreinte_complete": first(sha256="0" * 63 + "G"),
        "ligne_sauf_compte_d_operateur": first(ligne=None),
    },
    dict.fromkeys(TRACE, "varchar") | {"ligne": "bigint"},
)
