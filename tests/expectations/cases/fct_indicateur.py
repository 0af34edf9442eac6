"""Good rows of `fct_indicateur`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, twice

VALUE: Row = {
    "code_indicateur": "caf_taux_couverture",
    "code_territoire": "QP078004",
    "zonage": "QPV2015",
    "periode": "2019",
    "numerateur": 2110.0,
    "denominateur": 3104.0,
    "valeur": 68.0,
    "statut": "observe",
    "ecart_epci": 20.0,
    "ratio_epci": 1.4,
    "millesime_numerateur": "2021",
    "millesimes_differents": True,
    "origine": "calcule",
    "load_ids": ["a"],
}
EMPTY: Row = {"valeur": None, "ecart_epci": None, "ratio_epci": None}
CITED: Row = {
    "numerateur": None,
    "denominateur": None,
    "millesime_numerateur": None,
    "origine": "cite",
    "load_ids": [],
}
CASE = Case(
    [
        VALUE,
        VALUE | {"periode": "2020", "valeur": 120.0},
        VALUE | EMPTY | {"periode": "2018", "statut": "secret_producteur"},
        VALUE | EMPTY | {"periode": "2017", "statut": "non_communique"},
        VALUE | CITED | {"periode": "2016"},
        VALUE | {"code_territoire": "200058782", "zonage": "EPCI", "valeur": 0.0},
        VALUE | {"code_indicateur": "ctx_etab_100", "valeur": 500.0},
    ],
    {
        "cle_unique": twice,
        "vide_ou_statut": first(statut="secret"),
        "jamais_zero_sans_raison": first(valeur=0.0),
        "pourcentages_plausibles": first(valeur=120.1),
        "cite_jamais_calcule": lambda rows: [
            row | {"load_ids": ["a"]} if row["origine"] == "cite" else row for row in rows
        ],
        "calcule_avec_source": first(load_ids=[]),
        "ecart_avec_millesimes": first(millesimes_differents=None),
        "ecart_sans_valeur": first(valeur=None, statut="secret"),
    },
    dict.fromkeys(VALUE, "varchar")
    | dict.fromkeys(["numerateur", "denominateur", "valeur", "ecart_epci", "ratio_epci"], "double")
    | {"millesimes_differents": "boolean", "load_ids": "varchar[]"},
)
