"""From a published value back to the file, its hash, its row, and the line as it was received."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.landing import MANIFEST
from publication.build import DATABASE
from warehouse.foreseen import Foreseen
from warehouse.settings import Settings


class Unexplained(Foreseen):
    """Nothing is published under these names (message in French)."""


@dataclass(frozen=True)
class Explanation:
    """`value`: the row of `fct_indicateur`. `cells`: its provenance, each with the file kept."""

    value: dict[str, Any]
    cells: list[dict[str, Any]]


def explain(territory: str, indicator: str, period: str, settings: Settings) -> Explanation:
    """Trace one value of the current release; raise `Unexplained` where there is none."""
    database = settings.current / DATABASE
    if not database.exists():
        raise Unexplained("Aucune publication : lancez d'abord « observatoire nightly ».")
    key = "code_territoire = ? and code_indicateur = ? and periode = ?"
    with duckdb.connect(database, read_only=True) as con:
        values = _rows(
            con, f"from marts.fct_indicateur where {key}", [territory, indicator, period]
        )
        if not values:
            periods = con.execute(
                "select string_agg(periode, ', ' order by periode) from marts.fct_indicateur"
                " where code_territoire = ? and code_indicateur = ?",
                [territory, indicator],
            ).fetchone()
            known = periods[0] if periods and periods[0] else "aucune pour ces deux codes"
            raise Unexplained(
                f"Rien n'est publié pour {territory}, {indicator}, {period}. Périodes : {known}."
            )
        cells = _rows(
            con,
            f"from marts.fct_provenance where {key} order by role desc",
            [territory, indicator, period],
        )
    for cell in cells:
        kept = _kept_file(cell, settings)
        cell["fichier_conserve"] = str(kept) if kept else None
        cell["texte_recu"] = _line(kept, cell["ligne"]) if kept else None
    return Explanation(values[0], cells)


def _rows(con: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> list[dict[str, Any]]:
    found = con.execute(query, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _kept_file(cell: dict[str, Any], settings: Settings) -> Path | None:
    if not cell["sha256"]:
        return None
    folder = settings.landing / cell["dataset"]
    kept = folder.glob(f"*/{cell['sha256']}/{cell['fichier']}*")
    return next((path for path in sorted(kept) if not path.name.endswith(MANIFEST)), None)


def _line(path: Path, number: int | None) -> str | None:
    """The line of a text file, shortened of its empty trailing cells; None for a workbook.

    A count that unites several lines names none.
    """
    if path.suffix != ".csv" or number is None:
        return None
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for rank, line in enumerate(lines, start=1):
            if rank == number:
                return line.rstrip().rstrip(";")
    return None
