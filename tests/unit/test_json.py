"""JSON records become rows of text, whatever the file is, and what is none is refused by name."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.readers import json_text
from ingestion.readers.cells import Reading
from ingestion.readers.json import read_json
from ingestion.readers.options import ReadOptions
from ingestion.reading import read as read_in_child
from ingestion.refusal import Refusal

Rows = list[tuple[Any, ...]]
LIST = '[{"code": "01", "nb": 3}, {"code": "02", "nb": 4.50, "nom": "é"}, {"code": "03"}]'
KEYED = '{"Ici": {"code": "01", "nb": 3}, "Là-bas": {"code": 2}}'


def read(content: bytes | str, key_name: str | None = None) -> tuple[Reading, Rows]:
    """The report, and each row as its rank then its cells."""
    options = ReadOptions(format="json", key_name=key_name)
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "recu.json", Path(name) / "lignes.parquet"
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        reading = read_json(source, options, target)
        rows = duckdb.sql(f"from '{target}' order by _row_number").fetchall()
    return reading, [(row[-1], *row[:-1]) for row in rows]


def refusal(content: bytes | str, key_name: str | None = None) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read(content, key_name)
    return refused.value


def test_a_list_of_records() -> None:
    reading, rows = read(LIST)
    assert reading == Reading(["code", "nb", "nom"], 3, [])
    assert rows == [(1, "01", "3", None), (2, "02", "4.50", "é"), (3, "03", None, None)]


def test_an_object_of_records_has_its_keys_in_a_column() -> None:
    reading, rows = read(KEYED, "Nom")
    assert reading == Reading(["Nom", "code", "nb"], 2, [])
    assert rows == [(1, "Ici", "01", "3"), (2, "Là-bas", "2", None)]


def test_it_is_read_in_the_child(tmp_path: Path) -> None:
    (tmp_path / "recu.json").write_text(KEYED, encoding="utf-8")
    options = ReadOptions(format="json", key_name="Nom")
    reading = read_in_child(tmp_path / "recu.json", options, tmp_path / "lignes.parquet")
    assert reading == Reading(["Nom", "code", "nb"], 2, [])


def test_values_keep_their_spelling() -> None:
    _, rows = read('[{"a": 1e3, "b": -0.0, "c": true, "d": null, "e": "null", "f": ["x"]}]')
    assert rows == [(1, "1e3", "-0.0", "true", None, "null", '["x"]')]
    _, rows = read(f'[{{"n": {"9" * 400}}}]')
    assert rows == [(1, "9" * 400)]
    _, rows = read('\ufeff[{"n": "e\u0301"}]')
    assert rows == [(1, "é")]


@pytest.mark.parametrize(
    ("content", "key_name", "rule", "told"),
    [
        (b"", None, "fichier_vide", "0 octet"),
        ("[]", None, "fichier_vide", "aucune fiche"),
        ("{}", "Nom", "fichier_vide", "aucune fiche"),
        (KEYED, None, "format", "pas une liste de fiches"),
        (LIST, "Nom", "format", "pas un objet"),
        ("17", None, "format", "pas une liste"),
        (b"PK\x03\x04", None, "format", "archive .zip"),
        ("<!DOCTYPE html>", None, "format", "page web, pas un JSON"),
        (b'[{"a": "\xe9"}]', None, "encodage", "0xE9, au rang 9"),
        (LIST.encode("utf-16-le"), None, "octet_nul", "octet nul"),
        ('[{"a": NaN}]', None, "format", "« NaN »"),
        ('[{"a": 1,}]', None, "format", "Ligne 1, caractère 10"),
        ('[{"a": 1}, {"b": 1, "b": 2}]', None, "propriete_en_double", "Fiche n° 2 : « b »"),
        ('{"Ici": {"a": 1}, "Ici": {"a": 2}}', "Nom", "propriete_en_double", "« Ici »"),
        ('{"Ici": {"Nom": 1}}', "Nom", "colonne_en_double", "« Nom »"),
        ("[" * 100_000, None, "format", "trop de niveaux"),
        ("[1, 2]", None, "structure", "2 fiches sur 2"),
        (json.dumps([{f"p{n}": 1 for n in range(201)}]), None, "entete", "201 propriétés"),
    ],
)
def test_what_is_no_list_of_records_is_refused_by_its_rule(
    content: bytes | str, key_name: str | None, rule: str, told: str
) -> None:
    refused = refusal(content, key_name)
    assert (refused.rule, told in refused.message) == (rule, True), refused.message


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=len(LIST.encode()) - 1))
def test_a_file_cut_anywhere_is_refused_as_cut(length: int) -> None:
    assert refusal(LIST.encode()[:length]).rule == "fichier_tronque"


def test_how_far_a_cut_file_went_is_told() -> None:
    refused = refusal(LIST[: LIST.index('"03"')])
    assert "après la n° 2" in refused.message
    assert refused.rows_received == 2


def test_what_is_no_record_is_set_aside_with_its_rank() -> None:
    reading, rows = read('[{"a": "1"}, 17, {"a": "\\u0000"}, {"\\ud800": ""}, {"a": "2"}]')
    assert rows == [(1, "1"), (5, "2")]
    assert [line.line for line in reading.bad_lines] == [2, 3, 4]
    reading, rows = read('{"Ici": {"a": "1"}, "Là": null}', "Nom")
    assert rows == [(1, "Ici", "1")]
    assert [line.line for line in reading.bad_lines] == [2]


def test_a_file_that_is_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(LIST.encode())
    monkeypatch.setattr(json_text, "MAX_SIZE", size - 1)
    assert refusal(LIST).rule == "fichier_trop_gros"
    monkeypatch.setattr(json_text, "MAX_SIZE", size)
    assert read(LIST)[0].rows == 3
