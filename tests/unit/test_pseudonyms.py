"""Pseudonyms are HMAC-SHA-256 as the standard library computes it, with one key a year."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.conformity import Conformity
from ingestion.handling import handle
from ingestion.pseudonyms import KEYS, Keys, key_id, pseudonym_sql
from tests.fixtures.contracts import small_contract
from warehouse.settings import Settings, SettingsError

KEY_2024, KEY_2025 = "a" * 32, "b" * 40


@given(
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1),
    key=st.binary(min_size=32, max_size=200),
)
def test_a_pseudonym_is_the_standard_hmac(text: str, key: bytes) -> None:
    cell = "'" + text.replace("'", "''") + "'"
    (found,) = duckdb.execute(f"select {pseudonym_sql(cell, key)}").fetchone() or ()
    assert found == f"{key_id(key)}:{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}"


def test_an_empty_cell_has_no_pseudonym() -> None:
    assert duckdb.execute(f"select {pseudonym_sql('null', b'k' * 32)}").fetchone() == (None,)


def handled(
    folder: Path, monkeypatch: pytest.MonkeyPatch, keys: str, **changes: object
) -> list[tuple[str | None, ...]]:
    """Two rows, of 2024 and 2025, after their identifiers were handled."""
    (folder / "recus").mkdir(exist_ok=True)
    monkeypatch.setenv(KEYS, keys)
    columns = {
        "id": {"raw": "ID", "type": "code", "role": "key", "label": "Id"}
        | {"handling": "pseudonymise"},
        "jour": {"raw": "JOUR", "type": "code", "role": "attribute", "label": "Jour"},
        "age": {"raw": "AGE", "type": "code", "role": "attribute", "label": "Âge"}
        | {"handling": "band", "bands": [18, 60]},
    }
    contract = small_contract(
        columns=columns,
        territory={"level": "libelle", "key": "id"},
        may_hold_personal_data=True,
        **({"period": "jour"} | changes),
    )
    parquet = folder / "lignes.parquet"
    duckdb.execute(
        "copy (from (values ('x', '2024-12-31', '17', 2), ('x', '2025-01-01', '60', 3),"
        " (null, '2025-01-02', 'dix', 4)) as t(c0, c1, c2, _row_number))"
        f" to '{parquet}' (format parquet)"
    )
    positions = {"id": [0], "jour": [1], "age": [2]}
    conformity = Conformity(positions, {}, [], "2020")
    settings = Settings(folder / "home", folder / "recus")
    done = handle(parquet, conformity, contract, "ccas_2025-02", settings, folder / "t.parquet")
    assert not parquet.exists(), "the identifiers as received stay nowhere"
    return duckdb.execute(f"select c0, c1, c2 from '{done}' order by _row_number").fetchall()


def expected(key: str) -> str:
    digest = hmac.new(key.encode(), b"x", hashlib.sha256).hexdigest()
    return f"{key_id(key.encode())}:{digest}"


def test_each_row_has_the_key_of_its_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = handled(tmp_path, monkeypatch, f"2024={KEY_2024}, 2025={KEY_2025}")
    assert found == [
        (expected(KEY_2024), "2024-12-31", "0-17"),
        (expected(KEY_2025), "2025-01-01", "60+"),
        (None, "2025-01-02", "illisible"),
    ]


def test_rows_without_a_date_have_the_key_of_the_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = handled(tmp_path, monkeypatch, f"2025={KEY_2025}", period=None)
    assert [row[0] for row in found] == [expected(KEY_2025), expected(KEY_2025), None]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (f"2025={KEY_2025}", "pas de clé pour 2024"),
        ("", "pas de clé pour 2024"),
        (f"2024=courte,2025={KEY_2025}", "la clé de 2024 a moins de 32 caractères"),
    ],
)
def test_without_its_key_nothing_is_written(
    keys: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        handled(tmp_path, monkeypatch, keys)
    assert KEY_2025 not in str(refused.value)
    assert not (tmp_path / "t.parquet").exists()


def test_the_name_of_a_key_tells_nothing_of_it() -> None:
    assert key_id(KEY_2024.encode()) != key_id(KEY_2025.encode())
    assert len(key_id(KEY_2024.encode())) == 8


def test_extracts_use_the_public_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEYS, raising=False)
    (tmp_path / "extrait.yml").write_text("rows: {}", encoding="utf-8")
    keys = Keys.from_environment(Settings(tmp_path / "home", tmp_path))
    assert keys.of("2024") == keys.of("2031") == b"cle-publique-de-la-demonstration"
