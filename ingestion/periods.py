"""The month or the year that a person wrote: `2022-03`, `mars 2022`, `03/2022`, a date, `2022`."""

from __future__ import annotations

import re

from ingestion.readers.months import MONTHS, SHORT, month_of
from ingestion.territories import key_of
from warehouse.ledger import now

PERIOD = r"\d{4}(-(0[1-9]|1[0-2]))?"
EXPECTED = "une période lisible (2022-03, mars 2022, 03/2022 ou une date ; 2022 pour l'année)"
FIRST_YEAR = 2000
YEARS_EXPECTED = f"une période de {FIRST_YEAR} à l'année en cours"
_NUMBERS_OF_A_MONTH = 2
_MIDNIGHT = re.compile(r"[T ]00:00(:00)?$")  # a spreadsheet's day has an hour


def period_of(text: str) -> str | None:
    """The period as `AAAA-MM` or `AAAA`; None where it is none, or where the year is not said."""
    said = _MIDNIGHT.sub("", text.strip())
    if re.fullmatch(PERIOD, said):
        return said
    month = month_of(said, "")
    return month if month and re.fullmatch(PERIOD, month) else None


def holds_a_day(text: str) -> bool:
    """Whether a text that was read as a period says more than it: its day may be of a birth."""
    return len(re.findall(r"\d+", text)) > _NUMBERS_OF_A_MONTH


def is_out_of_time(period: str) -> str:
    """Whether a period (an SQL expression) is of a year that no operator can count, as SQL."""
    return f"left({period}, 4) not between '{FIRST_YEAR}' and '{now().year}'"


def period_named(edition: str) -> str | None:
    """The month or the year that ends the name of an edition, `mjd_2022-05`, or None."""
    found = re.search(rf"(?:^|_)({PERIOD})$", edition)
    return found[1] if found else None


def is_of_another_file(period: str, named: str, cells: str) -> str:
    """Whether a period (an SQL expression) is none of the file's, named by a month or a year.

    One that comes after the name; or any, where no row of `cells` is of the name: the file is then
    a copy of another one. Earlier periods beside its own are a history.
    """
    later = f"left({period}, {len(named)}) > '{named}'"
    its_own = f"(select count(*) from {cells} where starts_with({period}, '{named}'))"
    return f"({later} or {its_own} = 0)"


def looks_like_one(text: str) -> str:
    """Whether a text (an SQL expression) that is no period we load may be repeated, as SQL.

    A year from 2000 on, with nothing else than a number of two digits or a month: all that was
    written of a birth or of a file number stays untold.
    """
    months = "|".join([*MONTHS, *SHORT])
    year, other = r"20\d\d", rf"(\d{{1,2}}|{months})"
    return f"regexp_full_match({key_of(text)}, '{year}( {other})?|{other} {year}')"
