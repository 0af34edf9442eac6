"""The model workbook that an operator fills in, drawn from its contract.

Names of columns, lists of values and the header's row come from the contract
`operateurs/activite_agregee.yml`, so that the model and what is checked cannot part ways.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.contract import CONTRACTS

CONTRACT = CONTRACTS / "operateurs" / "activite_agregee.yml"
DATE = datetime(2022, 7, 5)  # of every workbook: the same figures always give the same bytes

TITLE = Font(bold=True, size=16, color="1F3864")
HEADING = Font(bold=True, size=12, color="1F3864")
HEADER = Font(bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", start_color="1F3864")
KEY_FILL = PatternFill("solid", start_color="2E75B6")
ORIGIN_FILL = PatternFill("solid", start_color="FFF2CC")
THIN = Border(*[Side(style="thin", color="BFBFBF")] * 4)
WRAP = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")

WIDTHS = {"structure": 38, "periode": 11, "territoire": 36, "theme": 18, "classe_age": 18}
WRITTEN_AS_TEXT = ("code", "text", "period")
TEXT = "@"  # or Excel would turn 2022-01 into the first of January

INSTRUCTION = (
    "Une ligne par période, territoire, thème, sexe et âge. Cellule vide = nombre inconnu ; "
    "0 = personne. Aucun nom, aucune donnée personnelle. Mode d'emploi : feuille « Lisez-moi »."
)

HOW_TO = """
Un fichier par structure et par période : activite_<structure>_<AAAA-MM>.xlsx pour un mois,
activite_<structure>_<AAAA>.xlsx pour une année. Dans le nom du fichier, la structure s'écrit en
minuscules, sans accent, avec des tirets : activite_mjd_2022-03.xlsx.

Remplissez la feuille « Activité » à partir de la ligne {first}, sous l'en-tête. Ne renommez,
n'ajoutez et ne supprimez aucune colonne : le fichier serait refusé.

Commencez par la ligne du total : Sexe « Ensemble » et Âge « Ensemble ». Les lignes par sexe ou par
âge la détaillent ; elles ne s'y ajoutent pas.

Deux lignes ne peuvent pas avoir à la fois les mêmes structure, période, territoire, thème, sexe et
âge.

Une cellule vide veut dire « nous ne savons pas ». Écrivez 0 seulement si vous avez compté et qu'il
n'y avait personne.

Comptez les petits nombres tels quels : l'observatoire masque lui-même ce qui permettrait de
reconnaître quelqu'un.

