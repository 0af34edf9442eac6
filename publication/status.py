"""The state of each dataset in the release that readers open."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.foreseen import Foreseen
from warehouse.settings import Settings


class NothingPublished(Foreseen):
    """No release yet (message in French)."""


def dataset_status(settings: Settings) -> list[dict[str, Any]]:
    """One row of `mart_qualite` per dataset, with the coverage of each of its editions.

    Raises `NothingPublished` before the first release.
    """
    folder = settings.current / "parquet"
    if not (folder / "mart_qualite.parquet").exists():
        raise NothingPublished("Aucune publication : lancez d'abord « observatoire nightly ».")
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


def _rows(con: duckdb.DuckDBPyConnection, path: object, order: str) -> list[dict[str, Any]]:
    found = con.execute(f"from read_parquet(?) order by {order}", [str(path)])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
