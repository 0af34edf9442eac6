"""The marts are a promise: every column is in the contract, and described in French."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.publication.night import built_night, figures
from warehouse.settings import PROJECT

MODELS = PROJECT / "dbt" / "models"
ENGLISH = re.compile(r"\b(the|of|and|which|with|from|where|value|row|each|is|are)\b", re.IGNORECASE)


def _described(folder: Path) -> dict[str, dict]:
    return {
        model["name"]: model
        for path in folder.rglob("*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    }


def _without_space(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_night(tmp_path_factory).candidate


@pytest.fixture(scope="module")
def columns(release: Path) -> list[tuple]:
    """Schema, table, column, type and comment, as an analyst's tool shows them."""
    return figures(
        release,
        "select schema_name, table_name, column_name, data_type, comment from duckdb_columns()"
        " where schema_name in ('marts', 'reference') order by table_name, column_index",
    )


def test_the_marts_of_the_release_are_those_of_the_contract(columns):
    marts = {table for schema, table, *_ in columns if schema == "marts"}
    assert marts == set(_described(MODELS / "marts"))
    assert marts == {path.stem for path in (MODELS / "marts").glob("*.sql")}


def test_every_column_of_every_mart_is_in_the_contract(columns):
    promised = {
        (name, column["name"], column["data_type"].upper())
        for name, model in _described(MODELS / "marts").items()
        for column in model["columns"]
    }
    released = {
        (table, name, kind) for schema, table, name, kind, _ in columns if schema == "marts"
    }
    assert released == promised


def test_every_column_carries_the_description_of_the_contract(columns):
    contract = _described(MODELS / "marts")
    for schema, table, name, _, comment in columns:
        if schema == "marts":
            (column,) = [c for c in contract[table]["columns"] if c["name"] == name]
            assert comment, f"{table}.{name}"
            assert _without_space(comment) == _without_space(column["description"])


def test_every_column_is_described_in_french(columns):
    assert len(columns) > 150
    for _, table, name, _, comment in columns:
        assert comment, f"{table}.{name}"
        assert not ENGLISH.search(comment), f"{table}.{name} : {comment}"


def test_every_table_of_the_release_is_described_in_french(release):
    tables = figures(release, "select table_name, comment from duckdb_tables()")
    assert len(tables) == 22
    for name, comment in tables:
        assert comment, name
        assert not ENGLISH.search(comment), f"{name} : {comment}"


@pytest.mark.parametrize("layer", ["staging", "intermediate"])
def test_every_model_of_the_way_is_described(layer):
    described = _described(MODELS / layer)
    assert set(described) == {path.stem for path in (MODELS / layer).glob("*.sql")}
    for name, model in described.items():
        assert not ENGLISH.search(model["description"]), name
        for column in model.get("columns", []):
            assert column["description"], f"{name}.{column['name']}"


def test_a_unit_is_said_wherever_a_measure_may_be_misread(columns):
    """A percentage, a number per 100 inhabitants and points are not the same thing."""
    said = {(table, name): comment for _, table, name, _, comment in columns}
    cles = "mart_indicateurs_cles"
    for code in ("caf_taux_couverture", "ctx_poids_presta", "ctx_part_etrangers"):
        assert "en %" in said[cles, code]
        assert "points" in said[cles, f"{code}_ecart_epci"]
    assert "pour 100 habitants" in said[cles, "ctx_etab_100"]
