"""Changes to the text of a contract: exact lines, the rest as a hand wrote it."""

from __future__ import annotations

import pytest
import yaml

from ingestion.draft.edit import ContractText

TEXT = """\
# Une remarque.
read: {format: csv}
vintages:            # les éditions
  2020: {rows: 12}   # comptée
  2021:
    rows: 13
    years: {rp: 2018}

columns:
  code: {raw: CODE, type: code}   # la clé
  part:
    raw: [PART, TX]
    type: decimal
  libelle:
    raw:
      - LIB
      - LIBELLE
ignore: []
"""


def changed(*changes: tuple[str, ...]) -> list[str]:
    """The lines that differ, after these calls: added ones with `+`, removed ones with `-`."""
    text = ContractText(TEXT)
    for method, *words in changes:
        place = tuple(words[0].split("."))
        getattr(text, method)(place, *words[1:])
    before, after = TEXT.splitlines(), text.changed().splitlines()
    yaml.safe_load(text.changed())
    return [f"- {line}" for line in before if line not in after] + [
        f"+ {line}" for line in after if line not in before
    ]


def test_nothing_asked_nothing_changed() -> None:
    assert ContractText(TEXT).changed() == TEXT


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (
            ("set", "columns.code", "until", "2020"),
            [
                "-   code: {raw: CODE, type: code}   # la clé",
                "+   code: {raw: CODE, type: code, until: 2020}   # la clé",
            ],
        ),
        (
            ("set", "columns.code", "type", "text"),
            [
                "-   code: {raw: CODE, type: code}   # la clé",
                "+   code: {raw: CODE, type: text}   # la clé",
            ],
        ),
        (("set", "columns.part", "until", "2020"), ["+     until: 2020"]),
        (
            ("set", "columns.part", "type", "integer"),
            ["-     type: decimal", "+     type: integer"],
        ),
        (
            ("append", "columns.code.raw", "CODGEO"),
            [
                "-   code: {raw: CODE, type: code}   # la clé",
                "+   code: {raw: [CODE, CODGEO], type: code}   # la clé",
            ],
        ),
        (
            ("append", "columns.part.raw", "TX_P"),
            ["-     raw: [PART, TX]", "+     raw: [PART, TX, TX_P]"],
        ),
        (("append", "columns.libelle.raw", "NOM"), ["+       - NOM"]),
        (
            ("set", "columns.libelle", "raw", "[LIB, NOM]"),
            ["-     raw:", "-       - LIB", "-       - LIBELLE", "+     raw: [LIB, NOM]"],
        ),
        (("append", "ignore", "VIDE"), ["- ignore: []", "+ ignore: [VIDE]"]),
        (("add_after", "columns", "code", "autre: {raw: X}"), ["+   autre: {raw: X}"]),
        (("add_after", "vintages", "2021", "2022: {rows: 14}"), ["+   2022: {rows: 14}"]),
        (
            ("add_after", "read", "format", "encoding: cp1252"),
            ["- read: {format: csv}", "+ read: {format: csv, encoding: cp1252}"],
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_one_change(change: tuple[str, ...], lines: list[str]) -> None:
    assert changed(change) == lines


def test_where_a_line_goes() -> None:
    text = ContractText(TEXT)
    text.add_after(("vintages",), "2021", "2022: {rows: 14}")
    text.add_after(("vintages",), None, "2019: {rows: 11}")
    text.add_after(("columns",), "part", "premiere: {raw: A}")
    text.add_after(("columns",), "part", "seconde: {raw: B}")
    text.set(("columns", "part"), "until", "2020")
    assert (
        text.changed()
        == """\
# Une remarque.
read: {format: csv}
vintages:            # les éditions
  2019: {rows: 11}
  2020: {rows: 12}   # comptée
  2021:
    rows: 13
    years: {rp: 2018}
  2022: {rows: 14}

columns:
  code: {raw: CODE, type: code}   # la clé
  part:
    raw: [PART, TX]
    type: decimal
    until: 2020
  premiere: {raw: A}
  seconde: {raw: B}
  libelle:
    raw:
      - LIB
      - LIBELLE
ignore: []
"""
    )


def test_two_changes_of_one_line_keep_their_order() -> None:
    text = ContractText("code: {raw: A}\n")
    text.set(("code",), "since", "2020")
    text.set(("code",), "until", "2021")
    assert text.changed() == "code: {raw: A, since: 2020, until: 2021}\n"


def test_the_last_line_may_have_no_end() -> None:
    text = ContractText("columns:\n  a: {raw: A}")
    text.add_after(("columns",), "a", "b: {raw: B}")
    assert text.changed() == "columns:\n  a: {raw: A}\n  b: {raw: B}"


@pytest.mark.parametrize("place", [("colonnes",), ("columns", "autre"), ("columns", "code", "raw")])
def test_what_is_not_there_is_an_error(place: tuple[str, ...]) -> None:
    with pytest.raises(KeyError):
        ContractText(TEXT).set(place, "x", "1")
