"""Read a sheet kept by hand: figures across, under one or several rows of header.

A row of figures becomes one row a cell, with its place. Totals are compared with their parts, and
left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.quantities import know_quantities
from ingestion.readers.cells import CELL, ROW_NUMBER, Reading, cleaned, column_letters
from ingestion.readers.hand_kept_header import (
    Figures,
    Range,
    Sheet,
    figure_columns,
    label_columns,
    spread_header,
)
from ingestion.readers.months import month_of
from ingestion.readers.options import ReadOptions, Unfold
from ingestion.readers.totals import ANY_TOTAL, is_total, refuse_wrong_totals
from ingestion.readers.workbook import (
    cell_text,
    damaged,
    open_workbook,
    refuse_unexpected_sheets,
    sheet_rows,
)
from ingestion.refusal import Refusal
from warehouse.literal import literal

if TYPE_CHECKING:
    import duckdb


def read_hand_kept(source: Path, options: ReadOptions, target: Path) -> Reading:
    """Unfold the sheet named by the contract into `target`, every cell as text.

    Raises `Refusal` where the workbook is unsafe, where the sheet or its header is not as
    announced, or where a total is not that of its parts.
    """
    import duckdb

    sheet = _sheet(source, options)
    labels = label_columns(sheet)
    figures = figure_columns(sheet, labels)
    _refuse_merged_figures(sheet, figures)
    _fill_down(sheet, labels)
    _date_rows(sheet, labels)
    with duckdb.connect() as con:
        know_quantities(con)
        _unfold(con, sheet, labels, figures)
        _refuse_other_total_rows(con, sheet)
        refuse_wrong_totals(con, sheet.name, sheet.unfold)
        letters = {name: column_letters(rank) for name, rank in labels.items()}
        return _written(con, sheet.unfold, letters, target)


def _sheet(source: Path, options: ReadOptions) -> Sheet:
    workbook = open_workbook(source, options.format)
    refuse_unexpected_sheets(workbook, options)
    name, unfold = options.sheet or "", options.unfold
    if unfold is None:
        raise ValueError("nothing says how this sheet is to be unfolded")
    rows = sheet_rows(workbook, name)
    if len(rows) < options.header_row - 1 + len(unfold.across):
        raise Refusal("entete", f"Feuille « {name} », ligne {options.header_row} : pas d'en-tête.")
    units = _units(source, name)
    cells = [
        [_text(cell, units.get((row, rank)), options.decimal) for rank, cell in enumerate(cells)]
        for row, cells in enumerate(rows)
    ]
    merged = workbook.get_sheet_by_name(name).merged_cell_ranges or []
    sheet = Sheet(name, unfold, options.header_row - 1, cells, _inside(merged, cells))
    spread_header(sheet)
    return sheet


def _inside(merged: Sequence[Range], cells: list[list[str | None]]) -> list[Range]:
    """What these merged cells cover of the sheet, which ends where its last filled cell does."""
    bottom, right = len(cells) - 1, len(cells[0]) - 1
    return [
        ((top, left), (min(last_row, bottom), min(last_column, right)))
        for (top, left), (last_row, last_column) in merged
        if top <= bottom and left <= right
    ]


def _units(source: Path, sheet: str) -> dict[tuple[int, int], str]:
    """The cells whose number is shown with `%` or `€`: the sign is in the format, not the cell."""
    import openpyxl

    found = {}
    try:
        book = openpyxl.load_workbook(source, read_only=True, data_only=True)
        book[sheet].reset_dimensions()  # what the file says of its size may be false
        for row in book[sheet].iter_rows():
            for cell in row:
                shown = re.search("[%€]", str(cell.number_format or ""))
                if shown and isinstance(cell.value, int | float):
                    found[cell.row - 1, cell.column - 1] = shown[0]
        book.close()
    except MemoryError:
        raise
    except Exception as error:
        # What it raises at a part of a workbook that it does not like has no class of its own.
        raise damaged() from error
    return found


def _text(cell: object, unit: str | None, decimal: str) -> str | None:
    if unit == "%" and isinstance(cell, int | float):
        # In decimal, or 0.07 would be shown as 7.000000000000001 %.
        cell = float(Decimal(repr(cell)) * 100)
    text = cell_text(cell, decimal)
    return f"{text} {unit}" if text and unit else text


def _refuse_merged_figures(sheet: Sheet, figures: Sequence[Figures]) -> None:
    """One number over several cells: whose it is cannot be told."""
    ranks = {known.rank for known in figures}
    for (top, left), (bottom, right) in sheet.merged:
        if top >= sheet.body and left in ranks and sheet.cells[top][left] is not None:
            raise Refusal(
                "cellules_fusionnees",
                f"{sheet.place(top, left)} : elle est fusionnée jusqu'à "
                f"{column_letters(right)}{bottom + 1}. Écrivez un nombre par cellule.",
            )


def _fill_down(sheet: Sheet, labels: dict[str, int]) -> None:
    """A label merged over several rows is the label of each."""
    for (top, left), (bottom, _) in sheet.merged:
        if left in labels.values() and top >= sheet.body:
            for row in range(top, bottom + 1):
                sheet.cells[row][left] = sheet.cells[top][left]


def _date_rows(sheet: Sheet, labels: dict[str, int]) -> None:
    """Write months that name rows as those of a header; what is no month of the year stays."""
    unfold, year = sheet.unfold, sheet.unfold.year or ""
    if unfold.months not in labels:
        return
    column = labels[unfold.months]
    for row in sheet.cells[sheet.body :]:
        month = month_of(row[column] or "", year)
        if month and month.startswith(year):
            row[column] = month


def _unfold(
    con: duckdb.DuckDBPyConnection, sheet: Sheet, labels: dict[str, int], figures: list[Figures]
) -> None:
    """The table `depliees`: one row a cell of figures, `c0`… as in `Unfold.header`.

    A row without a figure is data where it has all of its labels, and several: unknown is not
    absent. Otherwise it is a heading or a note.
    """
    import pandas

    unfold, axes = sheet.unfold, range(len(sheet.unfold.across))
    grid = pandas.DataFrame(sheet.cells[sheet.body :], dtype="string")
    grid.columns = [f"g{rank}" for rank in grid.columns]
    grid[ROW_NUMBER] = range(sheet.body + 1, len(sheet.cells) + 1)
    header = pandas.DataFrame(
        [[known.rank, column_letters(known.rank), known.total, *known.says] for known in figures],
        columns=["rang", "lettre", "total_de_colonne", *(f"c{len(labels) + n}" for n in axes)],
    )
    con.register("grille", grid)
    con.register("entete", header)
    names = [f"c{n}" for n in range(len(labels))]
    named = [f"{cleaned(f'g{rank}')} as c{n}" for n, rank in enumerate(labels.values())]
    cells = [f"{{rang: {f.rank}, texte: {cleaned(f'g{f.rank}')}}}" for f in figures]
    total = " or ".join(is_total(name, unfold.totals.rows) for name in names)
    whole = " and ".join(f"{name} is not null" for name in names) if len(names) > 1 else "false"
    con.execute(
        f"""
        create table depliees as
        with lignes as (
            select {", ".join(named)}, {ROW_NUMBER}, [{", ".join(cells)}] as cellules from grille
        )
        select lignes.* exclude (cellules), entete.*, lettre || {ROW_NUMBER} as {CELL},
            cellule.texte as c{len(unfold.header) - 1}, {total} as total_de_ligne
        from lignes
        cross join unnest(cellules) as depliage(cellule)
        join entete on entete.rang = cellule.rang
        where ({whole}) or len(list_filter(cellules, lambda x: x.texte is not null)) > 0
        """
    )


def _refuse_other_total_rows(con: duckdb.DuckDBPyConnection, sheet: Sheet) -> None:
    """Refuse a total that the contract does not announce, which would be read as data."""
    labels = sheet.unfold.totals.rows
    others = " or ".join(is_total(f"c{n}", ANY_TOTAL) for n in range(len(sheet.unfold.labels)))
    found = con.execute(
        f"select {ROW_NUMBER} from depliees where not total_de_ligne and ({others}) limit 1"
    ).fetchone()
    if found:
        raise Refusal(
            "total_inattendu",
            f"Feuille « {sheet.name} », ligne {found[0]} : cette ligne de total n'est pas annoncée "
            "dans le contrat. Ôtez-la, ou complétez le contrat.",
        )
    if labels and not con.execute("select 1 from depliees where total_de_ligne").fetchone():
        raise Refusal(
            "total_absent",
            f"Feuille « {sheet.name} » : la ligne de total « {labels[0]} » est absente. Elle sert "
            "de contrôle : remettez-la.",
        )


def _written(
    con: duckdb.DuckDBPyConnection, unfold: Unfold, letters: dict[str, str], target: Path
) -> Reading:
    names = ", ".join(f"c{n}" for n in range(len(unfold.header)))
    con.execute(
        f"copy (select {names}, {ROW_NUMBER}, {CELL} from depliees"
        " where not total_de_ligne and not total_de_colonne"
        f" order by {ROW_NUMBER}, rang) to {literal(target)} (format parquet)"
    )
    counted = con.execute(f"select count(*) from {literal(target)}").fetchone()
    return Reading(unfold.header, counted[0] if counted else 0, [], letters)
