"""What the columns of a file that was read hold, counted on every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.candidate import clean_cell
from warehouse.database import one_row
from warehouse.literal import literal

_DIGITS = r"-?(\d+|\d{1,3}( \d{3})+)"
_QP = r"QP(\d{3}|02[AB])\d{3}"
_QN = r"QN(\d{3}|02[AB])\d{2}[A-Z]"
_COMMUNE = r"(\d{2}|2[AB])\d{3}"
_DEPARTEMENT = r"\d{2}|2[AB]|97\d"
# Régions since 2016: their numbers are few, and départements have the others too.
_REGION = "0[1-6]|11|24|27|28|32|44|52|53|75|76|84|93|94"

_NIR = r"[1278]\d{2}(0[1-9]|1[0-2])\w{2}\d{6}(\d{2})?"

# Each is a condition on a cell `x`; the profile counts the cells that meet it.
_COUNTED = {
    "integers": f"regexp_full_match(x, '{_DIGITS}')",
    "grouped": r"regexp_full_match(x, '-?\d{1,3}( \d{3})+([.,]\d+)?')",
    "commas": f"regexp_full_match(x, '{_DIGITS},\\d+')",
    "points": f"regexp_full_match(x, '{_DIGITS}\\.\\d+')",
    "leading_zeros": r"regexp_full_match(x, '0\d+')",
    "single_words": r"regexp_full_match(x, '[[:alnum:]_./-]+')",
    "with_digits": r"regexp_matches(x, '\d')",
    "capitals": "x = upper(x)",
    "days": r"regexp_full_match(x, '\d{4}-\d{2}(-\d{2}(T.*)?)?')",
    "years": r"regexp_full_match(x, '(19|20)\d{2}')",
    "mails": r"regexp_matches(x, '^[^@\s]+@[^@\s]+\.[^@\s]+$')",
    "phones": r"regexp_full_match(x, '(0|\+33 ?)[1-9]([ .-]?\d{2}){4}')",
    "social_numbers": f"regexp_full_match(replace(x, ' ', ''), '{_NIR}')",
    "qpv2015": f"regexp_full_match(x, '{_QP}')",
    "qpv2024": f"regexp_full_match(x, '{_QN}')",
    "iris": f"regexp_full_match(x, '{_COMMUNE}\\d{{4}}')",
    "epci": r"regexp_full_match(x, '2[04]\d{7}')",
    "commune": f"regexp_full_match(x, '{_COMMUNE}')",
    "departement": f"regexp_full_match(x, '{_DEPARTEMENT}')",
    "region": f"regexp_full_match(x, '{_REGION}')",
    "etablissement": r"regexp_full_match(x, '\d{14}')",
}
TOTALS = ("ensemble", "total", "total général", "france", "toutes", "tous")
# Spellings of a value that is not given, and the status that they most often mean.
MARKS = {
    "s": "secret_producteur",
    "c": "secret_producteur",
    "secret": "secret_producteur",
    "ns": "non_significatif",
    "n.s.": "non_significatif",
    "nd": "non_disponible",
    "n.d.": "non_disponible",
    "na": "non_disponible",
    "n/a": "non_disponible",
    "#n/a": "non_disponible",
    "so": "non_disponible",
    "///": "non_disponible",
    "//": "non_disponible",
    "-": "non_disponible",
    "--": "non_disponible",
    "…": "non_disponible",
    "...": "non_disponible",
    "nc": "non_communique",
    "n/c": "non_communique",
    "n.c.": "non_communique",
}


@dataclass(frozen=True)
class Profile:
    """One column: its name in the file, its rank, and how many of its cells are what.

    `counts` has an entry for each shape that is counted. `marks` are the spellings of values not
    given, `totals` the words that mark rows of totals, as written; `marked` and `totalled` count
    their cells. `median`, `least` and `greatest` are those of its numbers.
    """

    name: str
    rank: int
    rows: int
    filled: int
    distinct: int
    shortest: int
    longest: int
    median: float | None
    least: float | None
    greatest: float | None
    counts: dict[str, int]
    marks: list[str]
    marked: int
    totals: list[str]
    totalled: int

    def all_are(self, *kinds: str, share: float = 1) -> bool:
        """Whether the cells, marks and totals apart, are all of these kinds taken together."""
        given = self.filled - self.marked - self.totalled
        return given > 0 and sum(self.counts[kind] for kind in kinds) >= share * given

    @property
    def fixed_width(self) -> bool:
        return self.shortest == self.longest

    @property
    def is_unique(self) -> bool:
        return self.filled == self.rows == self.distinct


def profile(parquet: Path, header: Sequence[str]) -> list[Profile]:
    """The profile of each named column of the rows that a reader left in `parquet`."""
    with duckdb.connect() as con:
        con.execute(f"create view lues as from {literal(parquet)}")
        return [_column(con, name, rank) for rank, name in enumerate(header) if name]


def unique_together(parquet: Path, ranks: Sequence[int]) -> bool:
    """Whether no two rows have the same cells in these columns."""
    with duckdb.connect() as con:
        cells = ", ".join(clean_cell(rank) for rank in ranks)
        rows, keys = one_row(
            con, f"select count(*), count(distinct ({cells})) from {literal(parquet)}"
        )
    return bool(rows == keys)


def _column(con: duckdb.DuckDBPyConnection, name: str, rank: int) -> Profile:
    number = "try_cast(replace(replace(x, ' ', ''), ',', '.') as double)"
    marked = f"lower(x) in {tuple(MARKS)!r}"
    totalled = f"lower(x) in {TOTALS!r}"
    measured = {
        "rows": "count(*)",
        "filled": "count(x)",
        "distinct": "count(distinct x)",
        "shortest": "coalesce(min(length(x)), 0)",
        "longest": "coalesce(max(length(x)), 0)",
        "median": f"median({number})",
        "least": f"min({number})",
        "greatest": f"max({number})",
        "marks": f"coalesce(list(distinct x order by x) filter ({marked}), [])",
        "marked": f"count(*) filter ({marked})",
        "totals": f"coalesce(list(distinct x order by x) filter ({totalled}), [])",
        "totalled": f"count(*) filter ({totalled})",
    }
    counted = [f"count(*) filter ({condition})" for condition in _COUNTED.values()]
    found = one_row(
        con,
        f"select {', '.join([*measured.values(), *counted])}"
        f" from (select {clean_cell(rank)} as x from lues)",
    )
    values = dict(zip(measured, found, strict=False))
    counts = dict(zip(_COUNTED, found[len(measured) :], strict=True))
    return Profile(name=name, rank=rank, counts=counts, **values)
