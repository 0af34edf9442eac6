"""Delimited text: what the bytes say comes back cell for cell, or the file is refused."""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.readers.cells import BadLine, Reading
from ingestion.readers.delimited import MAX_LINE, read_delimited
from ingestion.readers.options import ReadOptions
from ingestion.refusal import Refusal

Rows = list[tuple[Any, ...]]


def read(content: bytes | str, **options: Any) -> tuple[Reading, Rows]:
    """The report, and each row as its line in the file then its cells."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = folder / "recu.csv", folder / "lignes.parquet"
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        reading = read_delimited(source, ReadOptions(**options), target)
        rows = duckdb.sql(f"from '{target}'").fetchall()
    return reading, [(row[-1], *row[:-1]) for row in rows]


def refusal(content: bytes | str, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read(content, **options)
    return refused.value


def test_every_cell_is_text() -> None:
    reading, rows = read("CODE;HAB;PART\n01004;1234;50,2\n2A004;;NULL\n")
    assert reading == Reading(["CODE", "HAB", "PART"], 2, [])
    assert rows == [(2, "01004", "1234", "50,2"), (3, "2A004", None, "NULL")]


@pytest.mark.parametrize(
    "content",
    [
        b"A;B\r\n1;2\r\n3;4\r\n",
        b"A;B\r1;2\r3;4\r",
        b"A;B\r\n1;2\r3;4\n",
        b"A;B\n1;2\n3;4",
        b"\xef\xbb\xbfA;B\n1;2\n3;4\n",
        b'"A";"B"\n"1";"2"\n"3";"4"\n',
    ],
    ids=["CRLF", "CR", "mixed", "no last end", "BOM", "quotes"],
)
def test_line_ends_mark_and_quotes_do_not_matter(content: bytes) -> None:
    reading, rows = read(content)
    assert reading.header == ["A", "B"]
    assert rows == [(2, "1", "2"), (3, "3", "4")]


def test_a_line_end_cut_between_two_blocks_is_one_line_end() -> None:
    # The first block that is read ends between \r and \n.
    start = b"A;B\r\n"
    row = b"1;" + b"x" * ((1 << 20) - len(start) - 3) + b"\r\n"
    assert (start + row)[(1 << 20) - 1 : (1 << 20) + 1] == b"\r\n"
    _, rows = read(start + row + b"3;4\r\n")
    assert [line for line, *_ in rows] == [2, 3]


def test_a_letter_cut_between_two_blocks_is_one_letter() -> None:
    start = b"A;B\n1;"
    cell = "x" * ((1 << 20) - len(start) - 1) + "é"
    _, rows = read(start + cell.encode() + b"\n")
    assert rows == [(2, "1", cell)]


@pytest.mark.parametrize("count", [1, 993])
def test_unnamed_trailing_columns_are_dropped(count: int) -> None:
    empty = ";" * count
    reading, rows = read(f"A;B{empty}\n1;2{empty}\n3;4{empty}\n")
    assert reading.header == ["A", "B"]
    assert rows == [(2, "1", "2"), (3, "3", "4")]


@pytest.mark.parametrize("rank", [1, 3])
def test_a_value_beyond_the_last_named_column_is_refused(rank: int) -> None:
    said = refusal(f"A;B;;;\n1;2;;;\n3;4{';' * rank}5{';' * (3 - rank)}\n")
    assert said.rule == "colonne_sans_nom"
    assert "Ligne 3" in said.message
    assert "nommée (la 2e)" in said.message


@pytest.mark.parametrize("space", ["\u202f", "\xa0", "\u2009"])
def test_spaces_of_numbers_come_back(space: str) -> None:
    _, rows = read(f"A;B\n1;12{space}345\n")
    assert rows == [(2, "1", f"12{space}345")]


def test_accents_are_composed() -> None:
    reading, rows = read("A;E\u0301cole\n1;e\u0301te\u0301\n")
    assert reading.header == ["A", "École"]
    assert rows == [(2, "1", "été")]


def test_windows_text_read_as_such() -> None:
    _, rows = read("A;B\n1;été €\n".encode("cp1252"), encoding="cp1252")
    assert rows == [(2, "1", "été €")]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("A;B\n1;2\n3;été\n".encode("cp1252"), 3),
        ("A;B\r\n1;2\r\n3;4\r\n5;été\r\n".encode("cp1252"), 4),
        ("É;B\n1;2\n".encode("cp1252"), 1),
        (b"A;B\n" + b"1;2\n" * (1 << 19) + "3;é\n".encode("cp1252"), (1 << 19) + 2),
    ],
    ids=["LF", "CRLF", "header", "second block"],
)
def test_windows_text_in_place_of_utf8_is_refused_with_its_line(content: bytes, line: int) -> None:
    said = refusal(content)
    assert said.rule == "encodage"
    assert f"Ligne {line} " in said.message
    assert "UTF-8" in said.message
    assert "Windows-1252" in said.message


def test_two_encodings_in_one_line() -> None:
    header = b"Date r\xe9f\xe9rence;" + "Numéro commune;Prix en €".encode()
    reading, rows = read(header + "\n2020-12;Élancourt;\x80\n".encode("latin-1"), encoding="mixed")
    assert reading.header == ["Date référence", "Numéro commune", "Prix en €"]
    assert rows == [(2, "2020-12", "Élancourt", "€")]


@pytest.mark.parametrize("text", ["été €", "e\u0301te\u0301 œ’"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_is_utf8_is_not_read_twice(text: str, encoding: str) -> None:
    _, rows = read(f"A;B\n1;{text}\n".encode(encoding), encoding="mixed")
    assert rows == [(2, "1", unicodedata.normalize("NFC", text))]


@pytest.mark.parametrize("last", ["é".encode(), b"\xe9"], ids=["UTF-8", "Windows-1252"])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_the_last_letter_of_a_mixed_file_is_kept(last: bytes, end: bytes) -> None:
    _, rows = read(b"A;B\n1;caf" + last + end, encoding="mixed")
    assert rows == [(2, "1", "café")]


@pytest.mark.parametrize("encoding", ["mixed", "cp1252"])
def test_a_byte_that_is_no_letter_is_refused_with_its_line(encoding: str) -> None:
    said = refusal(b"A;B\n1;\xe9\n2;\x81\n", encoding=encoding)
    assert said.rule == "encodage"
    assert "Ligne 3 : l'octet 0x81" in said.message
    assert "Windows-1252" in said.message
    assert "abîmé" in said.message


def test_a_letter_of_a_mixed_file_cut_between_two_blocks_is_one_letter() -> None:
    start = b"A;B\n\xe9;"
    cell = "x" * ((1 << 20) - len(start) - 1) + "é"
    _, rows = read(start + cell.encode() + b"\n", encoding="mixed")
    assert rows == [(2, "é", cell)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf16_is_refused(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    said = refusal((mark + "A;B\n1;é\n").encode(encoding))
    assert said.rule == "encodage"
    assert "UTF-16" in said.message


def test_a_nul_byte_is_refused_with_its_line() -> None:
    said = refusal(b"A;B\n1;2\n3;\x004\n")
    assert said.rule == "octet_nul"
    assert "Ligne 3 " in said.message


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal(content).rule == "fichier_vide"


@pytest.mark.parametrize("content", ["\n\n", ";;;\n1;2;3;4\n", "   \n1\n"])
def test_an_empty_header_is_refused(content: str) -> None:
    said = refusal(content)
    assert said.rule == "entete"
    assert "Ligne 1 " in said.message


@pytest.mark.parametrize("content", ["A;B", "A;B\n", "A;B\n\n\n"])
def test_a_header_alone_has_no_rows(content: str) -> None:
    reading, rows = read(content)
    assert reading == Reading(["A", "B"], 0, [])
    assert rows == []


def test_a_header_further_down() -> None:
    reading, rows = read("Un titre\n\nA;B\n1;2\n", header_row=3)
    assert reading.header == ["A", "B"]
    assert rows == [(4, "1", "2")]


def test_rows_of_labels_are_no_data() -> None:
    text = 'Un titre;\nA;B\n"Code de\tla commune";Nombre\n1;2\n3;4\n'
    reading, rows = read(text, header_row=2, label_rows=1)
    assert reading == Reading(["A", "B"], 2, [])
    assert rows == [(4, "1", "2"), (5, "3", "4")]
    _, rows = read(text, header_row=2)
    assert rows[0] == (3, "Code de\tla commune", "Nombre")


@pytest.mark.parametrize("content", ["A;B\nx;y", "A;B\nx;y\n", "A;B\n"])
def test_labels_without_data_have_no_rows(content: str) -> None:
    reading, rows = read(content, label_rows=1)
    assert reading == Reading(["A", "B"], 0, [])
    assert rows == []


def test_a_quote_left_open_among_data_counts_no_label_row() -> None:
    said = refusal('A;B\nx;y\n1;2\n3;"4\n', label_rows=1)
    assert said.rule == "guillemet"
    assert said.rows_received == 2


@pytest.mark.parametrize(
    "content",
    ['A;B\n1;"2\n3;4\n5;6\n', 'A;B\n1;2\n3;4"\n', '"A;B\n1;2\n', 'A;B\n1;"a"b\n3;4"\n'],
)
def test_a_quote_that_is_never_closed_is_refused(content: str) -> None:
    said = refusal(content)
    assert said.rule == "guillemet"
    assert "coupé" in said.message
    assert said.rows_received == content.count("\n") - 1


def test_quoted_separators_quotes_and_line_breaks() -> None:
    text = 'A;B\n"1;2";"dit ""oui"""\n"deux\r\nlignes";x\n5;6\n'
    _, rows = read(text, multiline_cells=True)
    assert [row[1:] for row in rows] == [("1;2", 'dit "oui"'), ("deux\nlignes", "x"), ("5", "6")]
    # As a spreadsheet numbers its rows: a cell of two lines is one row.
    assert [row[0] for row in rows] == [2, 3, 4]


