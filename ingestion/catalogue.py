"""What the contracts say, as tables of the warehouse: the models date each measure with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import duckdb

from ingestion.contract import Contract, Vintage
from warehouse.ledger import active_loads


def publish_contracts(con: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Rewrite `audit.datasets` and `audit.mesures` if what they say changed, in one transaction.

    An edition that no contract knows, loaded because it has the columns of a known one, has its
    measures too: their years are deduced.
    """
    assumed = [
        (load.dataset, load.millesime, load.disposition)
        for load in active_loads(con)
        if load.disposition
    ]
    said = "".join(c.fingerprint for c in contracts) + repr(sorted(assumed))
    state = hashlib.sha256(said.encode()).hexdigest()
    written = con.execute("select distinct contrats_sha256 from audit.datasets").fetchall()
    if written == [(state,)]:
        return
    con.execute("begin")
    con.execute("delete from audit.datasets")
    con.execute("delete from audit.mesures")
    for contract in contracts:
        con.execute(
            "insert into audit.datasets values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                contract.to_confirm,
            ],
        )
        rows = [
            *(
                row
                for vintage, known in contract.vintages.items()
                for row in _measures(contract, vintage, known, layout=vintage)
            ),
            *(
                row
                for dataset, vintage, layout in assumed
                if dataset == contract.dataset and vintage not in contract.vintages
                for row in _measures(
                    contract, vintage, contract.assumed(vintage, layout), layout=layout
                )
            ),
        ]
        if rows:
            places = ", ".join("?" for _ in rows[0])
            con.executemany(f"insert into audit.mesures values ({places})", rows)
    con.execute("commit")


def _measures(
    contract: Contract, vintage: str, known: Vintage, *, layout: str
) -> Iterable[list[object]]:
    for name, column in contract.columns_of(layout).items():
        if column.role != "measure":
            continue
        note = contract.columns[column.note] if column.note else None
        in_vintage = note is not None and note.in_vintage(layout)
        yield [
            contract.dataset,
            vintage,
            name,
            column.label,
            column.unit,
            str(known.years[column.year]) if column.year else None,
            column.year in known.inferred,
            column.blank or contract.blank,
            column.note if in_vintage else None,
            note.statuses if note and in_vintage else {},
            column.additive,
            column.rounded_to,
            column.comparable_since,
            known.geography,
            known.provisional,
        ]
