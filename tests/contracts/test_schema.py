"""The JSON Schema that editors read says what the contracts say, and refuses what they may not."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ingestion.contract import CONTRACTS
from ingestion.schema import DESCRIPTIONS, MODELINE, SCHEMA, contract_schema, written
from tests.contracts.test_contracts import STRUCTURAL
from tests.fixtures.contracts import SMALL

PATHS = sorted(CONTRACTS.glob("*/*.yml"))


def faults(contract: object) -> list[str]:
    """The places that the schema refuses, the contract being read as an editor reads YAML."""
    # JSON has names of entries that are text, and days that are text.
    plain = json.loads(json.dumps(contract, default=str))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    kind = jsonschema.Draft202012Validator
    found = kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(plain)
    return [f"{error.json_path} : {error.message}" for error in found]


def test_the_schema_on_disk_is_that_of_the_model() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == written(), "run: python -m ingestion.schema"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(contract_schema())


def test_every_entry_is_described_in_french_and_no_other() -> None:
    schema = contract_schema()
    models = {"Contract": schema, **schema["$defs"]}
    described = yaml.safe_load(DESCRIPTIONS.read_text(encoding="utf-8"))
    assert {name: set(model["properties"]) for name, model in models.items()} == {
        name: set(entries) for name, entries in described.items()
    }
    for entries in described.values():
        for said in entries.values():
            assert said.endswith((".", ").")), said


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_contract_is_valid(path: Path) -> None:
    assert faults(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_contract_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == MODELINE
    assert (path.parent / first.split("=")[1]).resolve() == SCHEMA


def test_what_is_written_in_short_is_valid() -> None:
    contract: dict[str, Any] = deepcopy(SMALL)
    contract["files"] = "essai_{vintage}.csv"
    contract["vintages"] = {2019: {"years": {"rp": 2016}, "suffix": 19, "files": ["a.csv"]}}
    contract["rows"]["quarantine_max"] = "0,1%"
    contract["columns"]["part_pct"] |= {"raw": ["PART", 2019], "since": 2019}
    assert faults(contract) == []
    contract["files"] = [
        "a_{vintage}.csv",
        {"name": "b_{vintage}.zip", "read": {"member": "*.csv"}},
    ]
    assert faults(contract) == []


@pytest.mark.parametrize("case", STRUCTURAL)
def test_a_bad_contract_is_refused(case: str) -> None:
    spoil, _ = STRUCTURAL[case]
    contract = deepcopy(SMALL)
    assert faults(contract) == []
    spoil(contract)
    assert faults(contract) != []
