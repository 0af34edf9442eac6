"""Cells under their type: exactly what they say, or the row is set aside with its reason."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.candidate import build_candidate, lost_zeros, rows_set_aside, set_aside
from ingestion.conformity import match_columns
from ingestion.contract import Contract, contracts
from ingestion.readers.cells import BadLine, Reading
from tests.fixtures.contracts import SMALL, small_column, small_contract

HEADER = ["CODE", "LIBELLE", "HAB", "PART"]
SPACES = {"space": " ", "no-break": "\xa0", "narrow": "\u202f", "thin": "\u2009"}


@dataclass(frozen=True)
class Built:
    """Rows by row number: typed (code, habitants, part_pct), and set aside (rule, message, row).

    `marks` are the values not given, by row number; `lost` the codes that lost their zero.
    """

    received: int
    rows: dict[int, tuple[Any, ...]]
    aside: dict[int, tuple[str, str, str | None]]
    marks: dict[int, dict[str, str]]
    lost: tuple[int, str]


def build(
    cells: list[tuple[str | None, ...]],
    contract: Contract | None = None,
    bad: tuple[BadLine, ...] = (),
    header: list[str] | None = None,
    vintage: str = "2021",
) -> Built:
    """Type `cells`, given as a reader gives them; the first is on line 2."""
    contract, header = contract or small_contract(), header or HEADER
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with duckdb.connect() as con:
            columns = ", ".join(f"unnest(?::varchar[]) as c{n}" for n in range(len(header)))
            con.execute(
                f"copy (select {columns}, unnest(range(2, {len(cells) + 2})) as _row_number)"
                f" to '{folder}/lignes.parquet'",
                [list(column) for column in zip(*cells, strict=True)],
            )
        reading = Reading(header, len(cells), list(bad))
        candidate = build_candidate(
            folder / "lignes.parquet",
            reading,
            match_columns(reading, contract, vintage),
            contract,
            folder / "candidat.duckdb",
        )
        with duckdb.connect(candidate.database) as con:
            rows = con.execute("select * exclude (_marques) from candidat").fetchall()
            marks = con.execute("select _row_number, _marques from candidat").fetchall()
            aside = con.execute("from ecartees").fetchall()
        assert len({line for line, *_ in aside}) == len(aside), "a row is set aside twice"
        counted = rows_set_aside(candidate)
        assert counted.rows + counted.control == len(aside)
        return Built(
            candidate.received,
            {row[-1]: row[:-1] for row in rows},
            {line: tuple(rest) for line, *rest in aside},  # type: ignore[misc]
            {line: json.loads(said) for line, said in marks if said is not None},
            lost_zeros(candidate),
        )


def integers(cells: list[str], **changes: Any) -> list[int | str | None]:
    """What each cell becomes: a number, NULL, or the message where the row is set aside."""
    return typed([(f"QP{n}", None, cell, None) for n, cell in enumerate(cells)], 1, changes)


def decimals(cells: list[str], **changes: Any) -> list[float | str | None]:
    return typed([(f"QP{n}", None, None, cell) for n, cell in enumerate(cells)], 2, changes)


def typed(rows: list[tuple[str | None, ...]], rank: int, changes: dict[str, Any]) -> list[Any]:
    built = build(rows, small_contract(**changes))
    assert all(rule == "type" for rule, *_ in built.aside.values())
    assert built.rows.keys() & built.aside.keys() == set()
    return [
        built.aside[line][1] if line in built.aside else built.rows[line][rank]
        for line in range(2, len(rows) + 2)
    ]


def test_integers() -> None:
    cells = {
        "0": 0,
        "1234": 1234,
        "-12": -12,
        " 12 ": 12,
        "007": 7,
        "1 234": 1234,
        "1\xa0234": 1234,
        "1\u202f234": 1234,
        "1\u2009234": 1234,
        "12\u202f345\xa0678": 12345678,
        "-1\u202f234": -1234,
        "\xa01234\u202f": 1234,
    }
    assert dict(zip(cells, integers([*cells]), strict=True)) == cells


def test_what_is_not_an_integer_is_set_aside() -> None:
    cells = ["12 34", "1 23", "1 2345", "1234 567", "1  234", "12,0", "1.5", "1,234", "1'234"]
    cells += ["1e3", "+5", "- 5", "--5", "5-", "s", "ns", "0x10", "١٢", "9" * 25, "1_000", "NULL"]
    cells += ["#DIV/0!", "½"]
    for cell, message in zip(cells, integers(cells), strict=True):
        assert message == f"Colonne « HAB » : « {cell} » n'est pas un nombre entier."


def test_decimals() -> None:
    cells = {
        "50,2": 50.2,
        "-13,25": -13.25,
        "7": 7.0,
        "0,5": 0.5,
        "1 234,5": 1234.5,
        "1\xa0234,5": 1234.5,
        "1\u202f234,5": 1234.5,
        "1\u2009234,5": 1234.5,
        "-1\u202f234\u202f567,125": -1234567.125,
    }
    assert dict(zip(cells, decimals([*cells]), strict=True)) == cells


def test_what_is_not_a_decimal_is_set_aside() -> None:
    cells = ["1.5", "1.234", "1.234,5", "1,2,3", "12 34,5", "1,234 5", ",5", "5,", "1e3", "nan"]
    cells += ["inf", "Infinity", "s", "50,2 %", "1 ,5", "1, 5"]
    for cell, message in zip(cells, decimals(cells), strict=True):
        assert message == f"Colonne « PART » : « {cell} » n'est pas un nombre."


def test_the_decimal_point_of_the_contract() -> None:
    read = {"decimal": ".", "thousands": "space"}
    assert decimals(["1.5", "1 234.5"], read=read) == [1.5, 1234.5]
    for message in decimals(["1,5", "1x5", "1,234.5"], read=read):
        assert isinstance(message, str)


def test_groups_only_where_the_contract_says_so() -> None:
    for message in integers([f"1{space}234" for space in SPACES.values()], read={}):
        assert isinstance(message, str)
    assert integers(["1234"], read={}) == [1234]


def test_a_blank_is_null_never_zero() -> None:
    blanks = ["", "   ", "\xa0", "\u202f \u2009"]
    assert integers(blanks) == decimals(blanks) == [None] * 4


def test_codes_are_untouched() -> None:
    codes = ["01004", "2A004", "2B033", "000", "1E5", "2021-03", "1,5", "-0"]
    built = build([(code, None, "1", None) for code in codes])
    assert [row[0] for row in built.rows.values()] == codes


def test_rows_keep_their_number_and_their_order() -> None:
    built = build([("QP1", "a", "1", "1"), ("QP2", "b", "x", "2"), ("QP3", "c", "3", "3")])
    assert built.rows == {2: ("QP1", 1, 1.0), 4: ("QP3", 3, 3.0)}
    assert set(built.aside) == {3}
    assert built.received == 3


def test_a_column_that_the_edition_has_not_is_null() -> None:
    contract = small_contract(columns=small_column("part_pct", until="2020"))
    built = build([("QP1", "12")], contract, header=["CODE", "HAB"])
    assert built.rows == {2: ("QP1", 12, None)}


def test_a_row_without_its_key_is_set_aside() -> None:
    built = build([(None, None, "1", "1"), ("  ", None, "1", "1")])
    assert [built.aside[line][0] for line in (2, 3)] == ["cle_vide", "cle_vide"]
    assert "« CODE »" in built.aside[2][1]
    assert "vide" in built.aside[2][1]


def test_a_file_without_the_column_of_control_rows_has_none() -> None:
    contract = small_contract(
        columns=small_column(
            "aide", raw="AIDE", type="code", role="attribute", label="Aide", optional=True
        ),
        control_rows={"aide": ["oui"]},
    )
    assert build([("A", None, "1", "1")], contract).aside == {}
    built = build(
        [("A", None, "1", "1", None), ("B", None, "x", "1", "oui")],
        contract,
        header=[*HEADER, "AIDE"],
    )
    assert {line: rule for line, (rule, *_) in built.aside.items()} == {3: "ligne_de_controle"}


def test_control_rows_are_apart_even_where_they_are_faulty() -> None:
    contract = small_contract(
        control_rows={"code": ["Ensemble", "L'ensemble"]},
        columns=small_column("code", pattern=r"QP\d"),
    )
    built = build(
        [("Ensemble", None, "x", None), ("QP1", None, "1", None), ("L'ensemble", None, "2", None)],
        contract,
    )
    assert built.rows == {3: ("QP1", 1, None)}
    assert {line: row[0] for line, row in built.aside.items()} == {
        2: "ligne_de_controle",
        4: "ligne_de_controle",
    }
    assert built.received == 3


def test_a_pattern_is_for_the_whole_cell() -> None:
    contract = small_contract(columns=small_column("code", pattern=r"QP\d{3}"))
    built = build(
        [("QP123", *(None,) * 3), ("QP1234", *(None,) * 3), ("xQP123", *(None,) * 3)], contract
    )
    assert set(built.rows) == {2}
    for line, cell in ((3, "QP1234"), (4, "xQP123")):
        rule, message, _ = built.aside[line]
        assert rule == "forme"
        assert f"« {cell} »" in message
        assert "Code du quartier" in message


def test_only_allowed_values() -> None:
    allowed = ["L'accès aux droits", "Santé"]
    contract = small_contract(columns=small_column("code", allowed=allowed))
    built = build([("L'accès aux droits", *(None,) * 3), ("santé", *(None,) * 3)], contract)
    assert set(built.rows) == {2}
    rule, message, _ = built.aside[3]
    assert rule == "valeur"
    assert "« santé »" in message
    assert "L'accès aux droits, Santé" in message


def test_every_fault_of_a_row_is_told_in_the_order_of_the_columns() -> None:
    ((rule, message, _),) = build([(None, None, "x", "y")]).aside.values()
    assert rule == "cle_vide"
    assert [message.index(name) for name in ("CODE", "HAB", "PART")] == sorted(
        message.index(name) for name in ("CODE", "HAB", "PART")
    )


MARKS = {"s": "secret_producteur", "ns": "non_significatif", "nd": "non_disponible"}


def test_a_mark_is_a_value_not_given_with_its_reason() -> None:
    built = build(
        [
            ("QP1", None, "s", "ns"),
            ("QP2", None, "12", "\u202fnd "),
            ("QP3", None, "", None),
            ("QP4", None, "0", "0,0"),
            ("s", "nd", "1", "1"),
        ],
        small_contract(marks=MARKS),
    )
    assert built.aside == {}
    assert built.rows == {
        2: ("QP1", None, None),
        3: ("QP2", 12, None),
        4: ("QP3", None, None),
        5: ("QP4", 0, 0.0),
        6: ("s", 1, 1.0),
    }
    assert built.marks == {
        2: {"habitants": "secret_producteur", "part_pct": "non_significatif"},
        3: {"part_pct": "non_disponible"},
    }


@pytest.mark.parametrize("cell", ["S", "n.s.", "nds", "s s", "NaN"])
def test_what_is_no_mark_is_no_number_either(cell: str) -> None:
    built = build([("QP1", None, cell, "1")], small_contract(marks=MARKS))
    assert built.rows == {}
    assert built.aside[2][:2] == (
        "type",
        f"Colonne « HAB » : « {cell} » n'est pas un nombre entier.",
    )


def test_marks_are_those_of_the_contract() -> None:
    for mark in MARKS:
        built = build([("QP1", None, mark, "1")])
        assert (built.aside[2][0], built.marks) == ("type", {}), mark


@pytest.mark.parametrize("dataset", ["insee.filosofi_iris", "insee.filosofi_communes"])
def test_the_marks_of_filosofi(dataset: str) -> None:
    contract = contracts()[dataset]
    columns = contract.columns_of("2018")
    header = [column.raw[0] + "18" for column in columns.values()]
    measures = ("niveau_vie_median_eur", "indice_gini", "part_impots_pct")
    marked = dict(zip(measures, MARKS, strict=True))
    code = {"insee.filosofi_iris": "786210101", "insee.filosofi_communes": "78621"}[dataset]
    given = {"code_territoire": code, "note_filo": "0", **marked}
    row = tuple(given.get(name, "1,5") for name in columns)
    built = build([row], contract, header=header, vintage="2018")
    assert built.aside == {}
    assert built.marks == {2: {name: MARKS[mark] for name, mark in marked.items()}}
    values = dict(zip(contract.columns, built.rows[2], strict=True))
    assert [values[name] for name in marked] == [None] * 3
    assert values["niveau_vie_d1_eur"] == 1.5


IRIS = {
    "code": {
        "joined": ["COM", "IRIS"],
        "type": "code",
        "role": "key",
        "pattern": r"\d[0-9AB]\d{7}",
        "label": "Code IRIS",
    }
}


def joined(*rows: tuple[str | None, ...]) -> Built:
    contract = small_contract(columns=small_column("part_pct") | IRIS)
    return build(list(rows), contract, header=["IRIS", "HAB", "PART", "COM"])


def test_the_parts_of_a_code_are_joined_in_the_order_of_the_contract() -> None:
    built = joined(("0101", "1", "1", "34057"), (" 3001", "2", "2", "2A004\xa0"))
    assert built.rows == {2: ("340570101", 1, 1.0), 3: ("2A0043001", 2, 2.0)}
    assert built.aside == {}


def test_half_a_code_is_no_code() -> None:
    built = joined((None, "1", "1", "34057"), ("0101", "1", "1", " "), ("0101", "1", "1", "3405"))
    assert built.rows == {}
    assert [built.aside[line][0] for line in (2, 3)] == ["cle_vide"] * 2
    assert built.aside[2][1] == "Colonne « COM + IRIS » : cellule vide."


COMMUNE = {"pattern": r"\d[0-9AB]\d{3}", "label": "Code de la commune"}


def test_a_code_that_lost_its_zero_is_told_from_a_wrong_one() -> None:
    contract = small_contract(columns=small_column("code", **COMMUNE))
    codes = ["01004", "2A004", "1004", "9342", "104", "010040", "X1004"]
    built = build([(code, None, "1", None) for code in codes], contract)
    assert [row[0] for row in built.rows.values()] == ["01004", "2A004"]
    lost, wrong = "a perdu son zéro initial.", "n'a pas la forme attendue (Code de la commune)."
    assert {line: row[:2] for line, row in built.aside.items()} == {
        4: ("zero_initial_perdu", f"Colonne « CODE » : « 1004 » {lost}"),
        5: ("zero_initial_perdu", f"Colonne « CODE » : « 9342 » {lost}"),
        6: ("forme", f"Colonne « CODE » : « 104 » {wrong}"),
        7: ("forme", f"Colonne « CODE » : « 010040 » {wrong}"),
        8: ("forme", f"Colonne « CODE » : « X1004 » {wrong}"),
    }
    assert built.lost == (2, f"Ligne 4 : Colonne « CODE » : « 1004 » {lost}")


def test_no_zero_is_lost_where_none_was_expected() -> None:
    contract = small_contract(columns=small_column("code", **COMMUNE))
    assert build([("01004", None, "1", None)], contract).lost == (0, "")
    # A text is no code: a spreadsheet does not take it for a number.
    text = small_contract(columns=small_column("code", **COMMUNE, type="text"))
    built = build([("1004", None, "1", None)], text)
    assert (built.aside[2][0], built.lost) == ("forme", (0, ""))


def test_a_joined_code_may_have_lost_a_zero_too() -> None:
    built = joined(("0101", "1", "1", "1004"))
    assert built.aside[2][0] == "zero_initial_perdu"
    assert "« COM + IRIS » : « 10040101 »" in built.lost[1]


def test_malformed_lines_are_counted_and_told() -> None:
    built = build([("QP1", None, "1", None)], bad=(BadLine(3, "il manque des colonnes"),))
    assert built.received == 2
    assert built.aside == {3: ("structure", "Ligne mal formée : il manque des colonnes.", None)}


def test_nothing_of_a_row_set_aside_is_lost() -> None:
    ((_, _, line),) = build([("QP1", "l'été « ; »", "12 34", None)]).aside.values()
    assert json.loads(line or "") == {
        "CODE": "QP1", "LIBELLE": "l'été « ; »", "HAB": "12 34", "PART": None,
    }  # fmt: skip


def test_what_a_person_may_have_typed_is_neither_repeated_nor_kept() -> None:
    canary = "Mme CANARI"
    contract = small_contract(
        may_hold_personal_data=True,
        columns=small_column("code", pattern="QP1", allowed=["QP1"]),
        control_rows={"code": ["Ensemble"]},
    )
    built = build(
        [
            (canary, canary, "1", "1"),
            ("QP1", canary, canary, canary),
            (None, canary, "1", "1"),
            ("Ensemble", canary, "1", "1"),
        ],
        contract,
    )
    assert set(built.aside) == {2, 3, 4, 5}
    assert built.rows == {}
    assert "CANARI" not in repr(built.aside)
    assert "« HAB »" in built.aside[3][1]
    assert all(row[2] is None for row in built.aside.values())


def test_rows_may_be_set_aside_later(tmp_path: Path) -> None:
    cells = tmp_path / "lignes.parquet"
    duckdb.sql(
        "select 'QP' || i as c0, i::varchar as c1, '1' as c2, i + 2 as _row_number"
        " from range(3) t(i)"
    ).write_parquet(str(cells))
    contract = small_contract()
    reading = Reading(["CODE", "HAB", "PART"], 3, [])
    candidate = build_candidate(
        cells, reading, match_columns(reading, contract, "2021"), contract, tmp_path / "c.duckdb"
    )
    assert rows_set_aside(candidate).examples == []
    set_aside(candidate, "trop", "Trop d'habitants.", "habitants >= 1")
    counted = rows_set_aside(candidate)
    assert (counted.rows, counted.control) == (2, 0)
    assert counted.examples == ["ligne 3 : Trop d'habitants.", "ligne 4 : Trop d'habitants."]
    with duckdb.connect(candidate.database) as con:
        assert con.execute("select _row_number from candidat").fetchall() == [(2,)]


def grouped(digits: str, space: str) -> str:
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", space, digits)


@settings(max_examples=12, deadline=None)
@given(
    numbers=st.lists(
        st.tuples(
            st.integers(-(10**12), 10**12), st.integers(0, 999), st.sampled_from([*SPACES.values()])
        ),
        min_size=1,
        max_size=40,
    )
)
def test_a_number_written_the_french_way_comes_back(
    numbers: list[tuple[int, int, str]],
) -> None:
    cells, expected = [], {}
    for line, (whole, thousandths, space) in enumerate(numbers, start=2):
        text = "-" * (whole < 0) + grouped(str(abs(whole)), space)
        cells.append((f"QP{line}", None, text, f"{text},{thousandths:03}"))
        expected[line] = (f"QP{line}", whole, float(f"{whole}.{thousandths:03}"))
    built = build(cells)
    assert built.aside == {}
    assert built.rows == expected


def said(text: str) -> float | None:
    """What a French reader understands: spaces group by three, one comma before the decimals."""
    text = re.sub("[\xa0\u202f\u2009]", " ", text).strip(" ")
    whole, _, decimals = text.partition(",")
    digits = whole.removeprefix("-")
    groups = digits.split(" ")
    if not all(group.isascii() and group.isdigit() for group in groups):
        return None
    if len(groups) > 1 and not (len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])):
        return None
    if "," in text and not (decimals.isascii() and decimals.isdigit()):
        return None
    return float("-" * whole.startswith("-") + "".join(groups) + "." + (decimals or "0"))


NUMBERLIKE = st.text(st.sampled_from("0123459 \xa0\u202f\u2009,.-+e'"), min_size=1, max_size=10)


@settings(max_examples=20, deadline=None)
@given(cells=st.lists(NUMBERLIKE, min_size=30, max_size=80))
def test_no_text_is_read_as_another_number(cells: list[str]) -> None:
    count = len(cells)
    built = build(
        [("QP", None, cell, None) for cell in cells] + [("QP", None, None, cell) for cell in cells]
    )
    for line, cell in enumerate(cells, start=2):
        meant = said(cell)
        if not re.sub("[\xa0\u202f\u2009 ]", "", cell):
            assert built.rows[line] == built.rows[line + count] == ("QP", None, None)
        elif meant is None:
            assert built.aside[line][0] == built.aside[line + count][0] == "type", cell
        else:
            assert built.rows[line + count][2] == meant, cell
            if "," in cell:
                assert built.aside[line][0] == "type", cell
            else:
                assert built.rows[line][1] == meant, cell


def test_the_small_contract_is_sound() -> None:
    assert set(small_contract().columns) == set(SMALL["columns"])
