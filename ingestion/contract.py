"""Contracts: what we know of a dataset before its file arrives (`contracts/<producer>/*.yml`)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ingestion.contract_faults import Fault, faults_in
from ingestion.contract_text import load_yaml, unreadable
from ingestion.readers.options import STRICT, ReadOptions
from warehouse.foreseen import Foreseen

CONTRACTS = Path(__file__).resolve().parent / "contracts"
# What Python's regular expressions know, and not the engine that will use the pattern.
BEYOND_RE2 = r"\(\?(=|!|<[=!])|\\[1-9]"
PERCENTAGE = r"\d+([.,]\d+)?%"

Status = Literal[
    "secret_producteur",
    "non_significatif",
    "non_disponible",
    "non_communique",
    "sans_objet",
    "prevu",
]


class ContractError(Foreseen):
    """A contract that cannot be read; the message names its file and the faulty entry."""


def _percentage(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(PERCENTAGE, value):
        return float(value[:-1].replace(",", ".")) / 100
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int | float) else value


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class _Entry(BaseModel):
    model_config = STRICT


def _one_of(*names: str) -> ConfigDict:
    """What the JSON Schema says of entries of which one, and only one, is needed."""
    return ConfigDict(json_schema_extra={"oneOf": [{"required": [name]} for name in names]})


class Territory(_Entry):
    """What one row speaks of: the level, its zoning, and the column that names it.

    `known_from` is the dataset whose rows list the codes that exist.
    """

    level: Literal[
        "quartier",
        "iris",
        "commune",
        "epci",
        "departement",
        "region",
        "france",
        "zus",
        "contrat_de_ville",
        "etablissement",
        "libelle",
    ]
    zoning: str | None = None
    key: str
    known_from: str | None = None


# No user nor password: a contract is public.
Url = Annotated[str, Field(pattern=r"^https?://[\w.-]+(:\d+)?/\S*$")]


class Delivery(_Entry):
    """One form in which an edition arrives: its file name, and what is read otherwise in it.

    In the name, `{vintage}` stands for the edition, `{yy}` for its last two digits, `*` for any
    text. `url` is its official address, where it has one of its own.
    """

    name: str
    read: ReadOptions | None = None
    url: Url | None = None


# A single text is written without brackets, and a delivery without options by its name alone.
Names = Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=list[str] | str)]
Deliveries = Annotated[
    list[Annotated[Delivery, BeforeValidator(_named)]],
    BeforeValidator(_as_list, json_schema_input_type=list[Delivery | str] | str),
]
Share = Annotated[float, Field(ge=0, le=1)]
Percentage = Annotated[str, Field(pattern=f"^{PERCENTAGE}$")]


class RowBounds(_Entry):
    """How many data rows a whole file has, and the share of them that may be set aside.

    Rows set aside for want of knowing a territory's name are counted apart (`unknown_names_max`,
    or `quarantine_max` where it is not given): the fault is not in their figures.
    """

    min: int = Field(ge=0)
    max: int = Field(ge=0)
    quarantine_max: Annotated[
        Share, BeforeValidator(_percentage, json_schema_input_type=Share | Percentage)
    ] = 0.0
    unknown_names_max: (
        Annotated[Share, BeforeValidator(_percentage, json_schema_input_type=Share | Percentage)]
        | None
    ) = None


class Vintage(_Entry):
    """One edition: the years its figures speak of, by family of columns.

    `rows` is how many data rows it has, where that is known. `inferred` lists the families whose
    year was deduced, not verified. `suffix` ends the raw column names of this edition (`PPSOC17`)
    and is dropped before they are compared. `files` and `read` take the place of the contract's
    for this edition; `url` is its official address. `geography` is the year of the territories'
    limits; `provisional` figures will be revised by the producer.
    """

    files: Deliveries = []
    read: ReadOptions | None = None
    url: Url | None = None
    geography: str | None = None
    provisional: bool = False
    rows: Annotated[int, Field(ge=0)] | None = None
    years: dict[str, int] = {}
    inferred: list[str] = []
    suffix: str | None = None

    @model_validator(mode="after")
    def _inferred_families_exist(self) -> Self:
        unknown = set(self.inferred) - set(self.years)
        if unknown:
            names = ", ".join(sorted(unknown))
            raise Fault(f"familles sans année dans years : {names}", "inferred")
        return self


class Expected(_Entry):
    """The vintage that should be in the warehouse, and since when."""

    vintage: str
    by: date


class Column(_Entry):
    """One canonical column: where it is found, what it holds, and what its blanks mean.

    `raw` lists every spelling met; `joined` is the parts of a code that the file splits, in
    order. `since` and `until` are editions, both included; those of `not_in`, between them, have
    not the column. `year` names the family of `Vintage.years` that dates this measure. `blank` is
    the status of an empty cell, unless the column `note` says otherwise through its own `statuses`.
    `handling` says what becomes of a value that speaks of a person: `band` keeps only its class,
    from each bound of `bands` to the next; `pseudonymise` keeps a keyed hash. `proper_names` are
    those of places and structures: a civility among them is nobody. `names: territories` are looked
    up in the observatory's list: a row whose name is not there is set aside.
    `additive` counts may be summed over territories that do not overlap. Values of years before
    `comparable_since` are not comparable with those after. `rounded_to` is the step to which the
    producer rounds.
    """

    model_config = _one_of("raw", "joined")

    raw: Names = []
    joined: list[str] = []
    type: Literal["code", "text", "integer", "decimal", "geometry", "quantity", "period"]
    role: Literal["key", "attribute", "note", "measure"]
    label: str
    unit: str | None = None
    year: str | None = None
    since: str | None = None
    until: str | None = None
    not_in: Names = []
    optional: bool = False
    pattern: str | None = None
    allowed: list[str] | None = None
    blank: Status | None = None
    note: str | None = None
    statuses: dict[str, Status] = {}
    additive: bool = False
    comparable_since: int | None = None
    rounded_to: Annotated[int, Field(ge=2)] | None = None
    handling: Literal["load", "band", "pseudonymise"] = "load"
    bands: list[int] = []
    proper_names: bool = False
    names: Literal["territories"] | None = None

    @model_validator(mode="after")
    def _found_in_one_way(self) -> Self:
        if bool(self.raw) == bool(self.joined):
            raise Fault("il faut raw, ou joined, et non les deux")
        return self

    @model_validator(mode="after")
    def _quantity_is_a_measure(self) -> Self:
        if self.type == "quantity" and self.role != "measure":
            raise Fault("une quantité est une mesure (measure)", "role")
        return self

    @model_validator(mode="after")
    def _names_are_text(self) -> Self:
        if self.names and self.type != "text":
            raise Fault("des noms sont du texte (text)", "type")
        return self

    @model_validator(mode="after")
    def _pattern_is_one(self) -> Self:
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            raise Fault("cette expression régulière ne se lit pas", "pattern") from error
        if re.search(BEYOND_RE2, self.pattern or ""):
            raise Fault("DuckDB ne connaît ni (?=, (?!, (?<= ni les renvois \\1", "pattern")
        return self

    @model_validator(mode="after")
    def _bands_are_ordered(self) -> Self:
        if (self.handling == "band") != bool(self.bands):
            raise Fault("bands va avec handling: band, et l'un ne va pas sans l'autre", "bands")
        if self.bands != sorted(set(self.bands)):
            raise Fault("les bornes vont en croissant, chacune une fois", "bands")
        return self

    @property
    def spellings(self) -> list[str]:
        """Every name that this column, or a part of it, has in a file."""
        return self.raw or self.joined

    def in_vintage(self, vintage: str) -> bool:
        between = (self.since or vintage) <= vintage <= (self.until or vintage)
        return between and vintage not in self.not_in


class Claim(NamedTuple):
    """What a file name says: the edition, and the rank of the delivery (1 is the one kept)."""

    vintage: str
    delivery: int


# A file is not judged anew because it has moved.
_FILES: Any = {"__all__": {"url"}}
_ADDRESSES: Any = {
    "url": True,
    "files": _FILES,
    "vintages": {"__all__": {"url": True, "files": _FILES}},
}


class Address(NamedTuple):
    """Where an official file is, and the name it has here."""

    claim: Claim
    url: str
    name: str


class Contract(_Entry):
    """A dataset: producer, files, layout, columns and vintages.

    `url` is the official address of a file (`{vintage}`, `{yy}`), where it is known; `page` that
    of the dataset. `period` is the column that dates each row, where rows of several years share
    a file. `marks` are the spellings of a value that is not given (`s`, `nd`), with the status of
    each. `to_confirm` says, in French, what is not verified yet, no file being at hand.
    `operator_folder` says that the folder of a file names its operator: it then begins its
    edition. Of a file that may hold personal data, the columns of `dropped` are not kept, and one
    that has a column of `nominative` is refused as such.
    """

    model_config = _one_of("vintages", "vintage_pattern")

    dataset: str = Field(pattern=r"^[a-z]+\.[a-z0-9_]+$")
    title: str
    producer: str
    licence: str
    citation: str
    page: str
    url: Url | None = None
    cadence: Literal["monthly", "quarterly", "yearly", "irregular"]
    origin: Literal["mirror", "depot"] = "mirror"
    to_confirm: str | None = None
    territory: Territory
    files: Deliveries = []
    read: ReadOptions
    rows: RowBounds
    vintages: dict[str, Vintage] = {}
    vintage_pattern: str | None = None
    expected: Expected | None = None
    period: str | None = None
    control_rows: dict[str, list[str]] = {}
    blank: Status = "non_disponible"
    marks: dict[str, Status] = {}
    unknown_columns: Literal["warn", "refuse"] = "warn"
    may_hold_personal_data: bool = False
    operator_folder: bool = False
    dropped: list[str] = []
    nominative: list[str] = []
    columns: dict[str, Column]
    ignore: list[str] = []

    @model_validator(mode="after")
    def _columns_agree(self) -> Self:
        for name, column in self.columns.items():
            if column.note and column.note not in self.columns:
                raise Fault(f"« {column.note} » n'est pas une colonne", "columns", name, "note")
            if column.role == "measure" and column.year:
                for vintage, known in self.vintages.items():
                    if column.in_vintage(vintage) and column.year not in known.years:
                        raise Fault(
                            f"l'édition {vintage} n'a pas d'année « {column.year} » dans years",
                            *("columns", name, "year"),
                        )
        return self

    @model_validator(mode="after")
    def _spellings_are_of_one_column(self) -> Self:
        for vintage in self.vintages:
            owners: dict[str, str] = {}
            for name, column in self.columns_of(vintage).items():
                for spelling in column.raw:
                    owner = owners.setdefault(spelling, name)
                    if owner != name:
                        raise Fault(
                            f"« {spelling} » est déjà celle de « {owner} » en {vintage}",
                            *("columns", name, "raw"),
                        )
        return self

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        if self.territory.key not in self.columns:
            raise Fault(f"« {self.territory.key} » n'est pas une colonne", "territory", "key")
        if self.period and self.period not in self.columns:
            raise Fault(f"« {self.period} » n'est pas une colonne", "period")
        if not self.may_hold_personal_data and (
            self.dropped
            or self.nominative
            or any(column.handling != "load" for column in self.columns.values())
        ):
            raise Fault(
                "des colonnes parlent de personnes : true est attendu", "may_hold_personal_data"
            )
        for name in self.control_rows:
            if name not in self.columns:
                raise Fault(f"« {name} » n'est pas une colonne", "control_rows", name)
        if bool(self.vintages) == bool(self.vintage_pattern):
            raise Fault("il faut vintages, ou vintage_pattern, et non les deux")
        if not self.files and not (
            self.vintages and all(known.files for known in self.vintages.values())
        ):
            raise Fault("il faut un nom de fichier, ici ou pour chaque édition", "files")
        for delivery in self.files:
            if "{vintage}" not in delivery.name and "{yy}" not in delivery.name:
                raise Fault(
                    f"« {delivery.name} » ne dit pas l'édition ({{vintage}} ou {{yy}})", "files"
                )
        if self.url and "{vintage}" not in self.url and "{yy}" not in self.url:
            raise Fault(f"« {self.url} » ne dit pas l'édition ({{vintage}} ou {{yy}})", "url")
        return self

    @model_validator(mode="after")
    def _what_is_unfolded_is_loaded(self) -> Self:
        if self.read.unfold is None:
            return self
        spelled = {spelling for column in self.columns.values() for spelling in column.raw}
        for name in self.read.unfold.header:
            if name not in spelled:
                raise Fault(f"« {name} » n'est le raw d'aucune colonne", "read", "unfold")
        if not self.may_hold_personal_data:
            raise Fault(
                "une feuille tenue à la main peut désigner des personnes : true est attendu",
                "may_hold_personal_data",
            )
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
        """Changes when the contract says something else, not when a comment or an address does."""
        said = self.model_dump_json(exclude=_ADDRESSES)
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def keys(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.role == "key"]

    @property
    def measures(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.role == "measure"]

    @property
    def forgiven(self) -> list[str]:
        """Columns in which operators write by hand: another spelling of a value is that value."""
        return [
            name
            for name, column in self.columns.items()
            if column.type == "period"
            or (self.origin == "depot" and column.type == "text" and column.allowed)
        ]

    @property
    def names_territories(self) -> bool:
        """Whether rows are set aside where the name of their territory is not known."""
        return any(column.names for column in self.columns.values())

    def column_named(self, spelling: str) -> Column | None:
        """The column that has this name in a file."""
        return next((c for c in self.columns.values() if spelling in c.spellings), None)

    @property
    def editions_differ(self) -> bool:
        """Whether two editions with the same values are a mistake.

        Exports overlap, and lists hardly move from one year to the next: theirs are none.
        """
        return bool(self.vintages and self.measures and not self.period)

    def claim_of(self, file_name: str) -> Claim | None:
        """What a file name claims, or None where it is no file of this dataset.

        The names that an edition lists come before those of the dataset.
        """
        name = unicodedata.normalize("NFC", file_name)
        for vintage, known in self.vintages.items():
            for rank, delivery in enumerate(known.files, start=1):
                if _name_pattern(delivery.name, re.escape(vintage)).fullmatch(name):
                    return Claim(vintage, rank)
        for rank, delivery in enumerate(self.files, start=1):
            found = _name_pattern(delivery.name, self.vintage_pattern or r"\d{4}").fullmatch(name)
            if found:
                parts = found.groupdict()
                vintage = parts.get("vintage") or f"20{parts['yy']}"
                named_apart = vintage in self.vintages and self.vintages[vintage].files
                return None if named_apart else Claim(vintage.lower(), rank)
        return None

    def claim_at(self, path: Path) -> Claim | None:
        """What a file claims by its name and, where that does not say its operator, its folder."""
        claim = self.claim_of(path.name)
        if claim is None or not self.operator_folder:
            return claim
        return claim._replace(vintage=f"{slug(path.parent.name)}_{claim.vintage}")

    def deliveries_of(self, vintage: str) -> list[Delivery]:
        """The forms in which this edition may arrive, the one that is kept first."""
        known = self.vintages.get(vintage)
        return (known and known.files) or self.files

    @property
    def addresses(self) -> list[Address]:
        """Where the files of the known editions are, as far as that is known, oldest first.

        The address of an edition, or of the dataset, is that of the delivery that is kept.
        """
        found = []
        for vintage, known in sorted(self.vintages.items()):
            for rank, delivery in enumerate(self.deliveries_of(vintage), start=1):
                shared = known.url or self.url if rank == 1 else None
                url = delivery.url or shared
                if url:
                    name = _filled(delivery.name.replace("*", ""), vintage)
                    found.append(Address(Claim(vintage, rank), _filled(url, vintage), name))
        return found

    def reading_of(self, claim: Claim) -> ReadOptions:
        """How a file is read: as the dataset, but for what its edition and delivery change."""
        known = self.vintages.get(claim.vintage)
        delivery = self.deliveries_of(claim.vintage)[claim.delivery - 1]
        options = self.read.changed_by(known.read if known else None).changed_by(delivery.read)
        return options.of_edition(claim.vintage)

    def columns_of(self, vintage: str) -> dict[str, Column]:
        """The columns that a file of this vintage should have."""
        return {name: c for name, c in self.columns.items() if c.in_vintage(vintage)}

    def assumed(self, vintage: str, like: str) -> Vintage:
        """An edition that the contract does not know, read as a known one whose columns it has.

        Its years are those of the known edition, moved by as many years: all of them deduced.
        """
        known = self.vintages[like]
        gap = int(vintage) - int(like)
        years = {family: year + gap for family, year in known.years.items()}
        suffix = known.suffix and known.suffix.replace(like[-2:], vintage[-2:])
        return known.model_copy(
            update={
                "files": [],
                "rows": None,
                "url": None,
                "years": years,
                "inferred": sorted(years),
                "suffix": suffix,
                "geography": None,
            }
        )


def slug(name: str) -> str:
    """A folder's name as it is written in an edition: `Ville de Trappes` is `ville-de-trappes`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "inconnu"


