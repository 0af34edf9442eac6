"""Read one sheet of an XLSX or XLS workbook, after its container was found to be harmless."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.readers.cells import ROW_NUMBER, Reading, column_letters
from ingestion.readers.options import ReadOptions
from ingestion.readers.signatures import OLE
from ingestion.refusal import Refusal
from warehouse.literal import literal

if TYPE_CHECKING:
    from pandas import DataFrame
    from python_calamine import CalamineWorkbook

# However the XML is spelled: a cell that holds an error, a formula without its value.
ERROR_MARK = re.compile(rb"""t\s*=\s*["']e["']""")  # sought first: most sheets have none
ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt\s*=\s*["']e["'][^>]*)>""")
UNCOMPUTED = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]+\d+)["']""")
MAX_MEMBERS = 2000
MAX_UNPACKED = 512 << 20
MAX_RATIO = 200
MAX_XLS = 64 << 20


def read_workbook(source: Path, options: ReadOptions, target: Path) -> Reading:
    """Read the sheet named by the contract into `target`, every cell as text.

    Raises `Refusal` where the archive is unsafe, or the sheet or its header is not there.
    """
    import pandas  # costly, and needed by this reader only

    workbook = open_workbook(source, options.format)
    refuse_unexpected_sheets(workbook, options)
    rows = sheet_rows(workbook, options.sheet or "")
    options = options.model_copy(update={"header_row": _header_row(rows, options)})
    if len(rows) < options.header_row:
        raise Refusal(
            "entete", f"Feuille « {options.sheet} », ligne {options.header_row} : pas d'en-tête."
        )
    header = _named_cells(rows[options.header_row - 1])
    if "" in header or not header:
        raise Refusal(
            "entete",
            f"Feuille « {options.sheet} », ligne {options.header_row} : une colonne n'a pas de "
            "nom. Chaque colonne remplie doit porter un nom sur cette ligne.",
        )
    frame = pandas.DataFrame(
        [[cell_text(cell, options.decimal) for cell in row] for row in rows[options.rows_above :]],
        index=range(options.rows_above + 1, len(rows) + 1),
        dtype=object,
    )
    _refuse_stray_cells(frame, header, options)
    frame = frame.reindex(columns=range(len(header))).dropna(how="all")
    frame.columns = [f"c{rank}" for rank in range(len(header))]
    _write(frame.astype("string").rename_axis(ROW_NUMBER).reset_index(), target)
    return Reading(header, len(frame), [])


def open_workbook(source: Path, kind: str) -> CalamineWorkbook:
    """The workbook, `xlsx` or `xls`; raise `Refusal` where it is unsafe or cannot be read."""
    if kind == "xls":
        _refuse_other_than_ole(source)
    else:
        _refuse_unsafe_archive(source)
    from python_calamine import CalamineWorkbook

    with _damage_refused():
        return CalamineWorkbook.from_path(str(source))


def sheet_rows(workbook: CalamineWorkbook, sheet: str) -> list[list[object]]:
    """Every row of a sheet from its first line on, blank ones too."""
    with _damage_refused():
        rows: list[list[object]] = workbook.get_sheet_by_name(sheet).to_python(
            skip_empty_area=False
        )
    return rows


def _named_cells(row: list[object]) -> list[str]:
    """The cells of a row as names, without the blank ones at its end."""
    names = [" ".join((cell_text(cell) or "").split()) for cell in row]
    while names and not names[-1]:
        names.pop()
    return names


