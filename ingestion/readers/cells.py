"""What a reader hands over: rows of text in Parquet, and a short report."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

ROW_NUMBER = "_row_number"
CELL = "_cellule"  # its place, as a spreadsheet names it, where one row of a sheet gives several
NO_BREAK_SPACES = "\u00a0\u202f\u2009\u2007"


def cleaned(cell: str) -> str:
    """A cell (an SQL expression) without no-break spaces nor blanks around; NULL where blank."""
    spaces = " || ".join(f"chr({ord(space)})" for space in NO_BREAK_SPACES)
    return f"nullif(trim(translate({cell}, {spaces}, '{' ' * len(NO_BREAK_SPACES)}')), '')"


def folded(text: str) -> str:
    """The text without case, accents nor spaces too many: the same for two spellings of a name."""
    letters = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.lower().split())


def column_letters(rank: int) -> str:
    """The place of a column as a spreadsheet names it: 0 is A, 26 is AA."""
    before, last = divmod(rank, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


@dataclass(frozen=True)
class BadLine:
    """A record that has not the shape of its file; `line` counts from 1 at the top of the file."""

    line: int
    reason: str


@dataclass(frozen=True)
class Reading:
    """`header`: the named columns as spelled in the file. `rows`: well-formed data rows.

    The Parquet file beside it has one text column per header cell, in order, and `_row_number`,
    the line of the row in the file as a spreadsheet would number it (header line = 1 or more).
    Where a row of a sheet was unfolded into several, `_cellule` is the place of each, and `letters`
    says in which column of the sheet each label is.
    A GeoJSON file may stand on one line: its « lines » are its features, numbered from 1.
    """

    header: list[str]
    rows: int
    bad_lines: list[BadLine]
    letters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """How a file seems to be laid out.

    `options` are those of `ReadOptions` that were guessed, `why` says of each on what evidence
    (French), and `labels` are the labels of the columns, in order, where a row gives them.
    """

    options: dict[str, Any]
    why: dict[str, str]
    labels: list[str] = field(default_factory=list)

    def label_of(self, rank: int) -> str:
        """The label of the column of this rank, or nothing."""
        return " ".join(self.labels[rank].split()) if rank < len(self.labels) else ""
