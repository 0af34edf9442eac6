"""Canonical names: French, snake_case, without accents, with the unit where it is ambiguous."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingestion.contract import Column, contracts

LONGEST = 60
_WORDS = {
    "nb": "nombre",
    "nbre": "nombre",
    "pop": "population",
    "com": "commune",
    "dep": "departement",
    "reg": "region",
    "lib": "libelle",
    "libgeo": "libelle",
    "libcom": "libelle_commune",
    "depcom": "code_commune",
    "tx": "taux",
    "tot": "total",
    "moy": "moyenne",
    "med": "mediane",
    "men": "menages",
    "fam": "familles",
    "log": "logements",
    "etab": "etablissements",
    "alloc": "allocataires",
    "benef": "beneficiaires",
}
_UNITS = {"%": "pct", "€": "eur", "EUR": "eur"}
_UNIT_WORDS = {"pct", "pourcentage", "pourcent", "eur", "euro", "euros"}
_SMALL_WORDS = {"de", "des", "du", "d", "la", "le", "les", "l", "au", "aux"}


@dataclass(frozen=True)
class Known:
    """How contracts of the house name a column: unit and label where all that know it agree."""

    name: str
    type: str
    unit: str | None
    label: str | None
    datasets: list[str]


def words_of(text: str) -> list[str]:
    """The words of a raw name or of a label, in lower case and without accents."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", text.replace("’", "'"))
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def canonical(text: str, unit: str | None) -> str:
    """A name for a column that is called `text` in its file, or by its label."""
    words = [word for word in words_of(text) if word not in _UNIT_WORDS]
    words = [word for word in words if word not in _SMALL_WORDS] or words
    name = "_".join(_WORDS.get(word, word) for word in words)[:LONGEST].strip("_")
    if not name or name[0].isdigit():
        name = f"colonne_{name}".strip("_")
    return f"{name}_{_UNITS[unit]}" if unit in _UNITS else name


def distinct(name: str, taken: set[str]) -> str:
    """The name, numbered where it is already taken; it is then taken too."""
    chosen, number = name, 1
    while chosen in taken:
        number += 1
        chosen = f"{name}_{number}"
    taken.add(chosen)
    return chosen


@cache
def known_names() -> dict[str, Known]:
    """What the contracts call each raw name, where all that know it agree on its name and type."""
    found: dict[str, list[tuple[str, str, Column]]] = {}
    for dataset, contract in contracts().items():
        for name, column in contract.columns.items():
            for spelling in column.raw:
                found.setdefault(spelling, []).append((dataset, name, column))
    return {
        spelling: Known(
            name=uses[0][1],
            type=uses[0][2].type,
            unit=_agreed(column.unit for _, _, column in uses),
            label=_agreed(column.label for _, _, column in uses),
            datasets=[dataset for dataset, _, _ in uses],
        )
        for spelling, uses in found.items()
        if len({(name, column.type) for _, name, column in uses}) == 1
    }


def _agreed(said: Iterable[str | None]) -> str | None:
    different = set(said)
    return different.pop() if len(different) == 1 else None


@dataclass(frozen=True)
class NamedEdition:
    """What a file name says of its edition; `pattern` has `{vintage}` or `{yy}` in its place."""

    vintage: str
    pattern: str


def edition_in(name: str) -> NamedEdition | None:
    """The edition in a file name: its last year, or two digits after a letter; None without."""
    years = list(re.finditer(r"(?<!\d)(19|20)\d{2}(?!\d)(?P<day>-\d{2}(-\d{2})?(?!\d))?", name))
    if years:
        year = years[-1]
        rest = "-*" if year["day"] else ""
        pattern = f"{name[: year.start()]}{{vintage}}{rest}{name[year.end() :]}"
        return NamedEdition(year.group()[:4], pattern)
    short = list(re.finditer(r"(?<=[A-Za-z])[0-3]\d(?!\d)", Path(name).stem))
    if short:
        start, end = short[-1].span()
        return NamedEdition(f"20{name[start:end]}", f"{name[:start]}{{yy}}{name[end:]}")
    return None