def test_blank_lines_inside_a_quoted_cell_are_its_own() -> None:
    _, rows = read('A;B\n1;"x\r\n\r\n\r\ny"\n3;"\n4\n"\n', multiline_cells=True)
    assert rows == [(2, "1", "x\n\n\ny"), (3, "3", "\n4\n")]
    said = refusal('A;B\n1;"x\n\ny"\n\n3;4\n', multiline_cells=True)
    assert said.rule == "structure"


def test_a_cell_over_several_lines_is_a_stray_quote_unless_allowed() -> None:
    said = refusal('A;B\n1;2\n"3;4\n5;6"\n7;8\n')
    assert said.rule == "structure"
    said = refusal('A;B\n1;2\n"3;4\n5;6";7\n8;9\n')
    assert "Vers la ligne 3" in said.message


def test_blank_lines_count_in_row_numbers() -> None:
    _, rows = read("A;B\n\n1;2\n\n\n3;4\n\n")
    assert rows == [(3, "1", "2"), (6, "3", "4")]


def test_blank_lines_beside_a_quoted_line_break_cannot_be_numbered() -> None:
    said = refusal('A;B\n\n1;"x\ny"\n\n3;4\n', multiline_cells=True)
    assert said.rule == "structure"


@pytest.mark.parametrize(
    ("line", "reason"), [("3", "il manque"), ("3;4;5", "trop de colonnes"), ('3;"4"5', "guillemet")]
)
def test_a_malformed_line_is_told_and_the_others_keep_their_number(line: str, reason: str) -> None:
    reading, rows = read(f"A;B\n1;2\n{line}\n\n5;6\n")
    assert rows == [(2, "1", "2"), (5, "5", "6")]
    assert reading.rows == 2
    ((bad),) = reading.bad_lines
    assert bad.line == 3
    assert reason in bad.reason


