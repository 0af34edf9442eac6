"""The report that goes back with an operator's file: a page, and the file itself, annotated."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from ingestion.findings import Findings
from ingestion.readers.annotate import annotate
from ingestion.reading import ReaderCrashed, annotated
from ingestion.refusal import Refusal
from warehouse.ledger import Load

TEMPLATES = Path(__file__).resolve().parent / "templates"
VERDICTS = {
    "charge": "Accepté",
    "inchange": "Déjà reçu, rien à faire",
    "refuse": "Refusé",
    "remplace": "Accepté, puis remplacé",
}
PAGE, WORKBOOK = ".compte-rendu.html", ".compte-rendu.xlsx"
TO_KNOW = "À savoir"
NOT_TO_SEND = "Corrigez votre fichier d'origine et renvoyez-le : celui-ci n'est qu'un compte rendu."
ANNOTATED_BYTES = 5 << 20  # a larger workbook is slow to copy: its problems are listed only


def write_report(load: Load, findings: Findings, source: Path, beside: Path) -> None:
    """Write `<beside>.compte-rendu.html` and `.xlsx`: verdict, counts, problems and totals.

    The workbook is a copy of `source` with a note on each faulty cell, where it is one.
    """
    page = beside.with_name(beside.name + PAGE)
    page.write_text(_page(load, findings), encoding="utf-8")
    target = beside.with_name(beside.name + WORKBOOK)
    notes = [
        (findings.sheet, problem.cell, f"{problem.said} {problem.remedy}")
        for problem in findings.problems
        if findings.sheet and problem.cell
    ]
    sheets = {"À corriger": _problems(findings), "Compte rendu": _summary(load, findings)}
    if notes and source.stat().st_size <= ANNOTATED_BYTES:
        try:
            annotated(source, target, notes, sheets)
            return
        except (ReaderCrashed, Refusal):
            target.unlink(missing_ok=True)  # it can be read, and not written again: a list will do
    annotate(None, target, [], sheets)


def _page(load: Load, findings: Findings) -> str:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    template = environment.get_template("compte_rendu.html.j2")
    return template.render(load=load, findings=findings, verdict=VERDICTS[load.verdict])


def _problems(findings: Findings) -> list[list[object]]:
    rows: list[list[object]] = [
        [problem.place, problem.said, problem.remedy] for problem in findings.problems
    ]
    header: list[object] = ["Où", "Ce qui ne va pas", "Comment le corriger"]
    return [header, [TO_KNOW, NOT_TO_SEND, ""], *rows]


def _summary(load: Load, findings: Findings) -> list[list[object]]:
    totals: list[list[object]] = [[total.label, total.value] for total in findings.totals]
    return [
        ["Quoi", "Valeur"],
        [TO_KNOW, NOT_TO_SEND],
        ["Fichier", load.fichier],
        ["Verdict", VERDICTS[load.verdict]],
        ["Pourquoi", load.motif],
        ["Lignes reçues", load.lignes_recues],
        ["Lignes chargées", load.lignes_chargees],
        ["Lignes écartées", load.lignes_ecartees - load.lignes_de_total],
        ["Lignes de total", load.lignes_de_total],
        *totals,
    ]