def _header_row(rows: list[list[object]], options: ReadOptions) -> int:
    """The row of the header, counted from 1: the one announced, or that begins as announced."""
    first = options.header_cells
    if not first:
        return options.header_row
    for number, row in enumerate(rows, start=1):
        if _named_cells(row)[: len(first)] == first:
            return number
    names = ", ".join(f"« {name} »" for name in first)
    raise Refusal(
        "entete",
        f"Feuille « {options.sheet} » : aucune ligne ne commence par {names}. C'est l'en-tête de "
        "l'export : renvoyez-le tel que l'outil l'a fait, sans y toucher.",
    )


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Refuse what the library cannot read, and what it panics at: a file cut short, for one."""
    from python_calamine import CalamineError

    try:
        yield
    except BaseException as error:
        # A panic has no class that could be imported.
        if not isinstance(error, CalamineError | OSError | IndexError) and (
            type(error).__name__ != "PanicException"
        ):
            raise
        raise damaged() from error


def damaged() -> Refusal:
    """What is said of a workbook that a library cannot read."""
    return Refusal(
        "format",
        "Le classeur est illisible : il a sans doute été coupé ou abîmé. Ouvrez-le et "
        "enregistrez-le de nouveau, ou demandez un nouvel envoi.",
    )


def refuse_unexpected_sheets(workbook: CalamineWorkbook, options: ReadOptions) -> None:
    """Refuse a workbook without the sheet to read, or with one that the contract does not name."""
    present = workbook.sheet_names
    if options.sheet not in present:
        do = "Redonnez-lui ce nom." if options.unfold else "Repartez du fichier modèle."
        raise Refusal(
            "feuille",
            f"La feuille « {options.sheet} » est absente : le classeur en contient {len(present)} "
            f"d'un autre nom. {do}",
        )
    extra = [name for name in present if name not in {options.sheet, *options.other_sheets}]
    if extra and (options.other_sheets or options.unfold):
        # The name of such a sheet may itself be a person's: only its place is told.
        places = ", ".join(_place_of(name, workbook) for name in extra)
        raise Refusal(
            "feuille_inattendue",
            f"Le classeur contient une feuille de plus ({places}). Retirez ce qui n'est pas "
            "demandé, surtout si des personnes y sont désignées, puis renvoyez-le.",
        )


def _place_of(sheet: str, workbook: CalamineWorkbook) -> str:
    rank = workbook.sheet_names.index(sheet)
    seen = workbook.sheets_metadata[rank].visible == _visible()
    return f"n° {rank + 1}" if seen else f"n° {rank + 1}, masquée"


def _visible() -> object:
    from python_calamine import SheetVisibleEnum

    return SheetVisibleEnum.Visible


def _refuse_other_than_ole(source: Path) -> None:
    """An XLS workbook is an OLE file; the reader runs no macro that it may hold."""
    with source.open("rb") as reader:
        if reader.read(4) != OLE:
            raise Refusal(
                "format",
                "Le fichier n'est pas un classeur .xls (Excel 97-2003), ou il a été abîmé. "
                "Demandez un nouvel envoi.",
            )
        if source.stat().st_size > MAX_XLS:
            raise Refusal(
                "archive_suspecte",
                f"Le classeur pèse plus de {MAX_XLS >> 20} Mo : c'est anormal, il n'a pas été "
                "ouvert. Vérifiez que c'est le bon fichier.",
            )


def _refuse_unsafe_archive(source: Path) -> None:
    with source.open("rb") as reader:
        if reader.read(4) == OLE:
            raise Refusal(
                "chiffre",
                "Le classeur est protégé par un mot de passe, ou c'est un ancien .xls. "
                "Enregistrez-le en .xlsx, sans mot de passe, et renvoyez-le.",
            )
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _refuse_bomb(members)
            _refuse_valueless_formulas(archive)
    except zipfile.BadZipFile as error:
        raise Refusal(
            "format",
            "Le fichier n'est pas un classeur .xlsx, ou il a été coupé pendant l'envoi. "
            "Enregistrez-le en .xlsx et renvoyez-le.",
        ) from error
    if any(member.flag_bits & 0x1 for member in members):
        raise Refusal("chiffre", "Le classeur est protégé par un mot de passe. Retirez-le.")
    if any("vbaproject" in member.filename.lower() for member in members):
        raise Refusal(
            "macros", "Le classeur contient des macros. Enregistrez-le en .xlsx, sans macros."
        )


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked / packed > MAX_RATIO:
        raise Refusal(
            "archive_suspecte",
            f"Le classeur se déplie en {unpacked >> 20} Mo et {len(members)} éléments : "
            "c'est anormal pour ce fichier, il n'a pas été ouvert. Repartez du fichier modèle.",
        )


def _refuse_valueless_formulas(archive: zipfile.ZipFile) -> None:
    """The reader gives a blank for `#DIV/0!` and for a formula never computed: not a blank here."""
    for member in archive.infolist():
        if not member.filename.startswith("xl/worksheets/") or member.flag_bits & 0x1:
            continue
        sheet = archive.read(member)
        found = (ERROR_MARK.search(sheet) and ERROR.search(sheet)) or (
            (b"<f" in sheet or b":f" in sheet) and UNCOMPUTED.search(sheet)
        )
        if found:
            named = REFERENCE.search(found[1])
            where = f"Cellule {named[1].decode()}" if named else "Une cellule"
            raise Refusal(
                "formule",
                f"{where} : la formule est en erreur, ou n'a jamais été calculée. "
                "Remplacez-la par le nombre, puis renvoyez le fichier.",
            )


def _refuse_stray_cells(frame: DataFrame, header: list[str], options: ReadOptions) -> None:
    stray = frame.iloc[:, len(header) :].dropna(how="all")
    if len(stray):
        last = column_letters(len(header) - 1)
        raise Refusal(
            "colonne_sans_nom",
            f"Feuille « {options.sheet} », ligne {stray.index[0]} : une cellule est remplie "
            f"au-delà de la dernière colonne nommée ({last}). Effacez-la ou nommez sa colonne.",
        )


def cell_text(cell: object, decimal: str = ",") -> str | None:
    """The cell as a person reads it: 165.0 is `165`, a day is ISO, a blank is None."""
    if isinstance(cell, str):  # nearly every cell: the shortest way
        text = cell if cell.isascii() else unicodedata.normalize("NFC", cell)
        return text.replace("\u200b", "").strip() or None
    match cell:
        case None:
            return None
        case bool():
            return "oui" if cell else "non"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", decimal)
        case datetime() | date() | time() | timedelta():
            return cell.isoformat() if not isinstance(cell, timedelta) else str(cell)
        case _:
            return cell_text(str(cell))


def _write(frame: DataFrame, target: Path) -> None:
    import duckdb

    with duckdb.connect() as con:
        con.execute("set python_scan_all_frames = true")
        con.register("sheet", frame)
        con.execute(f"copy (from sheet) to {literal(target)} (format parquet)")
