"""One transaction: the rows replace their vintage in the raw table, and the ledger says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from ingestion.candidate import MARKS, MARKS_TYPE, SQL_TYPES, TABLE, Candidate, lineage
from ingestion.contract import Contract
from ingestion.readers.cells import ROW_NUMBER
from warehouse.database import quoted
from warehouse.ledger import (
    Check,
    Load,
    mark_replaced,
    record_checks,
    record_columns,
    record_load,
)
from warehouse.literal import literal

LINEAGE = {
    "_load_id": "varchar",
    ROW_NUMBER: "bigint",
    "_millesime": "varchar",
    MARKS: MARKS_TYPE,
}


def load_candidate(
    con: duckdb.DuckDBPyConnection,
    candidate: Candidate,
    contract: Contract,
    load: Load,
    checks: Sequence[Check],
    spelled: Mapping[str, str],
    replaced: Load | None,
) -> None:
    """Put the candidate's rows in place of their vintage's, all or nothing.

    `spelled` is the name that each column has in the file. `replaced` is the load whose rows
    leave; the rows set aside go to `quarantine`.
    """
    raw, quarantine = quoted(f"raw.{contract.table}"), quoted(f"quarantine.{contract.table}")
    con.execute(f"attach {literal(candidate.database)} as candidat (read_only)")
    con.execute("begin")
    try:
        _shape_tables(con, contract)
        if replaced:
            con.execute(f"delete from {raw} where _load_id = ?", [replaced.load_id])
            con.execute(f"delete from {quarantine} where _load_id = ?", [replaced.load_id])
            mark_replaced(con, replaced.load_id, f"Remplacé par {load.fichier}")
        names = ", ".join(quoted(name) for name in [*contract.columns, *lineage(contract)])
        con.execute(
            f"insert into {raw} by name select {names}, ? as _load_id, ? as _millesime"
            f" from candidat.{TABLE} order by {ROW_NUMBER}",
            [load.load_id, load.millesime],
        )
        con.execute(
            f"insert into {quarantine} by name select *, ? as _load_id, ? as _millesime"
            " from candidat.ecartees",
            [load.load_id, load.millesime],
        )
        record_load(con, load)
        record_columns(con, load.load_id, spelled)
        record_checks(con, load.load_id, checks)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    finally:
        con.execute("detach candidat")


def withdraw(con: duckdb.DuckDBPyConnection, contract: Contract, load: Load, motif: str) -> None:
    """Take a load's rows out of the raw table; the ledger keeps its memory."""
    con.execute("begin")
    for schema in ("raw", "quarantine"):
        con.execute(
            f"delete from {quoted(f'{schema}.{contract.table}')} where _load_id = ?", [load.load_id]
        )
    mark_replaced(con, load.load_id, motif)
    con.execute("commit")


def shape_tables(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create the dataset's tables, so that the models can be built before its first file."""
    con.execute("begin")
    _shape_tables(con, contract)
    con.execute("commit")


def _shape_tables(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    wanted = {name: SQL_TYPES[column.type] for name, column in contract.columns.items()}
    wanted |= dict.fromkeys(lineage(contract), "varchar") | LINEAGE
    raw = quoted(f"raw.{contract.table}")
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in wanted.items())
    con.execute(f"create table if not exists {raw} ({columns})")
    present = {name: kind.lower() for name, kind, *_ in con.execute(f"describe {raw}").fetchall()}
    for name, kind in wanted.items():
        if name not in present:
            con.execute(f"alter table {raw} add column {quoted(name)} {kind}")
        elif present[name] != kind:
            con.execute(f"alter table {raw} alter {quoted(name)} type {kind}")
    con.execute(
        f"create table if not exists {quoted(f'quarantine.{contract.table}')} ("
        f"_load_id varchar, {ROW_NUMBER} bigint, _millesime varchar,"
        " regle varchar, message varchar, ligne varchar)"
    )
