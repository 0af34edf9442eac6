"""How an unknown file is laid out: bytes that the readers never saw before."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingestion.readers.cells import Layout
from ingestion.readers.grid import shape_of
from ingestion.readers.sniff import sniff
from ingestion.reading import sniff as sniff_confined
from ingestion.refusal import Refusal

TABLE = "CODE;LIBELLÉ;HAB\nQP078001;Val Fourré;19940\nQP078002;Élancourt;2534\n"


def layout(folder: Path, content: bytes | str, name: str = "essai.csv") -> Layout:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return sniff(path, folder)


def refusal(folder: Path, content: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        layout(folder, content)
    return refused.value


@pytest.mark.parametrize(
    ("content", "encoding", "why"),
    [
        (TABLE.encode(), "utf-8", "UTF-8"),
        (TABLE.encode("utf-8-sig"), "utf-8", "UTF-8, avec sa marque d'ordre (BOM)"),
        (b"A;B\n1;2\n", "utf-8", "ASCII, que tout encodage lit"),
        (b"\xef\xbb\xbfA;B\n1;2\n", "utf-8", "UTF-8, avec sa marque d'ordre (BOM)"),
        (TABLE.encode("cp1252"), "cp1252", "3 octet(s) qui ne sont pas de l'UTF-8"),
        (
            "Date référence;".encode("cp1252") + "Numéro\n1;2\n".encode(),
            "mixed",
            "1 lettre(s) en UTF-8 et 2 octet(s) qui n'en sont pas",
        ),
    ],
)
def test_encoding(content: bytes, encoding: str, why: str, tmp_path: Path) -> None:
    found = layout(tmp_path, content)
    assert (found.options["encoding"], found.why["encoding"]) == (encoding, why)


def test_an_accent_after_the_first_megabyte_counts(tmp_path: Path) -> None:
    line = "QP078001;1\n"
    content = "CODE;HAB\n" + line * (2 * (1 << 20) // len(line))
    assert layout(tmp_path, content).why["encoding"].startswith("ASCII")
    late = content.encode() + "QP078002;é\n".encode("cp1252")
    assert layout(tmp_path, late).options["encoding"] == "cp1252"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separator(separator: str, tmp_path: Path) -> None:
    content = TABLE.replace(";", separator)
    assert layout(tmp_path, content).options["separator"] == separator


@pytest.mark.parametrize(
    ("content", "separator"),
    [
        # Decimal commas are as regular as semicolons, and there are more of them.
        ("A;B\n1,5;2,5\n3,5;4,5\n7,5;8,5\n", ";"),
        ("CODE;PART\nQP1;53,2\nQP2;48,1\n", ";"),
        # Decimal commas between quotes, in a file of commas.
        ('CODE,PART\nQP1,"53,2"\nQP2,"48,1"\n', ","),
        # Lists of communes in a cell.
        ("CODE;COMMUNES\nQP1;Trappes, Élancourt\nQP2;Plaisir\n", ";"),
        # Hundreds of columns without name.
        ("A;B" + ";" * 200 + "\n" + ("1;2,5" + ";" * 200 + "\n") * 5, ";"),
    ],
)
def test_what_looks_like_another_separator(content: str, separator: str, tmp_path: Path) -> None:
    assert layout(tmp_path, content).options["separator"] == separator


def test_one_column_has_no_separator(tmp_path: Path) -> None:
    found = layout(tmp_path, "CODE\nQP1\nQP2\n")
    assert found.options["separator"] == ";"
    assert found.why["separator"] == "une seule colonne : le séparateur ne se voit pas"


CODES = ["reg", "iris", "A", "PERCOU"]
LABELS = ["Région", "Code IRIS", "Nombre d'allocataires", "Personnes couvertes"]
DATA = [["91", "0101", "12", "30"], ["91", "0102", "14", "41"], ["91", "0103", "", ""]]
TITLES = [["Bénéficiaires (2009)", "", "", ""], ["Données par IRIS", "", "", ""]]


def test_titles_codes_and_labels() -> None:
    found = shape_of([*TITLES, CODES, LABELS, *DATA])
    assert (found.header_row, found.label_rows, found.labels) == (3, 1, LABELS)
    assert found.why["header_row"] == "4 noms, aucun nombre ; 2 ligne(s) de titre au-dessus"


def test_labels_above_the_codes() -> None:
    found = shape_of([*TITLES, LABELS, CODES, *DATA])
    assert (found.header_row, found.label_rows, found.labels) == (4, 0, LABELS)


def test_a_first_row_of_words_is_no_row_of_labels() -> None:
    rows = [["Thème", "Quartier", "Nombre"], ["Santé", "Friches", "12"], ["Emploi", "Friches", "9"]]
    assert (shape_of(rows).header_row, shape_of(rows).label_rows) == (1, 0)


def test_a_sparse_table_is_not_taken_for_titles() -> None:
    rows = [["CODE", "A", "B", "C", "D"], ["01001", "", "12", "", ""], ["01002", "", "", "", ""]]
    assert shape_of(rows).header_row == 1


def test_a_year_may_be_the_name_of_a_column() -> None:
    rows = [["Ensemble", "", "", "", ""], ["Commune", "Type", "Sexe", "Âge", "2020"], *["12345"]]
    assert shape_of(rows).header_row == 2


def test_no_header_is_said(tmp_path: Path) -> None:
    found = layout(tmp_path, "1;2;3\n4;5;6\n")
    assert found.options["header_row"] == 1
    assert found.why["header_row"] == "aucune ligne ne ressemble à un en-tête : à vérifier"


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_fullest_sheet_of_a_workbook(tmp_path: Path) -> None:
    data: list[list[object]] = [[91, "0101", 12, 30], [91, "0102", 14, 41]]
    sheets = {"Lisez-moi": [["Ce classeur"]], "IRIS": [*TITLES, CODES, LABELS, *data]}
    found = sniff(workbook(tmp_path / "essai.xlsx", sheets), tmp_path)
    assert found.options == {"format": "xlsx", "sheet": "IRIS", "header_row": 3, "label_rows": 1}
    assert found.why["sheet"] == "la plus grande des 2 feuille(s)"
    assert found.label_of(2) == "Nombre d'allocataires"
    assert found.label_of(9) == ""


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_the_table_of_an_archive(tmp_path: Path) -> None:
    members = {"meta_base.csv": TABLE * 9, "base.csv": TABLE, "lisezmoi.pdf": "%PDF"}
    found = sniff(zipped(tmp_path / "essai.zip", members), tmp_path)
    assert found.options["member"] == "base.csv"
    assert found.options["separator"] == ";"
    assert "3 fichier(s)" in found.why["member"]


def test_an_archive_without_table_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "essai.zip", {"notice.pdf": "%PDF"})
    with pytest.raises(Refusal, match="ne contient aucun tableau"):
        sniff(path, tmp_path)


def test_an_archive_that_writes_elsewhere_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "essai.zip", {"../../base.csv": TABLE})
    with pytest.raises(Refusal) as refused:
        sniff(path, tmp_path)
    assert refused.value.rule == "archive_suspecte"


def test_geojson_wherever_its_type_is_written(tmp_path: Path) -> None:
    padding = '"' + "x" * (1 << 21) + '"'
    for content in (
        '{"type": "FeatureCollection", "features": []}',
        f'{{"features": [{padding}], "type": "FeatureCollection"}}',
    ):
        assert layout(tmp_path, content).options == {"format": "geojson"}


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ('[ {"code": "01"}]', {"format": "json"}),
        ('\ufeff{"Ici": {"code": "01"}}', {"format": "json", "key_name": "cle"}),
    ],
)
def test_records_in_json(content: str, options: dict[str, str], tmp_path: Path) -> None:
    assert layout(tmp_path, content).options == options


def test_contours_in_a_table(tmp_path: Path) -> None:
    shape = '"{""type"": ""Point"", ""coordinates"": [2.0, 48.7]}"'
    long = shape.replace("2.0", "2." + "0" * 200_000)
    found = layout(tmp_path, f"Geo Shape;CODE\n{shape};QP078001\n{long};QP078002\n")
    assert found.options["geometry"] == "Geo Shape"


def test_cells_of_several_lines(tmp_path: Path) -> None:
    found = layout(tmp_path, 'CODE;HORAIRES\nA;"9 h\n12 h"\nB;10 h\n')
    assert found.options["multiline_cells"] is True


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "fichier_vide"),
        (b"<!DOCTYPE html><html></html>", "format"),
        (b'{"a": 1}', "format"),
        (b"PAR1....", "format"),
        (b"%PDF-1.7", "format"),
        (b"PK\x03\x04 cut", "archive_abimee"),
        (b"\xd0\xcf\x11\xe0 cut", "format"),
        ("A;B\n1;é\n".encode("utf-16"), "encodage"),
        (b"A;B\n\x81\x8d;\xe9\n", "encodage"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, rule: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, content).rule == rule


def test_the_child_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "essai.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    assert sniff_confined(path, tmp_path) == sniff(path, tmp_path)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(Refusal) as refused:
        sniff_confined(path, tmp_path)
    assert refused.value.rule == "format"


WORDS = st.text(st.characters(codec="cp1252", categories=["Ll", "Lu"]), min_size=1, max_size=12)
ACCENTS = "éèàçôÉ"


@st.composite
def generated(draw: st.DrawFn) -> tuple[bytes, dict[str, object]]:
    """A table of a code, a text and numbers, under title rows; and how it is laid out."""
    separator = draw(st.sampled_from([";", ",", "\t", "|"]))
    decimal = draw(st.sampled_from([",", "."]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    columns = draw(st.integers(2, 6))
    titles = draw(st.integers(0, 4))
    number = st.integers(0, 99_999).map(lambda n: f"{n / 10:.1f}".replace(".", decimal))
    # Without a letter beyond ASCII, every encoding is the same.
    words = draw(st.lists(WORDS.map(lambda word: word + ACCENTS), min_size=3, max_size=12))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    for rank in range(titles):
        writer.writerow([f"Titre {rank}"])
    writer.writerow(["CODE", "LIBELLE", *(f"TX_{n}" for n in range(columns))])
    for rank, word in enumerate(words):
        numbers = draw(st.lists(number, min_size=columns, max_size=columns))
        writer.writerow([f"QP078{rank:03}", word, *numbers])
    truth = {
        "format": "csv",
        "encoding": "cp1252" if encoding == "cp1252" else "utf-8",
        "separator": separator,
        "header_row": titles + 1,
    }
    return text.getvalue().encode(encoding), truth


UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


@settings(max_examples=150, deadline=None)
@given(table=generated())
def test_the_layout_of_any_table_is_found(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[bytes, dict[str, object]]
) -> None:
    content, truth = table
    # Some letters of Windows-1252 are, side by side, a letter of UTF-8: nothing tells them apart.
    assume(truth.get("encoding") != "cp1252" or not UTF8_LETTER.search(content))
    assert layout(tmp_path_factory.mktemp("sniff"), content).options == truth
