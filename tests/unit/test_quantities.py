"""Quantities as people write them: what they say, or nothing; never a guess, never a zero."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.quantities import QUANTITY_TYPE, know_quantities, said

# Least, value, most, qualifier, unit.
Quantity = tuple[float | None, float | None, float | None, str, str | None]
SPACES = [" ", "\u00a0", "\u202f", "\u2009"]

READABLE: dict[str, Quantity] = {
    "17": (None, 17, None, "exact", None),
    "0": (None, 0, None, "exact", None),
    " 17\u00a0": (None, 17, None, "exact", None),
    "6,2": (None, 6.2, None, "exact", None),
    "1 234 567,5": (None, 1234567.5, None, "exact", None),
    "83 %": (None, 83, None, "exact", "%"),
    "83%": (None, 83, None, "exact", "%"),
    "31 820 €": (None, 31820, None, "exact", "€"),
    "31\u202f820\u00a0€": (None, 31820, None, "exact", "€"),
    "31820 euros": (None, 31820, None, "exact", "€"),
    "près de 800": (None, 800, None, "environ", None),
    "Pres de 800": (None, 800, None, "environ", None),
    "environ 31 820 €": (None, 31820, None, "environ", "€"),
    "env. 30": (None, 30, None, "environ", None),
    "30 environ": (None, 30, None, "environ", None),
    "~30": (None, 30, None, "environ", None),
    "une dizaine": (None, 10, None, "environ", None),
    "Une soixantaine": (None, 60, None, "environ", None),
    "en moyenne 520": (None, 520, None, "moyenne", None),
    "520 en moyenne": (None, 520, None, "moyenne", None),
    "au moins 20 %": (20, None, None, "au_moins", "%"),
    "20 % au moins": (20, None, None, "au_moins", "%"),
    "plus de 1 200": (1200, None, None, "au_moins", None),
    "≥ 11": (11, None, None, "au_moins", None),
    "160 et 340": (160, None, 340, "fourchette", None),
    "160 à 340": (160, None, 340, "fourchette", None),
    "Entre 160 et 340": (160, None, 340, "fourchette", None),
    "de 160 à 340": (160, None, 340, "fourchette", None),
    "20 à 30 %": (20, None, 30, "fourchette", "%"),
    "20 % à 30 %": (20, None, 30, "fourchette", "%"),
    "1 600 et 3 400 €": (1600, None, 3400, "fourchette", "€"),
}
UNREADABLE = [
    "12 34", "1 2345", "1  234", "1.234", "6.2", "1e3", "-3", "+3", "--", "٣", "½",
    "340 et 160", "12 et 12", "160 et", "et 340", "160, 340", "160-340", "160 et 340 et 500",
    "20 % et 30", "20 % et 30 €", "20 €%", "%", "€", "83 % de femmes", "17 adultes",
    "dont 12", "près de", "près de trente", "près de 30 au moins", "environ 30 environ",
    "entre 30", "de 30", "au moins", "moins de 5", "plusieurs dizaines", "dizaine", "X", "X*",
    "17*", "(17)", "=17", "2022-03-01", "oui", "9" * 400, "1 à " + "9" * 400, "?", "/", "-",
]  # fmt: skip
STATUSES = {
    "N/C": "non_communique",
    "n.c.": "non_communique",
    "NC": "non_communique",
    "Non communiqué": "non_communique",
    "A venir": "prevu",
    "à venir": "prevu",
    "PRÉVU": "prevu",
    "nd": "non_disponible",
    "sans objet": "sans_objet",
}


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    know_quantities(connection)
    return connection


def read(con: duckdb.DuckDBPyConnection, cells: list[str | None]) -> list[Quantity | None]:
    rows = con.execute(
        "select q.valeur_basse, q.valeur, q.valeur_haute, q.qualificatif, q.unite, q is null"
        " from (select quantite(c) as q from unnest(?::varchar[]) as t(c))",
        [cells],
    ).fetchall()
    # mypy: the rest of a starred row has no fixed length.
    return [None if absent else tuple(parts) for *parts, absent in rows]  # type: ignore[misc]


def statuses(con: duckdb.DuckDBPyConnection, cells: list[str | None]) -> list[str | None]:
    rows = con.execute("select statut_ecrit(c) from unnest(?::varchar[]) as t(c)", [cells])
    return [status for (status,) in rows.fetchall()]


def test_what_is_written_is_read(con: duckdb.DuckDBPyConnection) -> None:
    assert dict(zip(READABLE, read(con, [*READABLE]), strict=True)) == READABLE


def test_what_cannot_be_read_is_nothing(con: duckdb.DuckDBPyConnection) -> None:
    found = dict(zip(UNREADABLE, read(con, [*UNREADABLE]), strict=True))
    assert {cell: quantity for cell, quantity in found.items() if quantity} == {}
    assert [s for s in statuses(con, [*UNREADABLE]) if s] == []


def test_a_blank_is_neither_a_quantity_nor_a_status(con: duckdb.DuckDBPyConnection) -> None:
    blanks = [None, "", "  ", "\u00a0"]
    assert read(con, [*blanks]) == statuses(con, [*blanks]) == [None] * 4


def test_words_say_why_nothing_is_counted(con: duckdb.DuckDBPyConnection) -> None:
    assert dict(zip(STATUSES, statuses(con, [*STATUSES]), strict=True)) == STATUSES
    assert read(con, [*STATUSES]) == [None] * len(STATUSES)
    assert [s for s in statuses(con, [*READABLE]) if s] == []


def test_the_type_is_that_of_the_raw_tables(con: duckdb.DuckDBPyConnection) -> None:
    ((kind,),) = con.execute("select typeof(quantite('17'))").fetchall()
    assert kind.lower() == QUANTITY_TYPE


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("17", "17"),
        ("100", "100"),
        ("6,05", "6.05"),
        ("83 %", "83 %"),
        ("près de 800", "environ 800"),
        ("20 % au moins", "au moins 20 %"),
        ("160 et 340 €", "entre 160 et 340 €"),
        ("x", None),
    ],
)
def test_a_quantity_is_told(con: duckdb.DuckDBPyConnection, cell: str, text: str | None) -> None:
    told = con.execute(f"select {said('q')} from (select quantite(?) as q)", [cell]).fetchone()
    assert told == (text,)


def written(number: int, decimals: int | None, space: str | None) -> tuple[str, float]:
    digits = str(number)
    if space:
        digits = re.sub(r"(?<=\d)(?=(\d{3})+$)", space, digits)
    if decimals is None:
        return digits, float(number)
    return f"{digits},{decimals:02}", float(f"{number}.{decimals:02}")


NUMBERS = st.builds(
    written,
    st.integers(0, 10**9),
    st.none() | st.integers(0, 99),
    st.none() | st.sampled_from(SPACES),
)
UNITS = st.sampled_from([("", None), ("%", "%"), (" %", "%"), ("\u00a0€", "€"), (" euros", "€")])
WAYS = {
    "{}": "exact",
    "près de {}": "environ",
    "ENVIRON {}": "environ",
    "{} environ": "environ",
    "en moyenne {}": "moyenne",
    "au moins {}": "au_moins",
    "{} ou plus": "au_moins",
}
RANGES = ["{} et {}", "{} à {}", "entre {} et {}", "de {} à {}"]


@st.composite
def quantities(draw: st.DrawFn) -> tuple[str, Quantity]:
    (text, value), (sign, unit) = draw(NUMBERS), draw(UNITS)
    way = draw(st.sampled_from([*WAYS, *RANGES]))
    if way in WAYS:
        least, exact = (value, None) if WAYS[way] == "au_moins" else (None, value)
        return way.format(text + sign), (least, exact, None, WAYS[way], unit)
    more, most = draw(NUMBERS.filter(lambda other: other[1] > value))
    return way.format(text, more + sign), (value, None, most, "fourchette", unit)


@settings(max_examples=20, deadline=None)
@given(cells=st.lists(quantities(), min_size=1, max_size=60))
def test_a_quantity_comes_back_as_it_was_meant(cells: list[tuple[str, Quantity]]) -> None:
    with duckdb.connect() as con:
        know_quantities(con)
        assert read(con, [text for text, _ in cells]) == [meant for _, meant in cells]


PIECES = [
    "12",
    "340",
    " ",
    " ",
    ",",
    "5",
    "%",
    "€",
    "et",
    "à",
    "près de",
    "au moins",
    "x",
    "-",
    ".",
]


@settings(max_examples=20, deadline=None)
@given(cells=st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), max_size=80))
def test_no_number_is_made_up(cells: list[str]) -> None:
    """Whatever is read uses every digit of the cell, and no other."""
    with duckdb.connect() as con:
        know_quantities(con)
        for cell, quantity in zip(cells, read(con, [*cells]), strict=True):
            if quantity is None:
                continue
            numbers: list[Any] = [part for part in quantity[:3] if part is not None]
            there = [float(n.replace(" ", "").replace(",", ".")) for n in numbers_in(cell)]
            assert numbers == there, cell
            assert (quantity[4] is None) == (not re.search("[%€]", cell)), cell


def numbers_in(cell: str) -> list[str]:
    return re.findall(r"\d[\d ]*(?:,\d+)?", cell)
