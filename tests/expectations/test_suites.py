"""Every rule of every suite is shown a table that it accepts and a twin that it alone refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.runner import validate
from expectations.suite import SUITES, load_suite
from ingestion.candidate import SQL_TYPES
from ingestion.contract import contracts
from warehouse.ledger import Check

Row = dict[str, Any]
Rows = list[Row]
Spoil = Callable[[Rows], Rows]

DATASETS = {contract.table: contract for contract in contracts().values()}
NAMES = sorted(path.stem for path in SUITES.glob("*.yml"))


@dataclass(frozen=True)
class Case:
    """Rows that every rule accepts, and for each rule the way to make it fail alone.

    `types` are those of the columns; a dataset's are those of its contract. `along` names the
    rules that cannot but fail with another one.
    """

    good: Rows
    bad: dict[str, Spoil]
    types: dict[str, str]
    along: dict[str, list[str]] = field(default_factory=dict)


def first(**changes: Any) -> Spoil:
    return lambda rows: [rows[0] | changes, *rows[1:]]


def last(**changes: Any) -> Spoil:
    return lambda rows: [*rows[:-1], rows[-1] | changes]


def every(**changes: Any) -> Spoil:
    """Change every row that has these values; the hidden ones stay hidden."""
    return lambda rows: [
        row | {name: value for name, value in changes.items() if row.get(name) is not None}
        for row in rows
    ]


def twice(rows: Rows) -> Rows:
    return [*rows, rows[-1]]


def without_first(rows: Rows) -> Rows:
    return rows[1:]


def dataset(
    table: str, good: Rows, bad: dict[str, Spoil], along: dict[str, list[str]] | None = None
) -> Case:
    types = {name: SQL_TYPES[column.type] for name, column in DATASETS[table].columns.items()}
    return Case(good, bad, types, along or {})


QUARTIERS = [f"QP0780{n}" for n in ("04", "05", "06", "07", "08", "17", "18")]
# Rules about the whole file tolerate a share of odd rows: one in a hundred is not many.
ELSEWHERE = [f"QP059{n:03}" for n in range(150)]

CHILDREN = {
    "enfants_0_2_ans": 100,
    "enfants_3_5_ans": 100,
    "enfants_6_10_ans": 200,
    "enfants_11_14_ans": 150,
    "enfants_15_17_ans": 80,
    "enfants_18_24_ans": 70,
    "enfants_couverts": 700,
}
DEMO_QPV = dataset(
    "insee__demo_qpv",
    [
        {
            "code_territoire": code,
            "population": 3104,
            "population_qpv_commune": 3104,
            "population_commune": 28000,
            "part_femmes_pct": 52.6,
            "part_0_24_ans_pct": 0.0,
            "part_etrangers_pct": 20.2,
            "foyers_allocataires": 800,
            "personnes_couvertes": 2110,
            "note_cnaf": "0",
            **CHILDREN,
        }
        for code in QUARTIERS + ELSEWHERE
    ]
    + [
        # What true data do: hidden by the Cnaf, and a quartier whose every family is covered.
        {"code_territoire": "QP02A001", "population": 12, "note_cnaf": "4"},
        {
            "code_territoire": "QP078001",
            "population": 1000,
            "personnes_couvertes": 1050,
            "foyers_allocataires": 1050,
            "note_cnaf": "1",
        },
    ],
    {
        "cle_unique": twice,
        "population_renseignee": first(
            population=None, personnes_couvertes=None, foyers_allocataires=None
        ),
        "couverture_nulle": first(personnes_couvertes=0, foyers_allocataires=0),
        "foyers_et_personnes": first(foyers_allocataires=2111),
        "pourcentages_dans_0_100": first(part_etrangers_pct=100.1),
        "ages_des_enfants": first(enfants_couverts=701),
        "couverture_au_dela_de_la_population": last(personnes_couvertes=1051),
        "note_et_valeurs": first(note_cnaf="2"),
        "quartiers_de_sqy": without_first,
        "populations_emboitees": every(population_qpv_commune=3103),
        "populations_distinctes": every(population_commune=3104),
        "parties_et_total": first(foyers_couples_sans_enfant=801),
        "couverture_mediane": lambda rows: [
            *every(personnes_couvertes=1060)(rows[:-1]),
            rows[-1],
        ],
        "couvertures_impossibles": lambda rows: [
            *every(personnes_couvertes=3300)(rows[:5]),
            *rows[5:],
        ],
        "colonnes_remplies": every(part_etrangers_pct=None),
        "part_de_femmes_mediane": every(part_femmes_pct=20.2),
        "decimales_presentes": every(part_etrangers_pct=20.0),
        "sqy_renseigne": first(part_etrangers_pct=None),
    },
    along={
        "population_renseignee": ["sqy_renseigne"],
        "couvertures_impossibles": ["couverture_au_dela_de_la_population"],
        "colonnes_remplies": ["sqy_renseigne"],
    },
)

QUANTILES = {
    "niveau_vie_d1_eur": 9000,
    "niveau_vie_q1_eur": 11000,
    "niveau_vie_median_eur": 14000,
    "niveau_vie_q3_eur": 18000,
    "niveau_vie_d9_eur": 23000,
}
DECLARED = {name.replace("niveau_vie", "revenu_declare"): n for name, n in QUANTILES.items()}
REVN_QPV = dataset(
    "insee__revn_qpv",
    [
        {
            "code_territoire": code,
            "part_menages_imposes_pct": 0.0,
            "part_bas_revenus_declares_pct": 40.5,
            "taux_pauvrete_pct": 100.0,
            **QUANTILES,
            **DECLARED,
            "part_revenus_activite_pct": 70.3,
            "part_pensions_pct": 19.5,
            "part_prestations_sociales_pct": 20.5,
            "part_revenus_patrimoine_pct": 3.0,
            "part_impots_pct": -13.0,
            "foyers_allocataires": 800,
            "foyers_rsa_socle": 800,
        }
        for code in QUARTIERS + ELSEWHERE
    ]
    + [{"code_territoire": "QP02A001"}],
    {
        "cle_unique": twice,
        "pourcentages_dans_0_100": first(taux_pauvrete_pct=-0.1),
        "quartiles_ordonnes": first(niveau_vie_median_eur=18001),
        "quartiles_declares_ordonnes": first(revenu_declare_d9_eur=17999),
        "structure_du_revenu": first(part_pensions_pct=19.6),
        "part_hors_bornes": first(part_revenus_activite_pct=101.0, part_pensions_pct=-11.2),
        # A positive share of taxes, the whole still making 100.
        "impots_negatifs": first(part_impots_pct=0.1, part_revenus_activite_pct=57.2),
        "rsa_parmi_les_foyers": first(foyers_rsa_socle=801),
        "quartiers_de_sqy": without_first,
        "colonnes_remplies": every(taux_pauvrete_pct=None),
        "prestations_medianes": every(part_prestations_sociales_pct=5.5, part_pensions_pct=34.5),
        "niveau_de_vie_median": every(**{name: n + 20000 for name, n in QUANTILES.items()}),
        "decimales_presentes": every(part_prestations_sociales_pct=20.0, part_pensions_pct=20.0),
        "sqy_renseigne": first(taux_pauvrete_pct=None),
    },
    along={"colonnes_remplies": ["sqy_renseigne"]},
)
FILOSOFI = dataset(
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
    },
)

CAF_IRIS = dataset(
    "caf__allocataires_iris",
    [
        {
            "code_territoire": f"78621{n:04}",
            "note_cnaf": "0",
            "foyers_allocataires": 500,
            "personnes_couvertes": 1200,
            "foyers_isoles": 150,
            "foyers_monoparents": 50,
            "foyers_rsa_socle": 5,
            "foyers_aah": 12,
            "foyers_aide_logement": 500,
            **CHILDREN,
        }
        for n in range(12)
    ]
    + [{"code_territoire": "2A0040101", "note_cnaf": note} for note in ("2",)]
    + [{"code_territoire": "781650101", "note_cnaf": "5"}],
    {
        "cle_unique": twice,
        "note_connue": last(note_cnaf="6"),
        "note_et_valeurs": first(note_cnaf="2"),
        "secret_du_producteur": first(foyers_aah=4),
        "foyers_et_personnes": first(foyers_allocataires=1201),
        "parties_et_total": first(foyers_aide_logement=501),
        "ages_des_enfants": first(enfants_couverts=699),
        "iris_de_trappes": without_first,
        "personnes_par_foyer": every(personnes_couvertes=2000),
        "colonnes_remplies": every(foyers_allocataires=None),
    },
)

ACTIVITY = {
    "structure": "MJD",
    "periode": "2021",
    "territoire": "Trappes",
    "theme": "Santé",
    "sexe": "Ensemble",
    "classe_age": "Ensemble",
    "precision": "exact",
}
OPERATORS = dataset(
    "operateurs__activite_agregee",
    [
        ACTIVITY | {"beneficiaires": 10, "beneficiaires_bas": 10, "beneficiaires_haut": 10},
        ACTIVITY | {"theme": "Emploi", "etp": 0.0},
        ACTIVITY | {"periode": "2021-01", "beneficiaires_bas": 3},
    ],
    {
        "cle_unique": twice,
        "un_nombre_par_ligne": last(beneficiaires_bas=None),
        "nombres_positifs": last(participants=-1),
        "bornes_ordonnees": first(beneficiaires=11),
        "precision_renseignee": first(precision=None),
        "une_seule_structure": first(structure="ISCG"),
    },
)

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
INDICATEUR = Case(
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

TRACE: Row = {
    "code_indicateur": "caf_taux_couverture",
    "code_territoire": "QP078004",
    "zonage": "QPV2015",
    "periode": "2019",
    "role": "numerateur",
    "fichier": "x.csv",
    "sha256": "0123456789abcdef" * 4,
    "ligne": 2,
}
PROVENANCE = Case(
    [
        TRACE,
        TRACE | {"role": "citation", "fichier": None, "sha256": None, "ligne": None},
        TRACE | {"role": "denominateur"},
    ],
    {"cle_unique": twice, "empreinte_complete": first(sha256="0" * 63 + "G")},
    dict.fromkeys(TRACE, "varchar") | {"ligne": "bigint"},
)

ZONED = [
    *({"code_territoire": code, "zonage": "QPV2015"} for code in QUARTIERS),
    *({"code_territoire": f"QN0780{n}M", "zonage": "QPV2024"} for n in range(8)),
    {"code_territoire": "200058782", "zonage": "EPCI"},
]
TERRITOIRE = Case(
    ZONED,
    {
        "cle_unique": twice,
        "quartiers_des_deux_zonages": without_first,
        "codes_de_leur_zonage": first(code_territoire="QN07804M"),
    },
    {"code_territoire": "varchar", "zonage": "varchar"},
)

CATALOGUE = Case(
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

SHEET: Row = {
    "code_action": "A1",
    "titre": "Titre",
    "valeur": 5.0,
    "valeur_basse": 5.0,
    "valeur_haute": 5.0,
    "statut": "observe",
}
FICHES = Case(
    [SHEET, SHEET | {"valeur": None, "valeur_basse": 1.0}, SHEET | {"valeur_haute": None}],
    {
        "action_renseignee": last(titre=None),
        "bornes_ordonnees": first(valeur=5.1),
        "statut_renseigne": first(statut=None),
    },
    dict.fromkeys(SHEET, "varchar")
    | dict.fromkeys(["valeur", "valeur_basse", "valeur_haute"], "double"),
)

KEY_FIGURES = ["caf_taux_couverture", "ctx_poids_presta", "ctx_part_etrangers", "ctx_etab_100"]
CLES = Case(
    [
        *(
            {"quartier_id": f"q{n}", "code_territoire": code, "zonage": "QPV2015"}
            | dict.fromkeys(KEY_FIGURES, 12.5)
            for n, code in enumerate(QUARTIERS)
        ),
        {
            "quartier_id": "le-buisson",
            "code_territoire": "LE_BUISSON",
            "zonage": "QVA",
            "caf_taux_couverture_statut": "non_communique",
        },
        {"quartier_id": None, "code_territoire": "200058782", "zonage": "EPCI"},
    ],
    {
        "cle_unique": lambda rows: [*rows[:-1], rows[0]],
        # One row more, that is no copy of another.
        "lignes_du_rapport": lambda rows: [*rows, rows[-1] | {"code_territoire": "78"}],
        "le_buisson_non_communique": lambda rows: [
            row | {"ctx_etab_100": 0.0} if row["zonage"] == "QVA" else row for row in rows
        ],
        "quartiers_renseignes": first(ctx_poids_presta=None),
    },
    {
        "quartier_id": "varchar",
        "code_territoire": "varchar",
        "zonage": "varchar",
        "caf_taux_couverture_statut": "varchar",
        **dict.fromkeys(KEY_FIGURES, "double"),
    },
)
MATRIX = [
    {"code_territoire": f"Q{q}", "type_structure": f"T{t}", "cellule": "x", "presence": "oui"}
    for q in range(8)
    for t in range(8)
]
OFFRE = Case(
    [*MATRIX[:-1], MATRIX[-1] | {"cellule": None, "presence": "inconnu"}],
    {
        "cle_unique": lambda rows: [*rows[:-1], rows[0]],
        "matrice_complete": without_first,
        "inconnu_jamais_absent": last(presence="non"),
    },
    dict.fromkeys(MATRIX[0], "varchar"),
)

QUALITE = Case(
    [{"dataset": "a", "etat": "a_jour"}, {"dataset": "b", "etat": "en_retard"}],
    {"cle_unique": twice, "jeux_en_place": first(etat="absent")},
    {"dataset": "varchar", "etat": "varchar"},
)

CASES = {
    "caf__allocataires_iris": CAF_IRIS,
    "dim_indicateur": CATALOGUE,
    "dim_territoire": TERRITOIRE,
    "fct_indicateur": INDICATEUR,
    "fct_provenance": PROVENANCE,
    "insee__demo_qpv": DEMO_QPV,
    "insee__filosofi_epci": FILOSOFI,
    "insee__revn_qpv": REVN_QPV,
    "mart_fiches_action": FICHES,
    "mart_indicateurs_cles": CLES,
    "mart_offre_quartier": OFFRE,
    "mart_qualite": QUALITE,
    "operateurs__activite_agregee": OPERATORS,
}
# Half a second each: those of the marts are left to CI.
RULES = [
    pytest.param(name, rule.rule, marks=[] if name in DATASETS else pytest.mark.long)
    for name in NAMES
    for rule in load_suite(name).rules
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gx")


def check(name: str, rows: Rows, project: Path, folder: Path) -> list[Check]:
    types = CASES[name].types
    unknown = {column for row in rows for column in row} - types.keys()
    assert not unknown, unknown
    columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    with duckdb.connect(folder / "candidat.duckdb") as con:
        con.execute(f"create table {name} ({columns})")
        for row in rows:
            con.execute(
                f"insert into {name} by name select"
                + ", ".join(f' ?::{types[column]} as "{column}"' for column in row),
                list(row.values()),
            )
    checks = validate(
        folder / "candidat.duckdb", load_suite(name), name, label=name, project=project
    )
    assert [result for result in checks if result.en_erreur] == []
    return checks


def failed(checks: list[Check]) -> list[str]:
    return [result.regle for result in checks if not result.reussi]


def test_every_suite_and_every_rule_has_its_cases() -> None:
    assert sorted(CASES) == NAMES
    for name, case in CASES.items():
        assert list(case.bad) == [rule.rule for rule in load_suite(name).rules], name


def test_every_dataset_has_its_suite() -> None:
    assert DATASETS.keys() <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_good_rows_are_accepted(name: str, project: Path, tmp_path: Path) -> None:
    checks = check(name, CASES[name].good, project, tmp_path)
    assert failed(checks) == []
    assert [result.regle for result in checks] == [rule.rule for rule in load_suite(name).rules]


@pytest.mark.parametrize(("name", "rule"), RULES, ids=str)
def test_its_bad_twin_fails_by_this_rule_alone(
    name: str, rule: str, project: Path, tmp_path: Path
) -> None:
    case = CASES[name]
    checks = check(name, case.bad[rule](case.good), project, tmp_path)
    assert sorted(failed(checks)) == sorted([rule, *case.along.get(rule, [])])
