"""The month or the year that a person wrote: `2022-03`, `mars 2022`, `03/2022`, a date, `2022`."""

from __future__ import annotations

import re

from ingestion.readers.months import MONTHS, month_of
from ingestion.territories import key_of
from warehouse.literal import literal

PERIOD = r"\d{4}(-(0[1-9]|1[0-2]))?"
EXPECTED = "une période lisible (2022-03, mars 2022, 03/2022 ou une date ; 2022 pour l'année)"
_MIDNIGHT = re.compile(r"[T ]00:00(:00)?$")  # a spreadsheet's day has an hour


def period_of(text: str) -> str | None:
    """The period as `AAAA-MM` or `AAAA`; None where it is none, or where the year is not said."""
    said = _MIDNIGHT.sub("", text.strip())
    if re.fullmatch(PERIOD, said):
        return said
    month = month_of(said, "")
    return month if month and re.fullmatch(PERIOD, month) else None


def looks_like_one(text: str) -> str:
    """Whether a text (an SQL expression) that is no period may be repeated, as SQL.

    A few digits, fewer than the day of a birth, or a month with one letter wrong.
    """
    months = ", ".join(literal(month) for month in MONTHS)
    wrong = f"damerau_levenshtein(m, split_part({key_of(text)}, ' ', 1)) <= 1"
    return (
        f"(regexp_full_match({text}, '[0-9 ./-]{{1,7}}')"
        f" or regexp_full_match({key_of(text)}, '[a-z]+ [0-9]{{4}}')"
        f" and len(list_filter([{months}], lambda m: {wrong})) > 0)"
    )
