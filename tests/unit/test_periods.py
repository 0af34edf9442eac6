"""Periods as operators write them: the one that is meant, or none."""

from __future__ import annotations

import duckdb
import pytest

from ingestion.periods import holds_a_day, is_out_of_time, looks_like_one, period_of
from warehouse.ledger import now

MEANT = {
    "2022": "2022",
    "2022-03": "2022-03",
    "2022-03-01": "2022-03",
    "2022-03-01T00:00:00": "2022-03",
    "2022-03-15 00:00:00": "2022-03",
    "mars 2022": "2022-03",
    "MARS 2022": "2022-03",
    "Mars  2022": "2022-03",
    "févr. 2022": "2022-02",
    "août 2021": "2021-08",
    "03/2022": "2022-03",
    "3/2022": "2022-03",
    "03-2022": "2022-03",
    "2022-3": "2022-03",
    "2022/03": "2022-03",
    "15/03/2022": "2022-03",
    "1-3-2022": "2022-03",
    "décembre-2021": "2021-12",
}
NONE = [
    "mars", "mars 22", "03/22", "13/2022", "2022-13",
    "32/03/2022", "03/15/2022", "0/2022", "2022-0", "15-03-22", "ma 2022", "ju 2022", "22", "",
    "1er trimestre 2022", "2022-2023", "mras 2022", "mars 2022 (Mme Martin)", "2022-03-01T10:00:00",
]  # fmt: skip


@pytest.mark.parametrize("text", MEANT)
def test_one_meaning(text: str) -> None:
    assert period_of(text) == MEANT[text]


@pytest.mark.parametrize("text", NONE)
def test_no_meaning(text: str) -> None:
    assert period_of(text) is None


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("2022-13", True), ("13/2022", True), ("2035", True), ("Févr. 2035", True),
        ("12/05/1985", False), ("3/12/85", False), ("12/05/2008", False), ("7654321", False),
        ("Marc 1985", False), ("Marc 2015", False), ("mras 2022", False), ("1986-11", False),
        ("Martin 1985", False), ("mars, Berthe Canari", False), ("2022-03-15", False),
    ],
)  # fmt: skip
def test_what_may_be_repeated(text: str, repeated: bool) -> None:
    with duckdb.connect() as con:
        assert con.execute(f"select {looks_like_one('?1')}", [text]).fetchone() == (repeated,)


@pytest.mark.parametrize("text", MEANT)
def test_a_day_is_seen(text: str) -> None:
    assert holds_a_day(text) == any(day in text for day in ("-03-01", "-03-15", "15/03", "1-3"))


def test_years_that_operators_count() -> None:
    with duckdb.connect() as con:
        out = {
            said
            for said in ("1999-12", "2000", "2022-03", str(now().year), f"{now().year + 1}-01")
            if con.execute(f"select {is_out_of_time('?1')}", [said]).fetchone() == (True,)
        }
    assert out == {"1999-12", f"{now().year + 1}-01"}