def _filled(text: str, vintage: str) -> str:
    return text.replace("{vintage}", vintage).replace("{yy}", vintage[-2:])


def _name_pattern(name: str, vintage: str) -> re.Pattern[str]:
    regex = re.escape(name).replace(r"\*", ".*")
    regex = regex.replace(r"\{vintage\}", f"(?P<vintage>{vintage})")
    return re.compile(regex.replace(r"\{yy\}", r"(?P<yy>\d{2})"), re.IGNORECASE)


def read_contract(path: Path) -> Contract:
    """Read one contract; raise `ContractError` where it does not hold together."""
    where = f"Contrat {path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        raise ContractError(f"{where}, ligne {line} : enregistrez-le en UTF-8.") from error
    try:
        return Contract.model_validate(load_yaml(text))
    except ValidationError as error:
        said = (f"{where}, {fault}." for fault in faults_in(text, error))
        raise ContractError("\n".join(said)) from error
    except yaml.YAMLError:
        raise ContractError(f"{where}, {unreadable(text)}.") from None


@cache
def contracts() -> dict[str, Contract]:
    """Every contract of the house, by dataset, in a stable order: what others refer to first."""
    found = [read_contract(path) for path in sorted(CONTRACTS.glob("*/*.yml"))]
    named = {contract.dataset: contract for contract in found}
    references = {c.territory.known_from for c in found if c.territory.known_from}
    unknown = sorted(references - named.keys())
    if unknown:
        raise ContractError(f"territory.known_from : jeu inconnu, {', '.join(unknown)}.")
    return dict(sorted(named.items(), key=lambda item: (item[0] not in references, item[0])))
