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
    "unite": "%",
    "borne_basse": None,
    "borne_haute": None,
    "methode": None,
    "qualite": "B",
    "avertissement": None,
    "comparable": False,
    "rupture": "premiere_periode",
    "converti": False,
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
ESTIMATED: Row = {
    "origine": "estime",
    "statut": "estime",
    "valeur": 19.3,
    "borne_basse": 14.0,
    "borne_haute": 33.0,
    "methode": "synthetique_logement",
    "qualite": "D",
    "avertissement": "Estimation expérimentale.",
}
CONVERTED: Row = {"zonage": "QPV2024", "statut": "estime", "qualite": "C", "converti": True}


def only(indicator: str, **cells: object):
    """The rows, those of one indicator changed."""
    return lambda rows: [
        row | cells if row["code_indicateur"] == indicator else row for row in rows
    ]


CASE = Case(
    [
        VALUE,
        VALUE | {"periode": "2020", "valeur": 120.0},
        VALUE | EMPTY | {"periode": "2018", "statut": "secret_producteur"},
        VALUE | EMPTY | {"periode": "2017", "statut": "non_communique"},
        VALUE | CITED | {"periode": "2016"},
        VALUE | {"code_territoire": "200058782", "zonage": "EPCI", "valeur": 0.0},
        VALUE | {"code_indicateur": "ctx_etab_100", "unite": "pour 100 hab.", "valeur": 500.0},
        VALUE | {"code_indicateur": "ctx_part_impots", "valeur": -12.0},
        VALUE | {"code_indicateur": "off_indice_presence", "valeur": 0.0},
        VALUE | {"periode": "2021", "comparable": True, "rupture": None},
        VALUE | {"code_indicateur": "off_part_pdv", "origine": "derive", "load_ids": []},
        VALUE | {"code_indicateur": "nrc_rsa_synth"} | ESTIMATED,
        VALUE
        | {"code_indicateur": "nrc_mv_synth"}
        | ESTIMATED
        | {"valeur": None, "statut": "non_significatif"}
        | EMPTY,
        VALUE | CONVERTED,
    ],
    {
        "cle_unique": twice,
        "vide_ou_statut": first(statut="secret"),
        "jamais_zero_sans_raison": first(valeur=0.0),
        "pourcentages_plausibles": first(valeur=120.1),
        "impots_plausibles": only("ctx_part_impots", valeur=1.0),
        "estimation_avec_intervalle": only("nrc_rsa_synth", borne_basse=20.0),
        "converti_avec_qualite": lambda rows: [
            row | {"qualite": "A"} if row["converti"] else row for row in rows
        ],
        "comparable_sans_rupture": first(comparable=True),
        "cite_jamais_calcule": lambda rows: [
            row | {"load_ids": ["a"]} if row["origine"] == "cite" else row for row in rows
        ],
        "calcule_avec_source": first(load_ids=[]),
        "ecart_avec_millesimes": first(millesimes_differents=None),
        "ecart_sans_valeur": first(valeur=None, statut="secret"),
    },
    dict.fromkeys(VALUE, "varchar")
    | dict.fromkeys(["numerateur", "denominateur", "valeur", "ecart_epci", "ratio_epci"], "double")
    | dict.fromkeys(["borne_basse", "borne_haute"], "double")
    | dict.fromkeys(["millesimes_differents", "comparable", "converti"], "boolean")
    | {"load_ids": "varchar[]"},
)
