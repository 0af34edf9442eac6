"""The state of each dataset in the release that readers open."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.database import writer
from warehouse.foreseen import Foreseen
from warehouse.ledger import active_loads, standing_refusals
from warehouse.settings import Settings


class NothingPublished(Foreseen):
    """No release yet (message in French)."""


def dataset_status(settings: Settings) -> list[dict[str, Any]]:
    """One row of `mart_qualite` per dataset, with the coverage of each of its editions.

    Raises `NothingPublished` before the first release; it says what was received meanwhile.
    """
    folder = settings.current / "parquet"
    if not (folder / "mart_qualite.parquet").exists():
        raise NothingPublished(
            f"Aucune publication : lancez « observatoire nightly ».{_received(settings)}"
        )
    with duckdb.connect() as con:
        rows = _rows(con, folder / "mart_qualite.parquet", "dataset")
        covered = _rows(con, folder / "mart_couverture.parquet", "dataset, edition")
    for row in rows:
        row["couverture"] = [
            {name: value for name, value in edition.items() if name != "dataset"}
            for edition in covered
            if edition["dataset"] == row["dataset"]
        ]
    return rows


def _received(settings: Settings) -> str:
    """What the ledger knows of the files received so far (French), nothing where there is none."""
    if not settings.warehouse.exists():
        return ""
    with writer(settings) as con:
        standing = active_loads(con)
        refused = standing_refusals(con, settings.demonstration)
    said = f" {len(standing)} fichier(s) déjà chargés, {len(refused)} refusés ou non reçus."
    return "\n".join([said, *(f"{load.fichier} : {load.motif}" for load in refused)])


def _rows(con: duckdb.DuckDBPyConnection, path: object, order: str) -> list[dict[str, Any]]:
    found = con.execute(f"from read_parquet(?) order by {order}", [str(path)])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
