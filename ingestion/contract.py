"""Contracts: what we know of a dataset before its file arrives (`contracts/<producer>/*.yml`)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from warehouse.foreseen import Foreseen

CONTRACTS = Path(__file__).resolve().parent / "contracts"

Status = Literal["secret_producteur", "non_significatif", "non_disponible", "non_communique"]


class ContractError(Foreseen):
    """A contract that cannot be read; the message names its file and the faulty entry."""


def _percentage(value: object) -> object:
    if isinstance(value, str) and value.endswith("%"):
        return float(value[:-1].replace(",", ".")) / 100
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class _Entry(BaseModel):
    # `2019:` in YAML is a number; names of editions are text everywhere here.
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Territory(_Entry):
    """What one row speaks of: the level, its zoning, and the column that names it."""

    level: Literal["quartier", "iris", "commune", "epci", "libelle"]
    zoning: str | None = None
    key: str


class ReadOptions(_Entry):
    """How the bytes become cells. `header_row` counts from 1; `thousands` allows grouped digits.

    Where `other_sheets` is given, a workbook with any further sheet is refused. A quoted cell
    that spans lines is a stray quote that swallowed some, unless `multiline_cells` allows it.
    """

    format: Literal["csv", "xlsx"] = "csv"
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    separator: str = ";"
    decimal: Literal[",", "."] = ","
    thousands: Literal["space"] | None = None
    sheet: str | None = None
    other_sheets: list[str] = []
    multiline_cells: bool = False
    header_row: int = Field(default=1, ge=1)


class RowBounds(_Entry):
    """How many data rows a whole file has, and the share of them that may be set aside."""

    min: int = Field(ge=0)
    max: int
    quarantine_max: Annotated[float, BeforeValidator(_percentage), Field(ge=0, le=1)] = 0.0


class Vintage(_Entry):
    """One edition: the years its figures speak of, by family of columns.

    `rows` is how many data rows it has, where that is known. `inferred` lists the families whose
    year was deduced, not verified. `suffix` ends the raw column names of this edition (`PPSOC17`)
    and is dropped before they are compared.
    """

    rows: int | None = None
    years: dict[str, int] = {}
    inferred: list[str] = []
    suffix: str | None = None

    @model_validator(mode="after")
    def _inferred_families_exist(self) -> Self:
        unknown = set(self.inferred) - set(self.years)
        if unknown:
            raise ValueError(f"inferred names families without a year: {sorted(unknown)}")
        return self


class Expected(_Entry):
    """The vintage that should be in the warehouse, and since when."""

    vintage: str
    by: date


class Column(_Entry):
    """One canonical column: where it is found, what it holds, and what its blanks mean.

    `raw` lists every spelling met; `since` and `until` are editions, both included. `year` names
    the family of `Vintage.years` that dates this measure. `blank` is the status of an empty cell,
    unless the column `note` says otherwise through its own `statuses`.
    """

    raw: Annotated[list[str], BeforeValidator(_as_list)]
    type: Literal["code", "text", "integer", "decimal"]
    role: Literal["key", "attribute", "note", "measure"]
    label: str
    unit: str | None = None
    year: str | None = None
    since: str | None = None
    until: str | None = None
    optional: bool = False
    pattern: str | None = None
    allowed: list[str] | None = None
    blank: Status | None = None
    note: str | None = None
    statuses: dict[str, Status] = {}

    def in_vintage(self, vintage: str) -> bool:
        return (self.since or vintage) <= vintage <= (self.until or vintage)


class Contract(_Entry):
    """A dataset: producer, files, layout, columns and vintages."""

    dataset: str = Field(pattern=r"^[a-z]+\.[a-z0-9_]+$")
    title: str
    producer: str
    licence: str
    citation: str
    page: str
    cadence: Literal["monthly", "quarterly", "yearly"]
    origin: Literal["mirror", "depot"] = "mirror"
    territory: Territory
    files: list[str] = Field(min_length=1)
    read: ReadOptions
    rows: RowBounds
    vintages: dict[str, Vintage] = {}
    vintage_pattern: str | None = None
    expected: Expected | None = None
    control_rows: dict[str, list[str]] = {}
    blank: Status = "non_disponible"
    unknown_columns: Literal["warn", "refuse"] = "warn"
    may_hold_personal_data: bool = False
    columns: dict[str, Column]
    ignore: list[str] = []

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        for name, column in self.columns.items():
            if column.note and column.note not in self.columns:
                raise ValueError(f"column {name}: its note {column.note} is not a column")
            if column.role == "measure" and column.year:
                for vintage, known in self.vintages.items():
                    if column.in_vintage(vintage) and column.year not in known.years:
                        raise ValueError(f"column {name}: vintage {vintage} has no {column.year}")
        if self.territory.key not in self.columns:
            raise ValueError(f"territory.key {self.territory.key} is not a column")
        for name in self.control_rows:
            if name not in self.columns:
                raise ValueError(f"control_rows: {name} is not a column")
        if not self.vintages and not self.vintage_pattern:
            raise ValueError("either vintages or vintage_pattern is needed")
        return self

    @property
    def family(self) -> str:
        """The producer's short name: `insee` in `insee.demo_qpv`."""
        return self.dataset.split(".")[0]

    @property
    def table(self) -> str:
        """The name shared by the raw table, the quarantine table and the suite."""
        return self.dataset.replace(".", "__")

    @cached_property
    def fingerprint(self) -> str:
        """Changes when the contract says something else, not when a comment does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def keys(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.role == "key"]

    def vintage_of(self, file_name: str) -> tuple[str, int] | None:
        """The vintage that a file name claims and the rank of its delivery, or None."""
        wanted = self.vintage_pattern or r"\d{4}"
        name = unicodedata.normalize("NFC", file_name)
        for rank, pattern in enumerate(self.files, start=1):
            regex = re.escape(pattern).replace(r"\{vintage\}", f"(?P<vintage>{wanted})")
            match = re.fullmatch(regex, name, re.IGNORECASE)
            if match:
                return match["vintage"].lower(), rank
        return None

    def columns_of(self, vintage: str) -> dict[str, Column]:
        """The columns that a file of this vintage should have."""
        return {name: c for name, c in self.columns.items() if c.in_vintage(vintage)}


def read_contract(path: Path) -> Contract:
    """Read one contract; raise `ContractError` where it does not hold together."""
    try:
        return Contract.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ContractError(f"Contrat {path.parent.name}/{path.name} : {error}") from error


@cache
def contracts() -> dict[str, Contract]:
    """Every contract of the house, by dataset, in a stable order."""
    found = [read_contract(path) for path in sorted(CONTRACTS.glob("*/*.yml"))]
    return {contract.dataset: contract for contract in found}
