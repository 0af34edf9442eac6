"""How an unknown file is laid out: format, encoding, separator, sheet, header. Runs in the child.

A guess is never certain: each one carries its evidence, in French.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from ingestion.readers.cells import Layout
from ingestion.readers.delimited import MAX_LINE, whole_lines
from ingestion.readers.grid import Row, Shape, is_number, shape_of
from ingestion.readers.options import ReadOptions
from ingestion.readers.signatures import OLE, ZIP
from ingestion.refusal import Refusal

CHUNK = 1 << 20
SAMPLE_ROWS = 2000
SEPARATORS = (";", ",", "\t", "|")
NAMES = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
UNDEFINED_1252 = re.compile("[\udc81\udc8d\udc8f\udc90\udc9d]")
INVALID = re.compile("[\udc80-\udcff]")
BEYOND_ASCII = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
KEY_NAME = "cle"
TABLES = (".csv", ".txt", ".xlsx", ".xls", ".geojson", ".json")
ABOUT_TABLES = re.compile(r"meta|doc|lisez|readme|notice|variable|dico", re.IGNORECASE)


def sniff(source: Path, folder: Path) -> Layout:
    """Guess the layout of `source`; `folder` is a scratch folder.

    Raises `Refusal` where the file is no table that a reader here can open.
    """
    with source.open("rb") as reader:
        start = reader.read(1 << 12)
    if start.startswith(ZIP):
        return _sniff_zip(source, folder)
    if start.startswith(OLE):
        return _sniff_workbook(source, "xls")
    if start.startswith((b"PAR1", b"%PDF", b"\x1f\x8b", b"Rar!", b"7z")):
        raise _unread("ce n'est ni un texte, ni un classeur, ni une archive .zip")
    if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"[")):
        return _sniff_json(source)
    return _sniff_text(source)


def _unread(why: str) -> Refusal:
    return Refusal(
        "format",
        f"Le fichier ne se lit pas comme un tableau : {why}. Les formats lus sont .csv, .xlsx, "
        ".xls, .geojson, .json, et .zip qui contient l'un d'eux.",
    )


def _sniff_zip(source: Path, folder: Path) -> Layout:
    from ingestion.readers.archive import extract, member_sizes

    sizes = member_sizes(source)
    if "workbook.xml" in sizes:
        return _sniff_workbook(source, "xlsx")
    tables = {name: size for name, size in sizes.items() if name.lower().endswith(TABLES)}
    data = {name: size for name, size in tables.items() if not ABOUT_TABLES.search(name)} or tables
    if not data:
        raise _unread("l'archive ne contient aucun tableau")
    member = max(data, key=lambda name: data[name])
    inner = sniff(extract(source, member, folder), folder)
    if "member" in inner.options:
        raise _unread("l'archive contient une autre archive")
    why = f"le plus grand tableau de l'archive, qui contient {len(sizes)} fichier(s)"
    return replace(
        inner, options={"member": member} | inner.options, why={"member": why} | inner.why
    )


def _sniff_json(source: Path) -> Layout:
    size = source.stat().st_size
    with source.open("rb") as reader:
        ends = reader.read(CHUNK)
        reader.seek(max(0, size - CHUNK))
        ends += reader.read(CHUNK)
    if re.search(rb'"type"\s*:\s*"FeatureCollection"', ends):
        return Layout({"format": "geojson"}, {"format": "une « FeatureCollection »"})
    if re.match(rb"(\xef\xbb\xbf)?\s*\[\s*\{", ends):
        return Layout({"format": "json"}, {"format": "une liste de fiches"})
    if re.match(rb'(\xef\xbb\xbf)?\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{', ends):
        why = {
            "format": "un objet dont les entrées sont des fiches",
            "key_name": "un nom à choisir",
        }
        return Layout({"format": "json", "key_name": KEY_NAME}, why)
    raise _unread("c'est du JSON, sans « FeatureCollection » ni liste de fiches")


def _sniff_workbook(source: Path, kind: str) -> Layout:
    from ingestion.readers.workbook import cell_text, open_workbook, sheet_rows

    book = open_workbook(source, kind)
    grids = {
        name: [[cell_text(cell) or "" for cell in row] for row in sheet_rows(book, name)]
        for name in book.sheet_names
    }
    sheet = max(grids, key=lambda name: _filled(grids[name]), default="")
    if not sheet or not _filled(grids[sheet]):
        raise _unread("le classeur est vide")
    options = {"format": kind, "sheet": sheet}
    why = {"sheet": f"la plus grande des {len(grids)} feuille(s)"}
    return _shaped(options, why, shape_of(grids[sheet][:SAMPLE_ROWS]))


def _filled(rows: Sequence[Row]) -> int:
    return sum(bool(cell) for row in rows for cell in row)


def _sniff_text(source: Path) -> Layout:
    encoding, evidence = _encoding(source)
    options: dict[str, Any] = {"format": "csv", "encoding": encoding}
    why = {"encoding": evidence}
    blocks = whole_lines(source, ReadOptions.model_validate(options))
    lines = list(islice((line for block in blocks for line in StringIO(block)), SAMPLE_ROWS))
    if not lines:
        raise Refusal("fichier_vide", "Le fichier est vide. Demandez un nouvel envoi.")
    options["separator"], why["separator"] = _separator(lines)
    rows = _records(lines, options["separator"])
    shape = shape_of(rows)
    if any("\n" in cell for row in rows for cell in row):
        options["multiline_cells"] = True
        why["multiline_cells"] = "des cellules entre guillemets occupent plusieurs lignes"
    geometry = _geometry(rows, shape)
    if geometry:
        options["geometry"] = geometry
        why["geometry"] = "des géométries GeoJSON"
    return _shaped(options, why, shape)


def _shaped(options: dict[str, Any], why: dict[str, str], shape: Shape) -> Layout:
    options = options | {"header_row": shape.header_row}
    if shape.label_rows:
        options["label_rows"] = shape.label_rows
    return Layout(options, why | shape.why, shape.labels)


def _encoding(source: Path) -> tuple[str, str]:
    """The encoding of the whole file, and the evidence; bytes that fit none are refused."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    invalid = accents = 0
    undefined = marked = False
    with source.open("rb") as reader:
        while chunk := reader.read(CHUNK):
            text = decoder.decode(chunk)
            marked = marked or (not accents and text.startswith("\ufeff"))
            invalid += len(INVALID.findall(text))
            accents += len(BEYOND_ASCII.findall(text))
            undefined = undefined or UNDEFINED_1252.search(text) is not None
    if not invalid:
        if marked:
            return "utf-8", "UTF-8, avec sa marque d'ordre (BOM)"
        return "utf-8", "UTF-8" if accents else "ASCII, que tout encodage lit"
    if undefined:
        raise Refusal(
            "encodage",
            "Le texte n'est ni de l'UTF-8 ni du Windows-1252. Enregistrez-le en « CSV UTF-8 ».",
        )
    # Two letters of Windows-1252 that look like one of UTF-8 are rare, and never the rule.
    if accents * 20 >= invalid:
        return "mixed", f"{accents} lettre(s) en UTF-8 et {invalid} octet(s) qui n'en sont pas"
    return "cp1252", f"{invalid} octet(s) qui ne sont pas de l'UTF-8"


