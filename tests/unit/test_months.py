"""Months as people write them above a column."""

from __future__ import annotations

import pytest

from ingestion.readers.months import month_of

MONTHS = {
    "Janvier": "2022-01",
    "janv.": "2022-01",
    "JANV": "2022-01",
    "février": "2022-02",
    "Févr.": "2022-02",
    "fev": "2022-02",
    "mars": "2022-03",
    "avr.": "2022-04",
    "mai": "2022-05",
    "juin": "2022-06",
    "juil.": "2022-07",
    "Août": "2022-08",
    "sept.": "2022-09",
    "oct": "2022-10",
    "novembre": "2022-11",
    "déc.": "2022-12",
    "décembre 2021": "2021-12",
    "janv-21": "2021-01",
    "sept. 21": "2021-09",
    "03/2021": "2021-03",
    "2021-03": "2021-03",
    "3/2021": "2021-03",
    "15/03/2021": "2021-03",
    "2021-03-01": "2021-03",
}


def test_months() -> None:
    assert {text: month_of(text, "2022") for text in MONTHS} == MONTHS


@pytest.mark.parametrize(
    "text",
    ["", "Total", "jui", "ja", "1", "13/2022", "2022-13-01", "janvier février", "jan/fev", "Trim 1",
     "marsouin", "janvier 2", "Mme Mai", "Marc 2022", "janvi"],
)  # fmt: skip
def test_what_is_no_month(text: str) -> None:
    assert month_of(text, "2022") is None
