"""Every rule of every suite is shown a table that it accepts and a twin that it alone refuses."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.runner import validate
from expectations.suite import SUITES, load_suite
from ingestion.candidate import CONTROL_RULE
from ingestion.context import KNOWN, PREVIOUS
from tests.expectations.cases import DATASETS, Case, Rows
from warehouse.ledger import Check

NAMES = sorted(path.stem for path in SUITES.glob("*.yml"))
CASES: dict[str, Case] = {
    name: importlib.import_module(f"tests.expectations.cases.{name}").CASE for name in NAMES
}
# Half a second each, and hundreds of them: left to CI.
RULES = [
    pytest.param(name, rule.rule, marks=pytest.mark.long)
    for name in NAMES
    for rule in load_suite(name).rules
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gx")


def check(name: str, rows: Rows, project: Path, folder: Path) -> list[Check]:
    case = CASES[name]
    with duckdb.connect(folder / "candidat.duckdb") as con:
        put(con, name, rows, case.types)
        if name in DATASETS:
            put(con, PREVIOUS, case.before, case.types)
            put(con, KNOWN, [{"code": code} for code in case.known], {"code": "varchar"})
            put(con, "ecartees", control_row(case), {"regle": "varchar", "ligne": "varchar"})
    checks = validate(
        folder / "candidat.duckdb", load_suite(name), name, label=name, project=project
    )
    assert [result for result in checks if result.en_erreur] == []
    return checks


def control_row(case: Case) -> Rows:
    """The producer's total, as a candidate keeps it: its cells as received."""
    return [{"regle": CONTROL_RULE, "ligne": json.dumps(case.control)}] if case.control else []


def put(con: duckdb.DuckDBPyConnection, table: str, rows: Rows, types: dict[str, str]) -> None:
    unknown = {column for row in rows for column in row} - types.keys()
    assert not unknown, unknown
    columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    con.execute(f"create table {table} ({columns})")
    for row in rows:
        con.execute(
            f"insert into {table} by name select"
            + ", ".join(f' ?::{types[column]} as "{column}"' for column in row),
            list(row.values()),
        )


def failed(checks: list[Check]) -> list[str]:
    return [result.regle for result in checks if not result.reussi]


def test_every_suite_and_every_rule_has_its_cases() -> None:
    assert sorted(CASES) == NAMES
    for name, case in CASES.items():
        assert list(case.bad) == [rule.rule for rule in load_suite(name).rules], name


def test_every_dataset_has_its_suite() -> None:
    assert DATASETS.keys() <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_good_rows_are_accepted(name: str, project: Path, tmp_path: Path) -> None:
    checks = check(name, CASES[name].good, project, tmp_path)
    assert failed(checks) == []
    assert [result.regle for result in checks] == [rule.rule for rule in load_suite(name).rules]


@pytest.mark.parametrize("name", [name for name in NAMES if CASES[name].before])
def test_a_first_vintage_has_nothing_to_be_compared_with(
    name: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = replace(CASES[name], before=[], known=[], control={})
    monkeypatch.setitem(CASES, name, alone)
    assert failed(check(name, alone.good, project, tmp_path)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if CASES[name].control])
def test_an_extract_is_not_held_to_the_total_of_the_country(
    name: str, project: Path, tmp_path: Path
) -> None:
    assert failed(check(name, CASES[name].good[:22], project, tmp_path)) == []


@pytest.mark.parametrize(("name", "rule"), RULES, ids=str)
def test_its_bad_twin_fails_by_this_rule_alone(
    name: str, rule: str, project: Path, tmp_path: Path
) -> None:
    case = CASES[name]
    checks = check(name, case.bad[rule](case.good), project, tmp_path)
    assert sorted(failed(checks)) == sorted([rule, *case.along.get(rule, [])])
