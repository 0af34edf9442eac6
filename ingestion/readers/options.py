"""How a received file is read; apart from contracts, which the reading child need not import."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

# `2019:` in YAML is a number; names of editions are text everywhere here.
STRICT = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class ReadOptions(BaseModel):
    """How the bytes become cells. `header_row` counts from 1; `thousands` allows grouped digits.

    `label_rows` counts the rows of labels between the header and the data. `member` names the one
    file to take from a zip archive (`*` stands for anything). Where `other_sheets` is given, a
    workbook with any further sheet is refused. A quoted cell that spans lines is a stray quote
    that swallowed some, unless `multiline_cells` allows it. `geometry` names the column of a
    delimited file that holds GeoJSON geometries. `key_name` names the column of the keys, where a
    JSON file is one object, the entries of which are the rows. Encoding `mixed` is UTF-8 where the
    bytes are, and Windows-1252 elsewhere.
    """

    model_config = STRICT

    format: Literal["csv", "xlsx", "xls", "geojson", "json"] = "csv"
    encoding: Literal["utf-8", "cp1252", "mixed"] = "utf-8"
    separator: str = Field(default=";", min_length=1, max_length=1)
    decimal: Literal[",", "."] = ","
    thousands: Literal["space"] | None = None
    sheet: str | None = None
    other_sheets: list[str] = []
    multiline_cells: bool = False
    header_row: int = Field(default=1, ge=1)
    label_rows: int = Field(default=0, ge=0)
    member: str | None = None
    geometry: str | None = None
    key_name: str | None = None

    @property
    def rows_above(self) -> int:
        """How many rows stand above the first row of data."""
        return self.header_row + self.label_rows

    def changed_by(self, other: ReadOptions | None) -> ReadOptions:
        """These options, with what the other one says in their place."""
        return self.model_copy(update=other.model_dump(exclude_unset=True)) if other else self
