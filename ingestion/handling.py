"""What becomes of the cells that speak of a person, before any of them is typed or kept."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import duckdb

from ingestion.candidate import UNREADABLE, clean_cell
from ingestion.conformity import Conformity
from ingestion.contract import Column, Contract
from ingestion.pseudonyms import Keys, pseudonym_sql
from ingestion.readers.cells import ROW_NUMBER
from warehouse.database import ENGINE
from warehouse.literal import literal
from warehouse.settings import Settings


def handle(
    parquet: Path,
    conformity: Conformity,
    contract: Contract,
    vintage: str,
    settings: Settings,
    target: Path,
) -> Path:
    """The rows with banded and pseudonymised cells in `target`, or `parquet` where none is to be.

    A pseudonym is made with the key of the year of its row or, where rows have no date, of its
    edition. Raises `SettingsError` where that key is missing: nothing was written yet.
    """
    handled = {
        conformity.positions[name][0]: column
        for name, column in contract.columns.items()
        if column.handling != "load" and name in conformity.positions
    }
    if not handled:
        return parquet
    with duckdb.connect(config=dict(ENGINE)) as con:
        years = _years(con, parquet, conformity, contract, vintage)
        keys = Keys.from_environment(settings)
        replaced = ", ".join(
            f"{_handled(rank, column, years, keys)} as c{rank}" for rank, column in handled.items()
        )
        con.execute(
            f"copy (select * replace ({replaced}) from {literal(parquet)} order by {ROW_NUMBER})"
            f" to {literal(target)} (format parquet)"
        )
    parquet.unlink()
    return target


def _handled(rank: int, column: Column, years: dict[str, str], keys: Keys) -> str:
    cell = clean_cell(rank)
    if column.handling == "band":
        return _band(cell, column.bands)
    choices = " ".join(
        f"when {is_year} then {pseudonym_sql(cell, keys.of(year))}"
        for year, is_year in years.items()
    )
    return f"case {choices} end" if choices else "null"


def _years(
    con: duckdb.DuckDBPyConnection,
    parquet: Path,
    conformity: Conformity,
    contract: Contract,
    vintage: str,
) -> dict[str, str]:
    """The years of the rows, and the SQL that tells the rows of each."""
    if contract.period is None:
        return dict.fromkeys(re.findall(r"\d{4}", vintage)[:1], "true")
    year = f"regexp_extract({clean_cell(conformity.positions[contract.period][0])}, '\\d{{4}}')"
    found = con.execute(
        f"select distinct {year} as year from {literal(parquet)} where year <> '' order by year"
    ).fetchall()
    return {value: f"{year} = '{value}'" for (value,) in found}


def _band(cell: str, bounds: list[int]) -> str:
    age = f"try_cast({cell} as integer)"
    classes = [f"when {age} < {bounds[0]} then '0-{bounds[0] - 1}'"]
    classes += [
        f"when {age} < {above} then '{below}-{above - 1}'" for below, above in pairwise(bounds)
    ]
    return (
        f"case when {cell} is null then null when {age} is null or {age} < 0 then '{UNREADABLE}'"
        f" {' '.join(classes)} else '{bounds[-1]}+' end"
    )