def _separator(lines: Sequence[str]) -> tuple[str, str]:
    scores = {separator: _regularity(lines, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    if not scores[best]:
        return ";", "une seule colonne : le séparateur ne se voit pas"
    rows = _records(lines, best)
    width, count = Counter(len(row) for row in rows if len(row) > 1).most_common(1)[0]
    told = f"{NAMES[best]} : {width} cellules dans {count} des {len(rows)} premières lignes"
    return best, told


def _regularity(lines: Sequence[str], separator: str) -> float:
    """How much the lines look like a table: regular, wide, and no other separator in its cells.

    0 where a table of one column would do better. Lines of one cell may be titles above the table.
    """
    rows = _records(lines, separator)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    if width * count <= len(rows):
        return 0
    cells = [cell for row in rows for cell in row if cell]
    strays = [other for other in ";\t|" if other != separator]
    pure = sum(is_number(cell) or not any(other in cell for other in strays) for cell in cells)
    return width * count / len(rows) * pure / max(1, len(cells))


def _records(lines: Sequence[str], separator: str) -> list[list[str]]:
    csv.field_size_limit(MAX_LINE)  # a geometry is one long cell
    return list(csv.reader(lines, delimiter=separator))


def _geometry(rows: Sequence[Row], shape: Shape) -> str | None:
    """The column whose every cell is a GeoJSON geometry."""
    header, body = rows[shape.header_row - 1], rows[shape.header_row + shape.label_rows :]
    for rank, name in enumerate(header):
        cells = [row[rank] for row in body if rank < len(row) and row[rank].strip()]
        if cells and all(_is_geometry(cell) for cell in cells[:20]):
            return name.strip()
    return None


def _is_geometry(cell: str) -> bool:
    if not cell.lstrip().startswith("{"):
        return False
    try:
        return "coordinates" in json.loads(cell)
    except ValueError:
        return False
