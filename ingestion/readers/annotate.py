"""Write on a copy of a received workbook what is wrong in its cells, and two sheets that say it.

Runs in the child: the workbook is somebody else's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

AUTHOR = "Observatoire"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = {"A": 22, "B": 70, "C": 50}


def annotate(
    source: Path | None,
    target: Path,
    notes: Sequence[tuple[str, str, str]],
    sheets: Mapping[str, Sequence[Sequence[object]]],
) -> None:
    """Copy `source` (a new workbook where it is None) into `target`, with notes and more sheets.

    `notes` are sheet, cell and text; the first row of each of `sheets` is its header.
    """
    from openpyxl import Workbook, load_workbook

    book = load_workbook(source) if source else Workbook()
    if source is None:
        book.remove(book.active)
    _mark(book, notes)
    for rank, (name, rows) in enumerate(sheets.items()):
        _fill(book.create_sheet(name, rank), rows)
    book.active = 0
    book.save(target)


def _mark(book: Any, notes: Sequence[tuple[str, str, str]]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    told: dict[tuple[str, str], list[str]] = {}
    for sheet, cell, text in notes:
        told.setdefault((sheet, cell), []).append(text)
    for (sheet, cell), texts in told.items():
        marked = _written_cell(book[sheet], cell)
        marked.fill = PatternFill("solid", start_color="F8CBAD")
        marked.comment = Comment("\n".join(texts), AUTHOR, height=120, width=320)


def _written_cell(sheet: Any, cell: str) -> Any:
    """The cell itself or, where it is merged with others, the one that holds their text."""
    for merged in sheet.merged_cells.ranges:
        if cell in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[cell]


def _fill(sheet: Any, rows: Sequence[Sequence[object]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for row in rows:
        sheet.append([_inert(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color="1F3864")
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _inert(cell: object) -> object:
    """A text that a spreadsheet would run as a formula is text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