Pour corriger un envoi, renvoyez le fichier entier sous le même nom.
"""
NO_PERSONAL_DATA = (
    "Aucune donnée personnelle, jamais : ni nom, ni date de naissance, ni adresse, ni téléphone, "
    "ni numéro d'allocataire, ni récit de situation. Ce fichier ne contient que des nombres. Un "
    "fichier qui a une colonne de plus est refusé."
)
HELP = {
    "structure": "Toujours écrite de la même façon. Exemple : Maison de justice et du droit.",
    "periode": "Exemples : 2022-03 (mars 2022), 2021 (toute l'année).",
    "territoire": "Où habite le public ; à défaut, le territoire que l'action couvre. Exemples : "
    "Valibout, Trappes, SQY. Les graphies usuelles des quartiers sont reconnues.",
    "theme": "Si elle en touche plusieurs, le principal.",
    "sexe": "« Ensemble » pour le total, « Non renseigné » si le sexe n'a pas été noté.",
    "classe_age": "« 60 ans ou plus » est une partie de « Plus de 26 ans » : leurs nombres ne "
    "s'additionnent pas.",
    "beneficiaires": "Une personne venue trois fois compte une fois.",
    "beneficiaires_bas": "Voir « Précision », plus bas.",
    "beneficiaires_haut": "Voir « Précision », plus bas.",
    "entretiens": "Une personne venue trois fois compte trois entretiens.",
    "ateliers": "Chaque séance compte.",
    "participants": "Une personne venue à trois ateliers compte une fois.",
    "etp": "Exemple : 1,5. Sur une seule ligne par période.",
    "precision": "Elle vaut pour toute la ligne : si ses nombres n'ont pas la même précision, "
    "retenez la moins bonne.",
}
PRECISION = {
    "exact": "Nombre compté.",
    "environ": "Nombre arrondi ou estimé (« près de 800 »), dans « Bénéficiaires ».",
    "moyenne": "Moyenne de plusieurs périodes, dans « Bénéficiaires ».",
    "au moins": "Le vrai nombre est celui-ci ou plus : écrivez-le dans « Bénéficiaires (au "
    "moins) » et laissez « Bénéficiaires » vide.",
    "fourchette": "Le vrai nombre est entre deux bornes : remplissez « Bénéficiaires (au moins) » "
    "et « Bénéficiaires (au plus) », laissez « Bénéficiaires » vide.",
}

Row = Mapping[str, str | float]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]


def model_workbook(
    title: str, origin: str, notes: Sequence[str] = (), rows: Sequence[Row] = ()
) -> bytes:
    """The model, filled with `rows` (canonical column → value); the bytes of an XLSX file.

    `origin` says in row 3 where the figures come from; `notes` say the rest in « Lisez-moi ».
    """
    contract = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    workbook = Workbook()
    _fill_activity(workbook.active, contract, title, origin, rows)
    _fill_help(workbook.create_sheet("Lisez-moi"), contract, title, origin, notes)
    workbook.properties.creator = "Observatoire de l'accès aux droits"
    workbook.properties.title = title
    return same_bytes(workbook)


def _fill_activity(
    sheet: Worksheet, contract: dict[str, Any], title: str, origin: str, rows: Sequence[Row]
) -> None:
    columns, header_row = contract["columns"], contract["read"]["header_row"]
    sheet.title = contract["read"]["sheet"]
    sheet["A1"], sheet["A2"], sheet["A3"] = title, INSTRUCTION, origin
    sheet["A1"].font, sheet["A3"].font = TITLE, Font(bold=True, color="C00000")
    for rank, (name, column) in enumerate(columns.items(), start=1):
        cell = sheet.cell(header_row, rank, column["raw"])
        cell.font, cell.alignment, cell.border = HEADER, CENTRED, THIN
        cell.fill = KEY_FILL if column["role"] == "key" else HEADER_FILL
        sheet.cell(3, rank).fill = ORIGIN_FILL
        letter = get_column_letter(rank)
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 15)
        if column["type"] in WRITTEN_AS_TEXT:
            sheet.column_dimensions[letter].number_format = TEXT
        last = header_row + contract["rows"]["max"]
        _guide(sheet, f"{letter}{header_row + 1}:{letter}{last}", column)
    for line, row in enumerate(rows, start=header_row + 1):
        for rank, name in enumerate(columns, start=1):
            cell = sheet.cell(line, rank, row.get(name))
            cell.border = THIN
            if columns[name]["type"] in WRITTEN_AS_TEXT:
                cell.number_format = TEXT
    sheet.row_dimensions[header_row].height = 48
    sheet.freeze_panes = f"A{header_row + 1}"
    sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _guide(sheet: Worksheet, cells: str, column: dict[str, Any]) -> None:
    """A drop-down list where values are listed, a check of numbers where a number is expected."""
    if "allowed" in column:
        rule = DataValidation("list", formula1='"' + ",".join(column["allowed"]) + '"')
        rule.error = "Choisissez une valeur de la liste déroulante."
    elif column["type"] in ("integer", "decimal"):
        kind = "whole" if column["type"] == "integer" else "decimal"
        rule = DataValidation(kind, operator="greaterThanOrEqual", formula1="0")
        rule.error = "Écrivez un nombre, 0 ou plus ; laissez vide si vous ne savez pas."
    else:
        return
    rule.errorTitle, rule.showErrorMessage, rule.allow_blank = column["raw"], True, True
    rule.add(cells)
    sheet.add_data_validation(rule)


def _fill_help(
    sheet: Worksheet, contract: dict[str, Any], title: str, origin: str, notes: Sequence[str]
) -> None:
    first = contract["read"]["header_row"] + 1
    columns = contract["columns"]
    sections: list[tuple[str, list[tuple[str, str]]]] = [
        ("Les chiffres de ce fichier", [("Origine", origin), *[("", note) for note in notes]]),
        (
            "Remplir le fichier",
            [(str(n), text) for n, text in enumerate(paragraphs(HOW_TO.format(first=first)), 1)],
        ),
        ("Aucune donnée personnelle", [("", NO_PERSONAL_DATA)]),
        (
            "Les colonnes",
            [
                (column["raw"], f"{column['label']}. {HELP[name]}")
                for name, column in columns.items()
            ],
        ),
        ("La colonne « Précision »", [(v, PRECISION[v]) for v in columns["precision"]["allowed"]]),
    ]
    sheet["A1"], sheet["A1"].font = title, TITLE
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 100
    line = 2
    for heading, entries in sections:
        line += 1
        sheet.cell(line, 1, heading).font = HEADING
        for left, right in entries:
            line += 1
            sheet.cell(line, 1, left or None).font = Font(bold=True)
            sheet.cell(line, 1).alignment = sheet.cell(line, 2).alignment = WRAP
            sheet.cell(line, 2, right)
            # Rows do not grow by themselves in every spreadsheet.
            sheet.row_dimensions[line].height = 15 * (1 + len(right) // 105)
        line += 1


def same_bytes(workbook: Workbook) -> bytes:
    """The saved workbook without the moment and the tool; not compressed, since zlibs differ."""
    workbook.properties.created = DATE
    saved, fixed = io.BytesIO(), io.BytesIO()
    workbook.save(saved)
    moment = f"{DATE:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(?<=W3CDTF\">)[^<]+(?=</dcterms:modified>)", moment, content)
            elif name == "docProps/app.xml":
                content = re.sub(rb" / Openpyxl [^<]+", b"", content)
            member = zipfile.ZipInfo(name, DATE.timetuple()[:6])
            member.create_system = 3  # whatever the machine
            target.writestr(member, content)
    return fixed.getvalue()
