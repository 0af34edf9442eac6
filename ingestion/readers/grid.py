"""Where the table starts in a grid of text cells: title rows, header, labels, data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Row = Sequence[str]

NUMBER = re.compile(r"[-+]?\d[\d \u00a0\u202f\u2009]*([.,]\d+)?\s*%?")
MAX_ROWS_ABOVE = 30
MOST = 0.9
FEW = 0.2
MIN_BODY = 0.8
MIN_NUMERIC = 2  # columns of numbers, to tell a row of labels from one of text


@dataclass(frozen=True)
class Shape:
    """`header_row` counts from 1; `labels` are the cells of the row of labels, if there is one."""

    header_row: int
    label_rows: int
    labels: list[str]
    why: dict[str, str]


def shape_of(rows: Sequence[Row]) -> Shape:
    """Guess the shape of a table from its first rows; `why` tells each guess in French."""
    width = max((_filled(row) for row in rows), default=0)
    candidates = [
        rank for rank, row in enumerate(rows[:MAX_ROWS_ABOVE]) if _may_name_columns(row, width)
    ]
    if not candidates:
        said = "aucune ligne ne ressemble à un en-tête : à vérifier"
        return Shape(1, 0, [], {"header_row": said})
    first = candidates[0]
    labels = _rows_of_labels(rows, first, candidates)
    block = [first, *labels]
    header = max(block, key=lambda rank: (_codes(rows[rank]), -rank))
    below = [rank for rank in block if rank > header]
    above = [rank for rank in block if rank < header]
    shown = rows[below[0] if below else above[0]] if len(block) > 1 else []
    why = {"header_row": f"{_filled(rows[header])} noms, aucun nombre"}
    if first:
        why["header_row"] += f" ; {first} ligne(s) de titre au-dessus"
    if below:
        why["label_rows"] = "sous les codes, une ligne de libellés au-dessus des nombres"
    return Shape(header + 1, len(below), list(shown), why)


def is_number(cell: str) -> bool:
    """Whether a cell is a number as French files write it, grouped digits and `%` allowed."""
    return NUMBER.fullmatch(cell.strip()) is not None


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _may_name_columns(row: Row, width: int) -> bool:
    """As many cells as the widest row, all different, and hardly a number among them."""
    named = [cell.strip() for cell in row if cell.strip()]
    numbers = sum(is_number(cell) for cell in named)
    return (
        bool(named)
        and len(named) >= MOST * width
        and len(set(named)) == len(named)
        and numbers <= FEW * len(named)
    )


def _rows_of_labels(rows: Sequence[Row], first: int, candidates: list[int]) -> list[int]:
    """The rows right under the first header that also name the columns that hold numbers."""
    found: list[int] = []
    for rank in (first + 1, first + 2):
        numeric = _numeric_columns(rows[rank + 1 :])
        named = [column for column in numeric if _named(rows, rank, column)]
        some = len(numeric) >= MIN_NUMERIC
        if rank not in candidates or not some or len(named) < MOST * len(numeric):
            break
        found.append(rank)
    return found


def _named(rows: Sequence[Row], rank: int, column: int) -> bool:
    row = rows[rank]
    return column < len(row) and bool(row[column].strip()) and not is_number(row[column])


def _numeric_columns(body: Sequence[Row]) -> list[int]:
    found = []
    for column in range(max((len(row) for row in body), default=0)):
        cells = [row[column] for row in body if column < len(row) and row[column].strip()]
        if cells and sum(is_number(cell) for cell in cells) >= MIN_BODY * len(cells):
            found.append(column)
    return found


def _codes(row: Row) -> int:
    """How many cells are codes rather than sentences."""
    return sum(re.fullmatch(r"\w{1,24}", cell.strip()) is not None for cell in row)
