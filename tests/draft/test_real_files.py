"""Drafts of every real file: each reads its file, and says what the contract by hand says."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingestion.candidate import build_candidate, rows_set_aside
from ingestion.conformity import find_layout
from ingestion.contract import Claim, Contract, contracts
from ingestion.draft.write import Draft, draft_contract
from warehouse.settings import PROJECT

pytestmark = [pytest.mark.real, pytest.mark.long]

REAL = Path(os.environ.get("OBSERVATOIRE_DONNEES_REELLES") or PROJECT.parent / "shared" / "data")
FILES = sorted(
    path
    for folder in ("insee", "caf", "geo")
    for path in (REAL / folder).rglob("*")
    if path.suffix in (".csv", ".xls", ".xlsx", ".geojson", ".zip")
)
# Rows that the file itself has wrong: codes left blank, contours that cross themselves.
FAULTY_ROWS = {
    "qpv_2015_idf_datailedefrance.csv": 3,
    "correspondance_qpv_2015_2024_yvelines.csv": 2,
    "qpv_2024_france_simplifie.geojson": 3,
}
# Kinds of territory that no code betrays.
OTHER_LEVELS = {
    "insee.bpe": "libelle",  # communes and IRIS in one column
    "insee.caf_iris_ancien": "libelle",  # the code stands in two columns
    "insee.revenus_iris_ancien": "libelle",
    "insee.caf_zus_ancien": "libelle",
    "insee.filosofi_france": "libelle",
    "geo.contrats_de_ville": "libelle",
}
NUMBERS = ("integer", "decimal")


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Draft]:
    """The draft of a file, made once."""
    return cache(lambda path: draft_contract(path, tmp_path_factory.mktemp("brouillon")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_draft_reads_its_own_file(
    path: Path, draft: Callable[[Path], Draft], tmp_path: Path
) -> None:
    found = draft(path)
    claim = found.contract.claim_of(path.name)
    assert claim is not None
    conformity = find_layout(found.sample.reading, found.contract, claim.vintage)
    assert conformity.unknown == []
    candidate = build_candidate(
        found.sample.parquet,
        found.sample.reading,
        conformity,
        found.contract,
        tmp_path / "c.duckdb",
    )
    assert rows_set_aside(candidate).rows == FAULTY_ROWS.get(path.name, 0)


def by_hand() -> list[tuple[Path, Contract, Claim]]:
    """The files that a contract of the house reads, and what it makes of their names."""
    return [
        (path, contract, claim)
        for path in FILES
        for contract in contracts().values()
        if (claim := contract.claim_of(path.name)) and claim.vintage in contract.vintages
    ]


@pytest.mark.parametrize(
    ("path", "contract", "claim"), by_hand(), ids=lambda value: getattr(value, "name", "")
)
def test_the_draft_agrees_with_the_contract(
    path: Path, contract: Contract, claim: Claim, draft: Callable[[Path], Draft]
) -> None:
    assert disagreements(draft(path), contract, claim) == []


def disagreements(found: Draft, contract: Contract, claim: Claim) -> list[Any]:
    expected, read = contract.reading_of(claim), found.contract.read
    known = contract.vintages[claim.vintage]
    wrong: list[Any] = [
        (name, getattr(expected, name), getattr(read, name))
        for name in ("format", "separator", "header_row", "label_rows", "sheet", "geometry")
        if getattr(expected, name) != getattr(read, name)
    ]
    # A contract may expect what this very file has not: accents of two kinds, grouped digits.
    if expected.encoding not in (read.encoding, "mixed"):
        wrong.append(("encoding", expected.encoding, read.encoding))
    if read.thousands and not expected.thousands:
        wrong.append(("thousands", expected.thousands, read.thousands))
    if expected.format != "geojson" and "aucun" not in found.sample.decimal[1]:
        wrong += [("decimal", read.decimal)] if expected.decimal != read.decimal else []
    if not fnmatch.fnmatch(read.member or "", expected.member or ""):
        wrong.append(("member", expected.member, read.member))
    if (known.suffix or "") != found.sample.suffix:
        wrong.append(("suffix", known.suffix, found.sample.suffix))
    level = OTHER_LEVELS.get(contract.dataset, contract.territory.level)
    if found.contract.territory.level != level and path_is_whole(found):
        wrong.append(("level", level, found.contract.territory.level))
    return wrong + column_disagreements(found, contract, claim.vintage)


def path_is_whole(found: Draft) -> bool:
    """Whether the codes of the file are as the producer wrote them: one copy lost its zeros."""
    return "zéros initiaux sont sans doute perdus" not in found.text


def column_disagreements(found: Draft, contract: Contract, vintage: str) -> list[Any]:
    drafted = {column.raw[0]: column for column in found.contract.columns.values()}
    empty = {guess.profile.name for guess in found.aside if guess.empty}
    wrong: list[Any] = []
    for name, column in contract.columns_of(vintage).items():
        here = [drafted[s] for s in column.spellings if s in drafted]
        if not here and not set(column.spellings) <= empty and not column.optional:
            wrong.append((name, "is not drafted"))
        if len(here) == 1 and (here[0].type in NUMBERS) != (column.type in NUMBERS):
            wrong.append((name, column.type, here[0].type))
    header = {guess.profile.name for guess in found.sample.guesses}
    if header != set(drafted) | {guess.profile.name for guess in found.aside}:
        wrong.append("some columns of the file are lost")
    return wrong