def test_two_malformed_lines() -> None:
    reading, rows = read("A;B\n1\n2;2\n3;3;3\n4;4\n")
    assert rows == [(3, "2", "2"), (5, "4", "4")]
    assert [bad.line for bad in reading.bad_lines] == [2, 4]
    assert all(isinstance(bad, BadLine) for bad in reading.bad_lines)


@pytest.mark.parametrize("content", ["A;B;C\n1;2;3\n4;5;6\n7;8", "A;B;C\n1;2;3\n4;5;6\n7;8\n"])
def test_a_last_line_cut_short_refuses_the_file(content: str) -> None:
    said = refusal(content)
    assert said.rule == "fichier_tronque"
    assert "Ligne 4" in said.message
    assert "3 colonnes attendues" in said.message
    assert "coupé" in said.message


@pytest.mark.parametrize(("separator", "said"), [(",", ","), ("\t", "tabulation"), ("|", "|")])
def test_another_separator_is_named(separator: str, said: str) -> None:
    message = refusal(f"A{separator}B\n1{separator}2\n").message
    assert f"« {said} »" in message
    assert "« ; » est attendu" in message


def test_the_separator_of_the_contract() -> None:
    _, rows = read('A,B\n1,"2,5"\n', separator=",")
    assert rows == [(2, "1", "2,5")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE html><html>", "page web"),
        (b"\xef\xbb\xbf\n <HTML><body>500", "page web"),
        (b"PK\x03\x04" + b"\x00" * 40, "classeur"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "classeur"),
    ],
    ids=["html", "html with a mark", "zip", "xls"],
)
def test_another_format_under_the_name_of_a_csv(content: bytes, said: str) -> None:
    refused = refusal(content)
    assert refused.rule == "format"
    assert said in refused.message


