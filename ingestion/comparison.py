"""Compare a candidate with what stands in the warehouse, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import duckdb

from ingestion.candidate import TABLE, Candidate
from ingestion.contract import Contract
from ingestion.quantities import said
from ingestion.readers.cells import CELL
from warehouse.database import one_row, quoted
from warehouse.ledger import Load
from warehouse.literal import literal

SHOWN_CELLS = 3  # of the differences between two deliveries
NEARLY_ALL = 0.9  # a correction may have touched a few rows


@dataclass(frozen=True)
class Differences:
    """What sets another delivery apart from the one that is kept.

    `common`, `only_here` and `only_there` count rows, by key; `cells` the cells that differ, by
    column; `examples` shows a few of these (French). `exchanged` is a pair of columns that hold
    each other's values.
    """

    common: int
    only_here: int
    only_there: int
    cells: dict[str, int]
    examples: list[str]
    exchanged: tuple[str, str] | None

    def __bool__(self) -> bool:
        return bool(self.only_here or self.only_there or self.cells)

    @property
    def wide(self) -> bool:
        """Whether these are more than corrections: most of a column, or of the rows, changed."""
        rows = self.only_here + self.only_there
        return 2 * max(self.cells.values(), default=0) > self.common or rows > self.common

    def __str__(self) -> str:
        if not self:
            return "les mêmes valeurs"
        said = []
        if self.cells:
            columns = ", ".join(f"{name} ({count})" for name, count in self.cells.items())
            said.append(f"{sum(self.cells.values())} cellule(s) différente(s) : {columns}")
            said.append(f"par exemple {' ; '.join(self.examples)}")
        if self.only_here:
            said.append(f"{self.only_here} ligne(s) qui n'y sont pas")
        if self.only_there:
            said.append(f"{self.only_there} ligne(s) qui manquent ici")
        return ", ".join(said)


def compare_cells(
    con: duckdb.DuckDBPyConnection, candidate: Candidate, contract: Contract, kept: Load
) -> Differences:
    """Compare the candidate with the load that is kept, cell by cell, key by key."""
    con.execute(f"attach {literal(candidate.database)} as candidat (read_only)")
    try:
        keys = [quoted(name) for name in contract.keys]
        same_key = " and ".join(f"autre.{key} is not distinct from garde.{key}" for key in keys)
        con.execute(
            f"""
            create or replace temp view paires as
            select autre, garde from (select *, true as _ici from candidat.{TABLE}) as autre
            full join (
                select *, true as _ici from {quoted(f"raw.{contract.table}")}
                where _load_id = '{kept.load_id}'
            ) as garde on {same_key}
            """
        )
        others = [name for name in contract.columns if name not in contract.keys]
        counts = ", ".join(
            f"count(*) filter (autre._ici and garde._ici"
            f" and autre.{quoted(name)} is distinct from garde.{quoted(name)})"
            for name in others
        )
        common, here, there, *cells = one_row(
            con,
            "select count(*) filter (autre._ici and garde._ici),"
            " count(*) filter (garde._ici is null), count(*) filter (autre._ici is null)"
            f"{', ' if others else ''}{counts} from paires",
        )
        differing = {name: count for name, count in zip(others, cells, strict=True) if count}
        examples = [_example(con, contract, name) for name in list(differing)[:SHOWN_CELLS]]
        moved = [name for name, count in differing.items() if 2 * count > common]
        exchanged = _exchanged(con, contract, moved)
        con.execute("drop view paires")
    finally:
        con.execute("detach candidat")
    return Differences(common, here, there, differing, examples, exchanged)


def _exchanged(
    con: duckdb.DuckDBPyConnection, contract: Contract, columns: list[str]
) -> tuple[str, str] | None:
    """The first two of these columns that hold each other's values, row by row."""
    pairs = [
        pair
        for pair in combinations(columns, 2)
        if contract.columns[pair[0]].type == contract.columns[pair[1]].type
    ]
    if not pairs:
        return None
    shares = ", ".join(
        f"avg((autre.{quoted(a)} is not distinct from garde.{quoted(b)}"
        f" and autre.{quoted(b)} is not distinct from garde.{quoted(a)})::int)"
        for a, b in pairs
    )
    found = one_row(con, f"select {shares} from paires where autre._ici and garde._ici")
    return next((pair for pair, s in zip(pairs, found, strict=True) if s > NEARLY_ALL), None)


def _example(con: duckdb.DuckDBPyConnection, contract: Contract, name: str) -> str:
    key = " || ' ' || ".join(f"autre.{quoted(key)}::varchar" for key in contract.keys)
    if contract.read.unfold:
        key = f"'la cellule ' || autre.{CELL}"  # a key is what somebody typed
    ours, theirs = (
        said(f"{side}.{quoted(name)}")
        if contract.columns[name].type == "quantity"
        else f"{side}.{quoted(name)}::varchar"
        for side in ("autre", "garde")
    )
    where, here, there = one_row(
        con,
        f"select {key}, {ours}, {theirs} from paires"
        f" where autre._ici and garde._ici and autre.{quoted(name)} is distinct from"
        f" garde.{quoted(name)} order by all limit 1",
    )
    return f"{name} de {where} : {here or 'vide'} ici, {there or 'vide'} gardé"


def same_values_as(
    con: duckdb.DuckDBPyConnection, candidate: Candidate, contract: Contract, vintage: str
) -> str | None:
    """Another vintage in place that holds the candidate's values, key by key, or None.

    Nearly all rows must be equal, on every measure.
    """
    if not contract.editions_differ:
        return None
    keys = ", ".join(quoted(name) for name in contract.keys)
    same = " and ".join(
        f"nouveau.{quoted(name)} is not distinct from ancien.{quoted(name)}"
        for name in contract.measures
    )
    con.execute(f"attach {literal(candidate.database)} as candidat (read_only)")
    try:
        twin = con.execute(
            f"""
            select ancien._millesime
            from candidat.{TABLE} as nouveau
            join {quoted(f"raw.{contract.table}")} as ancien using ({keys})
            where ancien._millesime <> ? and {same}
            group by ancien._millesime
            having count(*) > {NEARLY_ALL} * (select count(*) from candidat.{TABLE})
            order by count(*) desc limit 1
            """,
            [vintage],
        ).fetchone()
    finally:
        con.execute("detach candidat")
    return twin[0] if twin else None
