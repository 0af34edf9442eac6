"""The order of magnitude of what is already loaded: a renamed measure keeps its own."""

from __future__ import annotations

import duckdb

from ingestion.contract import Contract
from warehouse.database import one_row, quoted, reader
from warehouse.settings import Settings

SAME_ORDER = 3  # between the medians of one measure in two editions, at most


def medians(contract: Contract, vintage: str, settings: Settings) -> dict[str, float]:
    """The median of each measure of an edition in place; nothing where it is not loaded."""
    if not settings.warehouse.exists():
        return {}
    with reader(settings), duckdb.connect(settings.warehouse, read_only=True) as con:
        present = con.execute(
            "select column_name from duckdb_columns() where schema_name = 'raw' and table_name = ?",
            [contract.table],
        ).fetchall()
        names = [name for (name,) in present if name in contract.measures]
        if not names:
            return {}
        found = one_row(
            con,
            f"select {', '.join(f'median({quoted(name)})' for name in names)}"
            f" from {quoted(f'raw.{contract.table}')} where _millesime = ?",
            [vintage],
        )
    return {name: value for name, value in zip(names, found, strict=True) if value is not None}


def of_one_order(one: float | None, other: float | None) -> bool:
    """Whether two medians may be those of one measure; what is not known is no objection."""
    if not one or not other:
        return True
    return 1 / SAME_ORDER <= one / other <= SAME_ORDER
