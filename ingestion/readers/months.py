"""The month that a person wrote above a column: `janv.`, `Février 2022`, `03/2022`, a date."""

from __future__ import annotations

import re

from ingestion.readers.cells import folded

MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
SHORT = {
    "jan": 1, "janv": 1, "fev": 2, "fevr": 2, "mar": 3, "avr": 4, "juil": 7, "juill": 7, "aou": 8,
    "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_RANKS = {name: rank for rank, name in enumerate(MONTHS, 1)} | SHORT
_IN_LETTERS = re.compile(r"([a-z]+)\.?(?:[ -](\d{4}|\d{2}))?")
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])"
_IN_DIGITS = re.compile(rf"(?:{_DAY}[/-])?{_MONTH}[/-](\d{{4}})")  # a day comes first, in French
_DATE = re.compile(rf"(\d{{4}})[/-]{_MONTH}(?:[/-]{_DAY})?")


def month_of(text: str, year: str) -> str | None:
    """The month as `AAAA-MM`, of `year` where the text gives none; None where it is no month."""
    said = folded(text)
    if found := _DATE.fullmatch(said):
        return f"{found[1]}-{int(found[2]):02}"
    if found := _IN_DIGITS.fullmatch(said):
        return f"{found[2]}-{int(found[1]):02}"
    found = _IN_LETTERS.fullmatch(said)
    if not found or found[1] not in _RANKS:
        return None
    written = found[2] or year
    century = "" if len(written) == len(year) else year[:2]
    return f"{century}{written}-{_RANKS[found[1]]:02}"
