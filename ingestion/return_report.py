"""The report that goes back with an operator's file: a page, and a workbook of what to mend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.findings import Findings
from warehouse.ledger import Load

TEMPLATES = Path(__file__).resolve().parent / "templates"
VERDICTS = {
    "charge": "Accepté",
    "inchange": "Déjà reçu, rien à faire",
    "refuse": "Refusé",
    "remplace": "Accepté, puis remplacé",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")

_HEADER = PatternFill("solid", start_color="1F3864")
_WRAP = Alignment(wrap_text=True, vertical="top")
_WIDTHS = {"A": 14, "B": 70, "C": 50}


def write_report(load: Load, findings: Findings, beside: Path) -> None:
    """Write `<beside>.compte-rendu.html` and `.xlsx`: verdict, counts, problems and totals."""
    beside.with_name(f"{beside.name}.compte-rendu.html").write_text(
        _page(load, findings), encoding="utf-8"
    )
    _workbook(load, findings).save(beside.with_name(f"{beside.name}.compte-rendu.xlsx"))


def _page(load: Load, findings: Findings) -> str:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    template = environment.get_template("compte_rendu.html.j2")
    return template.render(load=load, findings=findings, verdict=VERDICTS[load.verdict])


def _workbook(load: Load, findings: Findings) -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "À corriger"
    _fill(
        sheet,
        ("Où", "Ce qui ne va pas", "Comment le corriger"),
        [(problem.place, problem.said, problem.remedy) for problem in findings.problems],
    )
    summary = [
        ("Fichier", load.fichier),
        ("Verdict", VERDICTS[load.verdict]),
        ("Pourquoi", load.motif),
        ("Lignes reçues", load.lignes_recues),
        ("Lignes chargées", load.lignes_chargees),
        ("Lignes écartées", load.lignes_ecartees - load.lignes_de_total),
        ("Lignes de total", load.lignes_de_total),
        *findings.totals,
    ]
    _fill(book.create_sheet("Compte rendu"), ("Quoi", "Valeur"), summary)
    return book


def _fill(sheet: Worksheet, header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    for row in (header, *rows):
        sheet.append([_inert(cell) for cell in row])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEADER
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = _WRAP
    sheet.freeze_panes = "A2"


def _inert(cell: object) -> object:
    """A text that a spreadsheet would run as a formula is text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
