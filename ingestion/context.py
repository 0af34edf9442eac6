"""What a candidate is compared with: the vintage before it, and the codes that exist.

Two tables beside the candidate rows, for the rules of its suite: `precedent` (the rows of the
nearest earlier vintage in place, same columns) and `connus` (`code`: the codes of its territories).
Empty where there is none.
"""

from __future__ import annotations

import duckdb

from expectations.suite import Suite, load_suite
from ingestion.candidate import TABLE, Candidate
from ingestion.contract import Contract, contracts
from warehouse.database import quoted, reader
from warehouse.ledger import holds_another_kind
from warehouse.settings import Settings

PREVIOUS = "precedent"
KNOWN = "connus"


def give_context(
    candidate: Candidate, contract: Contract, vintage: str, settings: Settings
) -> list[str]:
    """Put both tables in the candidate's file, as far as its suite asks for them.

    Returns what could not be compared (French), for the digest.
    """
    suite = load_suite(contract.table)
    previous, known = _speaks_of(suite, PREVIOUS), _speaks_of(suite, KNOWN)
    if not previous and not known:
        return []
    with duckdb.connect(candidate.database) as con:
        con.execute(f"create table {PREVIOUS} as from {TABLE} limit 0")
        con.execute(f"create table {KNOWN} (code varchar)")
        if settings.warehouse.exists():
            with reader(settings) as name:
                con.execute(f"attach {name} as entrepot (read_only)")
                # Extracts know a few codes only: they say nothing of a whole file.
                if not holds_another_kind(con, settings.demonstration, "entrepot.audit"):
                    if previous:
                        _copy_previous(con, contract, vintage)
                    if known:
                        _copy_known(con, contract)
                con.execute("detach entrepot")
        counted = con.execute(f"select count(*) from {KNOWN}").fetchone()
    if known and counted == (0,):
        return [
            f"Codes non vérifiés : {contract.territory.known_from}, qui en donne la liste, "
            "n'est pas encore chargé."
        ]
    return []


def _speaks_of(suite: Suite, table: str) -> bool:
    return any(table in (rule.where or "") for rule in suite.rules)


def _copy_previous(con: duckdb.DuckDBPyConnection, contract: Contract, vintage: str) -> None:
    if not _exists(con, contract):
        return
    present = {name for (name, *_) in con.execute(f"describe entrepot.{_raw(contract)}").fetchall()}
    names = ", ".join(quoted(name) for name in contract.columns if name in present)
    con.execute(
        f"""
        insert into {PREVIOUS} by name
        select {names} from entrepot.{_raw(contract)}
        where _millesime = (
            select max(_millesime) from entrepot.{_raw(contract)} where _millesime < ?
        )
        """,
        [vintage],
    )


def _copy_known(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    source = contracts()[contract.territory.known_from or ""]
    if _exists(con, source):
        con.execute(
            f"insert into {KNOWN}"
            f" select distinct {quoted(source.territory.key)} from entrepot.{_raw(source)}"
        )


def _exists(con: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    found = con.execute(
        "select 1 from duckdb_tables() where database_name = 'entrepot'"
        " and schema_name = 'raw' and table_name = ?",
        [contract.table],
    ).fetchone()
    return found is not None


def _raw(contract: Contract) -> str:
    return quoted(f"raw.{contract.table}")
