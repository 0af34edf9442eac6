"""Good rows for every suite, one module a suite, and a bad twin for each of its rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ingestion.candidate import SQL_TYPES
from ingestion.contract import contracts

Row = dict[str, Any]
Rows = list[Row]
Spoil = Callable[[Rows], Rows]

DATASETS = {contract.table: contract for contract in contracts().values()}


@dataclass(frozen=True)
class Case:
    """Rows that every rule accepts, and for each rule the way to make it fail alone.

    `types` are those of the columns; a dataset's are those of its contract. `along` names the
    rules that cannot but fail with another one. `before` and `known` are what a dataset's rows
    are compared with: the rows of the vintage before, and the codes that exist. `control` is the
    producer's total row, its cells as the file spells them.
    """

    good: Rows
    bad: dict[str, Spoil]
    types: dict[str, str]
    along: dict[str, list[str]] = field(default_factory=dict)
    before: Rows = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    control: dict[str, str] = field(default_factory=dict)


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


def quantity(
    valeur: float | None = None,
    valeur_basse: float | None = None,
    valeur_haute: float | None = None,
    qualificatif: str = "exact",
    unite: str | None = None,
) -> Row:
    """A cell of a column of type `quantity`."""
    return {
        "valeur_basse": valeur_basse,
        "valeur": valeur,
        "valeur_haute": valeur_haute,
        "qualificatif": qualificatif,
        "unite": unite,
    }


def twice(rows: Rows) -> Rows:
    return [*rows, rows[-1]]


def without_first(rows: Rows) -> Rows:
    return rows[1:]


def without_ten(rows: Rows) -> Rows:
    """Ten rows fewer of those that are not of SQY."""
    return [*rows[:20], *rows[30:]]


def codes(rows: Rows) -> list[str]:
    return [row["code_territoire"] for row in rows]


def grouped(total: float) -> str:
    """A total as the producer prints it: rounded to the hundred, with thin spaces."""
    return f"{round(total, -2):,.0f}".replace(",", "\u202f")


def dataset(
    table: str,
    good: Rows,
    bad: dict[str, Spoil],
    along: dict[str, list[str]] | None = None,
    *,
    before: Rows | None = None,
    known: list[str] | None = None,
    control: dict[str, str] | None = None,
) -> Case:
    types = {name: SQL_TYPES[column.type] for name, column in DATASETS[table].columns.items()}
    return Case(good, bad, types, along or {}, before or [], known or [], control or {})


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
QUANTILES = {
    "niveau_vie_d1_eur": 9000,
    "niveau_vie_q1_eur": 11000,
    "niveau_vie_median_eur": 14000,
    "niveau_vie_q3_eur": 18000,
    "niveau_vie_d9_eur": 23000,
}

# A territory of Filosofi, as of 2015 on: the parts make the whole.
FILOSOFI = {
    "niveau_vie_d1_eur": 11000.0,
    "niveau_vie_d2_eur": 14000.0,
    "niveau_vie_q1_eur": 15500.0,
    "niveau_vie_d3_eur": 16500.0,
    "niveau_vie_d4_eur": 19000.0,
    "niveau_vie_median_eur": 21000.0,
    "niveau_vie_d6_eur": 23500.0,
    "niveau_vie_d7_eur": 26500.0,
    "niveau_vie_q3_eur": 28000.0,
    "niveau_vie_d8_eur": 30500.0,
    "niveau_vie_d9_eur": 38000.0,
    "indice_gini": 0.28,
    "part_salaires_pct": 66.0,
    "part_chomage_pct": 4.0,
    "part_revenus_independants_pct": 5.0,
    "part_revenus_activite_pct": 75.0,
    "part_pensions_pct": 26.6,
    "part_revenus_patrimoine_pct": 9.2,
    "part_prestations_sociales_pct": 6.2,
    "part_prestations_familiales_pct": 2.2,
    "part_minima_sociaux_pct": 2.0,
    "part_prestations_logement_pct": 2.0,
    "part_impots_pct": -17.0,
}
FILOSOFI_COUNTS = {
    "menages_fiscaux": 1000.0,
    "personnes_menages_fiscaux": 2400.0,
    "unites_consommation": 1600.0,
}
# What each rule common to every level of Filosofi refuses, the others being kept.
FILOSOFI_BAD = {
    "quantiles_ordonnes": first(niveau_vie_d7_eur=28001.0),
    "structure_du_revenu": first(part_pensions_pct=27.0),
    "parts_de_l_activite": first(part_salaires_pct=66.3),
    "parts_des_prestations": first(part_minima_sociaux_pct=2.3),
    "prestations_dans_0_100": first(
        part_prestations_sociales_pct=-0.1,
        part_prestations_familiales_pct=-0.1,
        part_minima_sociaux_pct=0.0,
        part_prestations_logement_pct=0.0,
        part_pensions_pct=32.9,
    ),
    "impots_negatifs": first(part_impots_pct=0.1, part_pensions_pct=9.5),
    "gini_entre_0_et_1": first(indice_gini=1.01),
}
FILOSOFI_COUNTS_BAD = {
    "menages_renseignes": first(menages_fiscaux=None),
    "unites_et_personnes": first(unites_consommation=2401.0),
}
MORE_BENEFITS = {
    "part_prestations_sociales_pct": 20.2,
    "part_minima_sociaux_pct": 16.0,
    "part_pensions_pct": 12.6,
}


def richer(factor: float) -> Callable[[Row], Row]:
    """Every euro of a territory of Filosofi times `factor`."""
    return lambda row: {
        name: value * factor if name.endswith("_eur") and value is not None else value
        for name, value in row.items()
    }


def all_richer(factor: float) -> Spoil:
    return lambda rows: [richer(factor)(row) for row in rows]


def one_richer(factor: float, rank: int = 0) -> Spoil:
    return lambda rows: [*rows[:rank], richer(factor)(rows[rank]), *rows[rank + 1 :]]


def renamed(count: int, code: str, *, key: str = "code_territoire") -> Spoil:
    """The last rows under codes that nobody knows: `code` and a number."""
    return lambda rows: [
        *rows[: len(rows) - count],
        *(row | {key: f"{code}{rank}"} for rank, row in enumerate(rows[len(rows) - count :])),
    ]


QUARTIERS_2024 = [f"QN078{n}" for n in ("04M", "05M", "06M", "07M", "15M", "16M", "21N", "22N")]
COMMUNES = [f"78{n}" for n in (165, 168, 208, 297, 356, 383, 423, 490, 621, 644, 674, 688)]
