"""One transaction: the rows replace their vintage in the raw table, and the ledger says so."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from ingestion.candidate import SQL_TYPES, TABLE, Candidate
from ingestion.contract import Contract
from ingestion.readers.cells import ROW_NUMBER
from warehouse.database import one_row, quoted
from warehouse.ledger import Check, Load, mark_replaced, record_checks, record_load

LINEAGE = {"_load_id": "varchar", ROW_NUMBER: "bigint", "_millesime": "varchar"}


def load_candidate(
    con: duckdb.DuckDBPyConnection,
    candidate: Candidate,
    contract: Contract,
    load: Load,
    checks: Sequence[Check],
    replaced: Load | None,
) -> None:
    """Put the candidate's rows in place of their vintage's, all or nothing.

    `replaced` is the load whose rows leave; the rows set aside go to `quarantine`.
    """
    raw, quarantine = quoted(f"raw.{contract.table}"), quoted(f"quarantine.{contract.table}")
    con.execute(f"attach '{_path(candidate)}' as candidat (read_only)")
    con.execute("begin")
    try:
        _shape_tables(con, contract)
        if replaced:
            con.execute(f"delete from {raw} where _load_id = ?", [replaced.load_id])
            con.execute(f"delete from {quarantine} where _load_id = ?", [replaced.load_id])
            mark_replaced(con, replaced.load_id, f"Remplacé par {load.fichier}")
        names = ", ".join(quoted(name) for name in [*contract.columns, ROW_NUMBER])
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
        record_checks(con, load.load_id, checks)
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    finally:
        con.execute("detach candidat")


def differing_rows(
    con: duckdb.DuckDBPyConnection, candidate: Candidate, contract: Contract, kept: Load
) -> int:
    """How many rows of the candidate are not, cell by cell, rows of the load that is kept."""
    con.execute(f"attach '{_path(candidate)}' as candidat (read_only)")
    try:
        names = ", ".join(quoted(name) for name in contract.columns)
        (different,) = one_row(
            con,
            f"""
            with autre as (select {names} from candidat.{TABLE}),
            garde as (select {names} from {quoted(f"raw.{contract.table}")} where _load_id = ?)
            select (select count(*) from (from autre except all from garde))
            """,
            [kept.load_id],
        )
    finally:
        con.execute("detach candidat")
    return int(different)


def same_values_as(
    con: duckdb.DuckDBPyConnection, candidate: Candidate, contract: Contract, vintage: str
) -> str | None:
    """Another vintage in place that holds the candidate's values, key by key, or None.

    Nine rows in ten must be equal on every measure: a correction may have touched a few.
    """
    keys = ", ".join(quoted(name) for name in contract.keys)
    same = " and ".join(
        f"nouveau.{quoted(name)} is not distinct from ancien.{quoted(name)}"
        for name, column in contract.columns.items()
        if column.role == "measure"
    )
    con.execute(f"attach '{_path(candidate)}' as candidat (read_only)")
    try:
        twin = con.execute(
            f"""
            select ancien._millesime
            from candidat.{TABLE} as nouveau
            join {quoted(f"raw.{contract.table}")} as ancien using ({keys})
            where ancien._millesime <> ? and {same}
            group by ancien._millesime
            having count(*) > 0.9 * (select count(*) from candidat.{TABLE})
            order by count(*) desc limit 1
            """,
            [vintage],
        ).fetchone()
    finally:
        con.execute("detach candidat")
    return twin[0] if twin else None


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
    wanted = {name: SQL_TYPES[column.type] for name, column in contract.columns.items()} | LINEAGE
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


def _path(candidate: Candidate) -> str:
    return str(candidate.database).replace("'", "''")
