"""How a received file is read; apart from contracts, which the reading child need not import."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

# `2019:` in YAML is a number; names of editions are text everywhere here.
STRICT = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Totals(BaseModel):
    """The totals of a hand-kept sheet: compared with their parts, and never read as data.

    `rows` and `columns` are their labels, `*` standing for any text. A total may miss the sum of
    its parts by `tolerance`. What `distinct` names counts persons once, however often they came:
    its total stands between its largest part and the sum.
    """

    model_config = STRICT

    rows: list[str] = []
    columns: list[str] = []
    tolerance: float = Field(default=0, ge=0)
    distinct: list[str] = []


class Unfold(BaseModel):
    """How a hand-kept sheet becomes one row a cell of figures.

    `labels` are the columns that name a row, `ignore` those that are never read; every other one
    holds figures. `across` says, from `header_row` down, what each row of the header tells of
    them. The one of months, among `labels` or `across`, is `months`, of the given `year`. `value`
    is the name of the column that the figures become.
    """

    model_config = STRICT

    labels: list[str] = Field(min_length=1)
    across: list[str] = Field(min_length=1)
    value: str
    months: str | None = None
    year: str | None = Field(default=None, pattern=r"^(\d{4}|\{vintage\})$")
    ignore: list[str] = []
    totals: Totals = Totals()

    @property
    def header(self) -> list[str]:
        """The columns that the sheet becomes."""
        return [*self.labels, *self.across, self.value]

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        if self.months is not None and self.months not in [*self.labels, *self.across]:
            raise ValueError(f"months : « {self.months} » n'est ni dans labels, ni dans across")
        if (self.months is None) != (self.year is None):
            raise ValueError("il faut months et year, ou aucun des deux")
        names = [*self.header, *self.ignore]
        if len(set(names)) < len(names):
            raise ValueError("un même nom sert deux fois")
        return self


class ReadOptions(BaseModel):
    """How the bytes become cells. `header_row` counts from 1; `thousands` allows grouped digits.

    Where the header is not on the same row in each workbook, `header_cells` are its first cells.
    `label_rows` counts the rows of labels between the header and the data. `member` names the one
    file to take from a zip archive (`*` stands for anything). Where `other_sheets` is given, a
    workbook with any further sheet is refused. A quoted cell that spans lines is a stray quote
    that swallowed some, unless `multiline_cells` allows it. `geometry` names the column of a
    delimited file that holds GeoJSON geometries. `key_name` names the column of the keys, where a
    JSON file is one object, the entries of which are the rows. Encoding `mixed` is UTF-8 where the
    bytes are, and Windows-1252 elsewhere. `unfold` is for a sheet kept by hand, figures across.
    """

    model_config = STRICT

    format: Literal["csv", "xlsx", "xls", "geojson", "json", "blocks"] = "csv"
    encoding: Literal["utf-8", "cp1252", "mixed"] = "utf-8"
    separator: str = Field(default=";", min_length=1, max_length=1)
    decimal: Literal[",", "."] = ","
    thousands: Literal["space"] | None = None
    sheet: str | None = None
    other_sheets: list[str] = []
    multiline_cells: bool = False
    header_row: int = Field(default=1, ge=1)
    header_cells: list[str] = []
    label_rows: int = Field(default=0, ge=0)
    member: str | None = None
    geometry: str | None = None
    key_name: str | None = None
    unfold: Unfold | None = None

    @model_validator(mode="after")
    def _only_xlsx_is_unfolded(self) -> Self:
        if self.unfold and self.format != "xlsx":
            raise ValueError("unfold demande le format xlsx")
        return self

    @property
    def rows_above(self) -> int:
        """How many rows stand above the first row of data."""
        return self.header_row + self.label_rows

    def changed_by(self, other: ReadOptions | None) -> ReadOptions:
        """These options, with what the other one says in their place."""
        said = {name: getattr(other, name) for name in other.model_fields_set} if other else {}
        return self.model_copy(update=said)

    def of_edition(self, vintage: str) -> ReadOptions:
        """These options, with the edition where `{vintage}` stands for it: a sheet, a year.

        In a depot, the operator comes before it.
        """
        vintage = vintage.rpartition("_")[2]
        unfold = self.unfold
        if unfold and unfold.year:
            year = unfold.year.replace("{vintage}", vintage)
            unfold = unfold.model_copy(update={"year": year})
        sheet = self.sheet and self.sheet.replace("{vintage}", vintage)
        return self.model_copy(update={"unfold": unfold, "sheet": sheet})
