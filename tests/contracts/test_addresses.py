"""Where the producers' files are: one address a delivery, nothing guessed."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ingestion.contract import Address, Claim, contracts
from tests.fixtures.contracts import SMALL, small_contract

SITE = "https://exemple.fr"
YEARS = {vintage: known["years"] for vintage, known in SMALL["vintages"].items()}


def addresses(**changes: Any) -> list[Address]:
    return small_contract(**changes).addresses


def test_without_an_address_nothing_is_fetched() -> None:
    assert addresses() == []


def test_the_address_of_a_dataset_is_that_of_each_edition() -> None:
    assert addresses(url=SITE + "/{vintage}/f{yy}.csv") == [
        (Claim("2020", 1), SITE + "/2020/f20.csv", "essai_2020.csv"),
        (Claim("2021", 1), SITE + "/2021/f21.csv", "essai_2021.csv"),
    ]


def test_an_edition_or_a_delivery_has_an_address_of_its_own() -> None:
    zipped = {"name": "*_{yy}.zip", "read": {"member": "f.csv"}, "url": SITE + "/{yy}.zip"}
    assert addresses(
        url=SITE + "/{vintage}.csv",
        files=["essai_{vintage}.csv", zipped, "autre_{vintage}.csv"],
        vintages={
            "2020": {"years": YEARS["2020"]},
            "2021": {"years": YEARS["2021"], "url": SITE + "/x", "files": ["donnees.csv"]},
        },
    ) == [
        (Claim("2020", 1), SITE + "/2020.csv", "essai_2020.csv"),
        (Claim("2020", 2), SITE + "/20.zip", "_20.zip"),
        (Claim("2021", 1), SITE + "/x", "donnees.csv"),
    ]


def test_editions_that_are_not_counted_beforehand_are_not_guessed() -> None:
    changes = {"vintages": {}, "vintage_pattern": r"\d{4}", "url": SITE + "/{vintage}"}
    assert addresses(**changes) == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/{vintage}",
        "ftp://exemple.fr/{vintage}",
        "exemple.fr/{vintage}",
        "https:///{vintage}",
        "https://nom:secret@exemple.fr/{vintage}",
        "https://exemple.fr/un fichier {vintage}",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match=r"url\n.*should match pattern"):
        small_contract(url=url)


def test_one_address_for_every_edition_is_refused() -> None:
    with pytest.raises(ValidationError, match="toujours » ne dit pas l'édition"):
        small_contract(url=SITE + "/toujours")


@pytest.mark.parametrize("dataset", sorted(contracts()))
def test_what_is_downloaded_is_recognised_by_its_name(dataset: str) -> None:
    contract = contracts()[dataset]
    for claim, _, name in contract.addresses:
        assert contract.claim_of(name) == claim
        others = [known for known in contracts().values() if known.claim_of(name)]
        assert others == [contract], name
