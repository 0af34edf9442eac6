"""What a reader hands over: rows of text in Parquet, and a short report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ROW_NUMBER = "_row_number"


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
    A GeoJSON file may stand on one line: its « lines » are its features, numbered from 1.
    """

    header: list[str]
    rows: int
    bad_lines: list[BadLine]


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
