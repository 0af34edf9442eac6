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
