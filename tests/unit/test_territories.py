"""The names that are known: those of the seeds, by the key of the models."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import duckdb
import pytest

from ingestion import territories
from ingestion.territories import ALIASES, ELSEWHERE, key_of, know_names, names_fingerprint
from warehouse.settings import PROJECT


def plain(text: str) -> str:
    """The key, made without the engine."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall("[a-z0-9]+", letters))


def column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [row[name] for row in csv.DictReader(lines)]


def test_the_key_is_that_of_the_models() -> None:
    macro = (PROJECT / "dbt/macros/cle_libelle.sql").read_text(encoding="utf-8")
    assert key_of("{{ colonne }}") in macro


def test_every_spelling_of_the_seeds_is_known_and_no_other() -> None:
    with duckdb.connect() as con:
        know_names(con)
        known = {key for (key,) in con.execute("select cle from noms_connus").fetchall()}
        told = dict(con.execute("select cle, dit from noms_connus").fetchall())
    # The apostrophe and the dash of a typographer are no ASCII, and separate words all the same.
    spelled = [*column(ALIASES, "alias"), *column(ELSEWHERE, "libelle")]
    assert known == {plain(re.sub("[’–]", " ", text)) for text in spelled}
    assert {key: told[key] for key in ("7 mares", "sqy", "verriere", "hors sqy", "avre")} == {
        "7 mares": "« Petits Prés - Sept Mares » (Élancourt)",
        "sqy": "« CA de Saint-Quentin-en-Yvelines » (agglomération)",
        "verriere": "« La Verrière » (commune)",
        "hors sqy": "« Hors SQY »",
        "avre": "« L'Avre » (Les Clayes-sous-Bois)",
    }


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Valibout (Задовский)", "valibout задовскии"),
        ("Valibout 张伟", "valibout 张伟"),
        ("Valibout محمد", "valibout محمد"),
        ("VALIBOUT – n° 1 !", "valibout n 1"),
        ("L’Œuvre de Straße", "l uvre de stra e"),
        ("E\u0301lancourt ici", "elancourt ici"),
    ],
)
def test_a_letter_of_another_alphabet_is_not_lost(written: str, key: str) -> None:
    with duckdb.connect() as con:
        know_names(con)
        made = con.execute(f"select {key_of('?::varchar')}", [written]).fetchone()
        assert made == (key,)
        known = con.execute("select 1 from noms_connus where cle = ?", [key]).fetchone()
    assert known is None


def test_no_word_is_both_a_territory_and_none() -> None:
    both = {plain(text) for text in column(ALIASES, "alias")}
    assert not both & {plain(text) for text in column(ELSEWHERE, "libelle")}


def test_the_fingerprint_changes_with_the_names_and_not_with_their_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names_fingerprint()
    added = tmp_path / "alias.csv"
    monkeypatch.setattr(territories, "ALIASES", added)
    text = ALIASES.read_text(encoding="utf-8")
    added.write_text(text.replace("forme courte usuelle", "ailleurs"), encoding="utf-8")
    assert names_fingerprint() == before
    added.write_text(f"{text}VALIBOUT !,QP078017,QPV2015,essai\n", encoding="utf-8")
    assert names_fingerprint() == before, "another spelling of the same key"
    added.write_text(f"{text}Valibou,QP078017,QPV2015,essai\n", encoding="utf-8")
    assert names_fingerprint() != before