@pytest.mark.parametrize("length", [MAX_LINE + (1 << 20), 2 * MAX_LINE])
def test_a_line_without_end_is_refused(length: int) -> None:
    said = refusal(b"A;B\n1;2\n3;" + b"x" * length)
    assert said.rule == "ligne_trop_longue"
    assert "Ligne 3 " in said.message


def test_a_long_line_is_read() -> None:
    cell = "x" * (MAX_LINE - 100)
    _, rows = read(f"A;B\n1;{cell}\n3;4\n")
    assert rows == [(2, "1", cell), (3, "3", "4")]


# Without U+037E, whose composed form is the separator itself: such a line is refused.
CELLS = st.text(
    st.sampled_from("aé\u0301œ'\";,\n\r\t \xa0\u202f«»-0123456789|\u2028\x85")
    | st.characters(codec="utf-8", exclude_characters="\x00\ufeff\u037e"),
    max_size=8,
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    # Two columns or more: with one, a blank cell is a blank line.
    width = draw(st.integers(2, 4))
    return draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))


def as_read(cell: str) -> str | None:
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines) or None


@settings(max_examples=60, deadline=None)
@given(table=tables(), end=st.sampled_from(["\n", "\r\n"]))
def test_any_table_comes_back_cell_for_cell(table: list[list[str]], end: str) -> None:
    text = io.StringIO()
    # With "\n" for line end, csv.writer would leave a cell with "\r" without quotes.
    quoting = csv.QUOTE_ALL if end == "\n" else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=";", lineterminator=end, quoting=quoting)
    writer.writerow([f"C{rank}" for rank in range(len(table[0]))])
    writer.writerows(table)
    reading, rows = read(text.getvalue(), multiline_cells=True)
    assert reading.rows == len(table)
    assert reading.bad_lines == []
    assert rows == [
        (line, *(as_read(cell) for cell in row)) for line, row in enumerate(table, start=2)
    ]


WHOLE = (
    'CODE;"LIBELLÉ";HAB;NOTE\r\n'
    'QP078001;"Les Mureaux ; Sud";19 940;0\r\n'
    "QP078002;Élancourt;2534;0\r\n"
    "\r\n"
    'QP078003;"dit ""la Cité""";;4\r\n'
    "QP078004;Trappes;12;0\r\n"
).encode()


def test_a_file_cut_anywhere_is_refused_or_loses_whole_lines_only() -> None:
    """One cut cannot be told from a file without a last line end: inside the last cell."""
    _, whole = read(WHOLE)
    accepted = 0
    for size in range(1, len(WHOLE)):
        kept = WHOLE[:size]
        try:
            reading, rows = read(kept)
        except Refusal:
            continue
        accepted += 1
        assert not reading.bad_lines, size
        if kept.count(b"\n") == 0:
            assert rows == [], size
            continue
        if rows != whole[: len(rows)]:
            *before, last = rows
            true = whole[len(before)]
            assert before == whole[: len(before)], size
            assert last[:-1] == true[:-1], size
            assert str(true[-1]).startswith(last[-1] or ""), size
            assert not kept.endswith(b"\n"), size
        # No line that is whole before the cut is missing.
        assert len(rows) >= len([line for line in kept.split(b"\r\n")[1:-1] if line]), size
    assert 0 < accepted < len(WHOLE) / 3


def test_a_file_cut_inside_a_letter_is_refused() -> None:
    refusal("A;B\n1;2\n3;é".encode()[:-1])
