"""What the contracts say, as tables of the warehouse: the models date each measure with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import duckdb

from ingestion.contract import Contract


def publish_contracts(con: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Rewrite `audit.datasets` and `audit.mesures` if a contract changed, in one transaction."""
    state = hashlib.sha256("".join(c.fingerprint for c in contracts).encode()).hexdigest()
    written = con.execute("select distinct contrats_sha256 from audit.datasets").fetchall()
    if written == [(state,)]:
        return
    con.execute("begin")
    con.execute("delete from audit.datasets")
    con.execute("delete from audit.mesures")
    for contract in contracts:
        con.execute(
            "insert into audit.datasets values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                state,
                contract.dataset,
                contract.title,
                contract.producer,
                contract.licence,
                contract.citation,
                contract.page,
                contract.cadence,
                contract.territory.level,
                contract.territory.zoning,
                contract.expected.vintage if contract.expected else None,
                contract.expected.by if contract.expected else None,
            ],
        )
        rows = list(_measures(contract))
        if rows:
            places = ", ".join("?" for _ in rows[0])
            con.executemany(f"insert into audit.mesures values ({places})", rows)
    con.execute("commit")


def _measures(contract: Contract) -> Iterable[list[object]]:
    for vintage, known in contract.vintages.items():
        for name, column in contract.columns_of(vintage).items():
            if column.role != "measure":
                continue
            note = contract.columns[column.note] if column.note else None
            in_vintage = note is not None and note.in_vintage(vintage)
            yield [
                contract.dataset,
                vintage,
                name,
                column.label,
                column.unit,
                column.raw[0] + (known.suffix or ""),
                str(known.years[column.year]) if column.year else None,
                column.year in known.inferred,
                column.blank or contract.blank,
                column.note if in_vintage else None,
                note.statuses if note and in_vintage else {},
            ]
