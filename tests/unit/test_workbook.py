"""One sheet of a workbook: what a person reads in its cells, or a refusal before it is opened."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from ingestion.readers.cells import Reading
from ingestion.readers.options import ReadOptions
from ingestion.readers.workbook import MAX_MEMBERS, MAX_RATIO, MAX_XLS, read_workbook
from ingestion.reading import read as read_in_child
from ingestion.refusal import Refusal
from tests.fixtures.workbooks import (
    OPTIONS,
    XLS,
    XLS_OPTIONS,
    add_member,
    replace_in_sheet,
    workbook,
)

Rows = list[tuple[Any, ...]]
B3 = '<c r="B3" t="n"><v>2</v></c>'


def read(path: Path, options: ReadOptions = OPTIONS) -> tuple[Reading, Rows]:
    target = path.with_suffix(".parquet")
    reading = read_workbook(path, options, target)
    return reading, duckdb.sql(f"from '{target}'").fetchall()


def refusal(path: Path, options: ReadOptions = OPTIONS) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read(path, options)
    return refused.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recu.xlsx"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (165, "165"),
        (165.0, "165"),
        (-3, "-3"),
        (6.2, "6,2"),
        (0, "0"),
        (12345678901, "12345678901"),
        ("01004", "01004"),
        ("2A004", "2A004"),
        ("1 234", "1 234"),
        ("  Les Mureaux\u200b ", "Les Mureaux"),
        ("e\u0301te\u0301", "été"),
        ("   ", None),
        (dt.date(2021, 3, 1), "2021-03-01"),
        (dt.datetime(2021, 3, 1, 12, 30), "2021-03-01T12:30:00"),
        (dt.time(8, 30), "08:30:00"),
        (True, "oui"),
        (False, "non"),
    ],
    ids=repr,
)
def test_a_cell_as_a_person_reads_it(path: Path, cell: object, text: str | None) -> None:
    # openpyxl writes « 165.0 » as it is: the number of a tool that knows no integers.
    _, rows = read(workbook(path, [["A", "B"], ["x", cell]]))
    assert rows == [(3, "x", text)]


def test_blank_rows_count_in_row_numbers(path: Path) -> None:
    reading, rows = read(
        workbook(path, [["A", "B"], [None, None], [1, 2], [None, None], [None, 4], [None, None]])
    )
    assert reading == Reading(["A", "B"], 2, [])
    assert rows == [(4, "1", "2"), (6, None, "4")]


def test_header_is_cleaned(path: Path) -> None:
    reading, _ = read(workbook(path, [[" Bénéficiaires\n(au  moins) ", "B", None], [1, 2]]))
    assert reading.header == ["Bénéficiaires (au moins)", "B"]


def test_a_header_alone_has_no_rows(path: Path) -> None:
    reading, rows = read(workbook(path, [["A", "B"]]))
    assert reading == Reading(["A", "B"], 0, [])
    assert rows == []


@pytest.mark.parametrize(("rows", "said"), [([], "pas d'en-tête"), ([["A", None, "B"]], "de nom")])
def test_an_incomplete_header_is_refused(path: Path, rows: Any, said: str) -> None:
    refused = refusal(workbook(path, rows))
    assert refused.rule == "entete"
    assert "« Activité », ligne 2" in refused.message
    assert said in refused.message


def test_a_cell_beside_the_table_is_refused_with_its_line(path: Path) -> None:
    refused = refusal(workbook(path, [["A", "B"], [1, 2], [3, 4, None, "note"]]))
    assert refused.rule == "colonne_sans_nom"
    assert "ligne 4" in refused.message
    assert "nommée (B)" in refused.message
    assert "note" not in refused.message


def test_a_missing_sheet_is_refused_and_those_present_are_counted(path: Path) -> None:
    options = OPTIONS.model_copy(update={"sheet": "Suivi"})
    refused = refusal(workbook(path, [["A"], [1]]), options)
    assert refused.rule == "feuille"
    assert "« Suivi »" in refused.message
    assert "contient 1 d'un autre nom" in refused.message
    assert "« Activité »" not in refused.message


def test_another_sheet_is_refused_by_its_place(path: Path) -> None:
    refused = refusal(workbook(path, [["A"], [1]], sheets=["Lisez-moi", "Usagers"]))
    assert refused.rule == "feuille_inattendue"
    assert "(n° 3)" in refused.message
    assert "Usagers" not in refused.message


def test_a_sheet_of_the_model_is_not_read(path: Path) -> None:
    _, rows = read(workbook(path, [["A"], [1]], sheets=["Lisez-moi"]))
    assert rows == [(3, "1")]


def test_where_no_other_sheet_is_announced_any_is_accepted(path: Path) -> None:
    options = OPTIONS.model_copy(update={"other_sheets": []})
    _, rows = read(workbook(path, [["A"], [1]], sheets=["Autre"]), options)
    assert rows == [(3, "1")]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B3" t="e"><v>#DIV/0!</v></c>',
        '<c r="B3" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="B3"><f>1+1</f></c>',
        '<c r="B3"><f>1+1</f><v></v></c>',
        '<c r="B3"><f>1+1</f><v/></c>',
        '<c r="B3" t="str"><f t="shared" si="0"/></c>',
    ],
)
def test_an_error_or_a_formula_never_computed_is_refused_with_its_cell(
    path: Path, cell: str
) -> None:
    workbook(path, [["A", "B"], [1, 2]])
    refused = refusal(replace_in_sheet(path, B3, cell))
    assert refused.rule == "formule"
    assert "Cellule B3 " in refused.message


@pytest.mark.parametrize(
    "cell",
    [
        '<c t="e" r="B3"><v>#DIV/0!</v></c>',
        "<c r='B3' t='e'><v>#DIV/0!</v></c>",
        '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' r="B3" t="e"><x:v>#DIV/0!</x:v></x:c>',
    ],
    ids=["attribute order", "simple quotes", "prefix"],
)
def test_an_error_spelled_by_another_program_is_refused(path: Path, cell: str) -> None:
    workbook(path, [["A", "B"], [1, 2]])
    assert refusal(replace_in_sheet(path, B3, cell)).rule == "formule"


def test_a_computed_formula_is_its_value(path: Path) -> None:
    workbook(path, [["A", "B"], [1, 2]])
    _, rows = read(replace_in_sheet(path, B3, '<c r="B3"><f>3+4</f><v>7</v></c>'))
    assert rows == [(3, "1", "7")]


def test_macros_are_refused(path: Path) -> None:
    workbook(path, [["A"], [1]])
    refused = refusal(add_member(path, "xl/vbaProject.bin", b"x"))
    assert refused.rule == "macros"
    assert "macros" in refused.message


def test_an_archive_that_unfolds_too_much_is_refused(path: Path) -> None:
    workbook(path, [["A"], [1]])
    add_member(path, "xl/media/image1.bin", bytes(8 << 20))
    assert (8 << 20) / path.stat().st_size > MAX_RATIO
    refused = refusal(path)
    assert refused.rule == "archive_suspecte"
    assert "8 Mo" in refused.message


def test_an_archive_with_too_many_members_is_refused(path: Path) -> None:
    workbook(path, [["A"], [1]])
    with zipfile.ZipFile(path, "a") as archive:
        for rank in range(MAX_MEMBERS + 1):
            archive.writestr(f"x/{rank}", b"")
    assert refusal(path).rule == "archive_suspecte"


def test_an_encrypted_workbook_is_refused(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    refused = refusal(path)
    assert refused.rule == "chiffre"
    assert "mot de passe" in refused.message


def test_an_encrypted_member_is_refused(path: Path) -> None:
    workbook(path, [["A"], [1]])
    content = bytearray(path.read_bytes())
    # Bit 0 of the flags of the first member, in the central directory and before its data.
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.index(mark) + at] |= 1
    path.write_bytes(content)
    assert refusal(path).rule == "chiffre"


@pytest.mark.parametrize("content", [b"A;B\n1;2\n", b"<html>", b"", b"PK\x03\x04"])
def test_what_is_not_a_workbook_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused = refusal(path)
    assert refused.rule == "format"
    assert ".xlsx" in refused.message


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_workbook_cut_short_is_refused(path: Path, share: float) -> None:
    content = workbook(path, [["A"], [1]]).read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert refusal(path).rule == "format"


def test_a_zip_that_is_not_a_workbook_is_refused(path: Path) -> None:
    assert refusal(add_member(path, "lisezmoi.txt", b"rien")).rule == "format"


def test_no_member_is_written_outside(path: Path) -> None:
    workbook(path, [["A"], [1]])
    add_member(path, "../evade.txt", b"x")
    add_member(path, "/tmp/observatoire-evade.txt", b"x")
    _, rows = read(path)
    assert rows == [(3, "1")]
    assert not (path.parent.parent / "evade.txt").exists()
    assert not Path("/tmp/observatoire-evade.txt").exists()
    assert {p.name for p in path.parent.iterdir()} == {"recu.xlsx", "recu.parquet"}


def test_a_file_of_this_machine_is_not_read_through_xml(path: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("CANARI")
    workbook(path, [["A", "B"], [1, 2]])
    replace_in_sheet(path, B3, '<c r="B3" t="str"><v>&vol;</v></c>')
    replace_in_sheet(
        path,
        "<worksheet",
        f'<!DOCTYPE d [<!ENTITY vol SYSTEM "file://{tmp_path}/secret.txt">]><worksheet',
    )
    rows: Rows = []
    with suppress(Refusal):
        _, rows = read(path)
    assert "CANARI" not in repr(rows)


def test_a_cell_filled_very_far_is_refused_and_we_survive(path: Path) -> None:
    workbook(path, [["A", "B"], [1, 2]])
    book = openpyxl.load_workbook(path)
    book["Activité"].cell(1_048_576, 16_384, "x")
    book.save(path)
    with pytest.raises(Refusal) as refused:
        read_in_child(path, OPTIONS, path.with_suffix(".parquet"))
    assert refused.value.rule == "memoire"
    assert "trop de mémoire" in refused.value.message


@pytest.fixture
def xls(tmp_path: Path) -> Path:
    return Path(shutil.copy(XLS, tmp_path / "recu.xls"))


def test_an_xls_is_read_below_its_labels_by_the_lines_of_its_sheet(xls: Path) -> None:
    reading, rows = read(xls, XLS_OPTIONS)
    assert reading == Reading(["qp", "listcom", "tx_tot_et", "l_nbpers", "niv"], 3, [])
    assert rows == [
        (8, "QP999001", "Première,  Deuxième", "12,5", "2", "1.    - de 1999"),
        (9, "QP02A999", "Troisième", None, "2,25", "2. 2000 à  3999"),
        (10, "QP999003", "Quatrième", "0", "101", None),
    ]


def test_without_label_rows_the_labels_are_a_row(xls: Path) -> None:
    reading, rows = read(xls, XLS_OPTIONS.model_copy(update={"label_rows": 0}))
    assert reading.rows == 4
    assert rows[0][:3] == (7, "Code du quartier", "Communes")


def test_a_sheet_missing_from_an_xls_is_refused(xls: Path) -> None:
    refused = refusal(xls, XLS_OPTIONS.model_copy(update={"sheet": "Regions"}))
    assert refused.rule == "feuille"
    assert "contient 2 d'un autre nom" in refused.message


@pytest.mark.parametrize("content", [b"qp;tx_tot_et\n", b"<html>", b"", b"PK\x03\x04"])
def test_what_is_not_an_xls_is_refused(xls: Path, content: bytes) -> None:
    xls.write_bytes(content)
    refused = refusal(xls, XLS_OPTIONS)
    assert refused.rule == "format"
    assert "n'est pas un classeur .xls" in refused.message


def test_an_xlsx_renamed_xls_is_refused(xls: Path, path: Path) -> None:
    shutil.copy(workbook(path, [["A"], [1]]), xls)
    assert "n'est pas un classeur .xls" in refusal(xls, XLS_OPTIONS).message


# Cut by one per cent, its last block is not whole: the library panics.
@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.99])
def test_an_xls_cut_short_is_refused(xls: Path, share: float) -> None:
    content = xls.read_bytes()
    xls.write_bytes(content[: int(len(content) * share)])
    refused = refusal(xls, XLS_OPTIONS)
    assert refused.rule == "format"
    assert "coupé ou abîmé" in refused.message


def test_our_own_faults_are_no_damage_of_the_file(
    xls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(path: str) -> CalamineWorkbook:
        raise KeyboardInterrupt

    monkeypatch.setattr(CalamineWorkbook, "from_path", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read(xls, XLS_OPTIONS)


def test_a_huge_xls_is_not_opened(xls: Path) -> None:
    with xls.open("ab") as writer:
        writer.truncate(MAX_XLS + 1)
    refused = refusal(xls, XLS_OPTIONS)
    assert refused.rule == "archive_suspecte"
    assert "64 Mo" in refused.message


def test_the_child_reads_the_same_xls(xls: Path) -> None:
    target = xls.with_name("ailleurs.parquet")
    there = read_in_child(xls, XLS_OPTIONS, target)
    assert (there, duckdb.sql(f"from '{target}'").fetchall()) == read(xls, XLS_OPTIONS)


def test_the_child_reads_the_same(path: Path) -> None:
    workbook(path, [["A", "Âge"], ["01004", 6.2], [None, None], ["2A004", None]])
    target = path.with_name("ailleurs.parquet")
    there = read_in_child(path, OPTIONS, target)
    assert (there, duckdb.sql(f"from '{target}'").fetchall()) == read(path)


def test_a_refusal_of_the_child_is_the_same(path: Path) -> None:
    workbook(path, [["A"], [1]], sheets=["Usagers"])
    with pytest.raises(Refusal) as refused:
        read_in_child(path, OPTIONS, path.with_suffix(".parquet"))
    here = refusal(path)
    assert (refused.value.rule, refused.value.message) == (here.rule, here.message)
