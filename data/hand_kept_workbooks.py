"""Three invented workbooks as operators keep them by hand, each in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.model_workbook import CENTRED, DATE, HEADING, TITLE, same_bytes

INVENTED = "DONNÉES INVENTÉES pour la démonstration : structure et chiffres imaginaires"
YEAR = 2022
MONTHS = (
    "Janvier", "Février", "Mars", "Avril", "Mai", "Juin",
    "Juillet", "Août", "Septembre", "Octobre", "Novembre", "Décembre",
)  # fmt: skip

Cell = str | int | float | datetime | None


def hand_kept_files() -> dict[str, bytes]:
    """The hand-kept workbooks: path inside `data/demo` → bytes."""
    books = {
        f"suivi_centre-social-les-tilleuls_{YEAR}": _centre_social(),
        f"mediation-numerique_{YEAR}": _mediation_numerique(),
        f"bilan-bailleur_{YEAR}": _bailleur(),
    }
    return {f"operateurs/{name}.xlsx": book for name, book in books.items()}


def _workbook(title: str, sheet_name: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    book.properties.creator = "Observatoire de l'accès aux droits"
    book.properties.title, book.properties.created = title, DATE
    sheet = book.active
    sheet.title = sheet_name
    sheet["A1"], sheet["A1"].font = title, TITLE
    sheet["A2"], sheet["A2"].font = INVENTED, HEADING
    return book, sheet


def _merge(sheet: Worksheet, cells: str) -> None:
    sheet.merge_cells(cells)
    sheet[cells.partition(":")[0]].alignment = CENTRED


def _put(sheet: Worksheet, row: int, cells: Sequence[Cell], column: int = 1) -> None:
    for rank, cell in enumerate(cells, start=column):
        sheet.cell(row, rank, cell)


# Quartier, action, then users and interviews of each month as someone typed them, and their year.
TILLEULS: list[tuple[str, str, list[Cell], list[Cell], tuple[Cell, Cell]]] = [
    ("Merisiers / Plaine de Neauphle", "Accès aux droits",
     [34, 29, 41, 38, 36, 33, 18, "-", 40, 44, 39, 27],
     [61, 55, 79, 70, 66, 58, 25, "-", 77, 83, 71, 49], (165, 694)),
    ("Merisiers / Plaine de Neauphle", "Permanence numérique",
     [12, 14, 11, 15, 13, 12, "N/C", "-", 16, 15, 14, 11],
     [20, 22, 19, 26, 21, 20, "N/C", "-", 27, 24, 22, 17], (58, 232)),
    ("J. Macé", "Accès aux droits",
     [18, 16, 22, 19, 20, 17, 9, "-", "près de 30", 24, 21, 15],
     [29, 27, 36, 31, 33, 28, 14, "-", 47, 39, 34, 23], (96, 341)),
    ("J. Macé", "Permanence numérique",
     [None, None, None, 6, 8, 7, 4, "-", 9, 10, 8, "A venir"],
     [None, None, None, 9, 12, 11, 6, "-", 14, 15, 12, "A venir"], (31, 79)),
    ("Reste de Trappes", "Accès aux droits",
     [7, 5, 8, 6, "entre 5 et 8", 6, 3, "-", 7, 9, 8, 5],
     [11, 8, 13, 9, 10, 9, 4, "-", 12, 14, 12, 7], (33, 109)),
]  # fmt: skip
# Users met in two quartiers, or for two actions, count once in the total of a month.
TILLEULS_TOTAL: tuple[list[Cell], list[Cell], tuple[Cell, Cell]] = (
    [66, 60, 77, 79, 78, 70, 33, None, 95, 96, 84, 55],
    [121, 112, 147, 145, 142, 126, 49, None, 177, 175, 151, 96], (342, 1455),
)  # fmt: skip


def _centre_social() -> bytes:
    title = f"Centre social Les Tilleuls (inventé) : suivi de l'accès aux droits {YEAR}"
    book, sheet = _workbook(title, f"Suivi {YEAR}")
    top, first = 4, 4
    _put(sheet, top, ["Quartier", "Action", "Suivi par"])
    for letter in "ABC":
        _merge(sheet, f"{letter}{top}:{letter}{top + 1}")
    for rank, name in enumerate([*MONTHS, "Total"]):
        column = first + 2 * rank
        _put(sheet, top, [name], column)
        _put(sheet, top + 1, ["Usagers", "Entretiens"], column)
        sheet.merge_cells(start_row=top, end_row=top, start_column=column, end_column=column + 1)
    notes = first + 2 * len(MONTHS) + 2
    _put(sheet, top, ["Observations"], notes)
    for row, (quartier, action, users, interviews, year) in enumerate(TILLEULS, start=top + 2):
        known = any(quartier == sheet.cell(above, 1).value for above in range(top, row))
        _put(sheet, row, [None if known else quartier, action, "équipe d'accueil"])
        _put(sheet, row, _alternately([*users, year[0]], [*interviews, year[1]]), first)
    _put(sheet, top + 2, ["permanence du jeudi renforcée"], notes)
    _merge(sheet, "A6:A7")
    _merge(sheet, "A8:A9")
    total = top + 2 + len(TILLEULS)
    users, interviews, year = TILLEULS_TOTAL
    _put(sheet, total, ["TOTAL"])
    _put(sheet, total, _alternately([*users, year[0]], [*interviews, year[1]]), first)
    sheet.cell(total + 2, 1, "Une personne venue plusieurs fois dans le mois compte une fois.")
    sheet.cell(total + 3, 1, "Août : centre fermé (-).")
    help_sheet = book.create_sheet("Mode d'emploi")
    help_sheet["A1"] = INVENTED
    return same_bytes(book)


def _alternately(left: Sequence[Cell], right: Sequence[Cell]) -> list[Cell]:
    return [cell for pair in zip(left, right, strict=True) for cell in pair]


# Place, then each line: what it counts, the months, and the year where a line has a total.
DIGITAL: list[tuple[str, list[tuple[str, list[Cell], Cell]]]] = [
    ("Bois de l'etang", [
        ("Ateliers", [4, 4, 5, 4, 4, 3, 2, 0, 4, 5, 4, 3], 42),
        ("Participants", [21, 24, 30, 22, 25, 16, 9, 0, 26, 31, 24, 15], 118),
        ("Part de femmes", [0.62, 0.58, 0.6, 0.64, "près de 60 %", 0.56, None, None, 0.58, 0.61,
                            0.63, 0.6], None),
    ]),
    ("QPV Valibout", [
        ("Ateliers", [2, 2, 3, 2, 3, 2, 1, 0, 3, 3, 2, 2], 25),
        ("Participants", [9, 11, 14, 10, 15, 8, "N/C", 0, 13, 16, 12, 9], 64),
        ("Part de femmes", ["67 %", "64 %", "71 %", "70 %", "60 %", "63 %", "N/C", None, "69 %",
                            "63 %", "67 %", "au moins 50 %"], None),
    ]),
    ("Pont du Routoir II", [
        ("Ateliers", [None, None, 1, 2, 2, 2, 1, 0, 2, 2, 2, "A venir"], 14),
        ("Participants", [None, None, 6, 11, 12, 10, 5, 0, "10 à 12", 13, 11, "A venir"], 47),
        ("Part de femmes", [None, None, 0.5, 0.55, 0.58, 0.5, 0.6, None, "N/C", 0.54, 0.55,
                            "A venir"], None),
    ]),
]  # fmt: skip
DIGITAL_TOTAL: list[tuple[str, list[Cell], Cell]] = [
    ("Ateliers", [6, 6, 9, 8, 9, 7, 4, 0, 9, 10, 8, 5], 81),
    ("Participants", [30, 35, 50, 43, 52, 34, 15, 0, 49, 60, 47, 24], 227),
]


def _mediation_numerique() -> bytes:
    title = f"Médiation numérique itinérante (inventée) : ateliers {YEAR}"
    book, sheet = _workbook(title, "Ateliers")
    sheet["A3"] = "Bus numérique imaginaire, bilan mois par mois"
    top = 6
    _put(sheet, top, ["Lieu", "Indicateur"])
    for month in range(1, 13):
        cell = sheet.cell(top, 2 + month, datetime(YEAR, month, 1))
        cell.number_format = "mmm-yy"
    _put(sheet, top, [f"Total {YEAR}"], 15)
    row = top
    for place, lines in [*DIGITAL, ("Ensemble", DIGITAL_TOTAL)]:
        sheet.cell(row + 1, 1, place)
        _merge(sheet, f"A{row + 1}:A{row + len(lines)}")
        for name, months, year in lines:
            row += 1
            _put(sheet, row, [name, *months, year], 2)
            for cell in sheet[row]:
                if isinstance(cell.value, float):
                    cell.number_format = "0 %"
    hidden = book.create_sheet("Listes")
    hidden.sheet_state = "hidden"
    hidden["A1"], hidden["A2"] = INVENTED, "Bois de l'etang"
    return same_bytes(book)


# Place, action, then: people, share of women, workshops, full-time posts, cost of the year.
LANDLORD: list[tuple[str, str, list[Cell]]] = [
    ("Friches (Maurepas)", "Prévention des impayés",
     ["près de 80", "83 %", None, 0.5, "31 820 €"]),
    ("Friches (Maurepas)", "Ateliers budget", [17, "71 %", 6, "N/C", 2400]),
    ("Petits-Prés", "Prévention des impayés", ["160 et 340", "au moins 20 %", None, 0.8, 41250]),
    ("Petits-Prés", "Médiation de voisinage", ["une dizaine", "N/C", "X*", 0.2, "9 600 €"]),
    ("Le buisson", "Point d'accueil numérique", ["A venir", "A venir", "A venir", "A venir", 0]),
    ("Résidence du Lac", "Ateliers budget", ["en moyenne 12", "58 %", 4, 0.1, 1800.5]),
]  # fmt: skip


def _bailleur() -> bytes:
    title = f"Bailleur La Clairière (inventé) : bilan social {YEAR}"
    book, sheet = _workbook(title, f"Bilan {YEAR}")
    top = 5
    _put(sheet, top, ["Secteur", "Action", "Public", None, "Moyens", None, None, "Interlocuteur"])
    _put(
        sheet,
        top + 1,
        ["Personnes accompagnées", "Part de femmes", "Ateliers", "ETP", "Coût annuel"],
        3,
    )
    for cells in ("A5:A6", "B5:B6", "C5:D5", "E5:G5", "H5:H6"):
        _merge(sheet, cells)
    sheet["A7"] = "Secteurs d'intervention"
    _merge(sheet, "A7:H7")
    for row, (place, action, figures) in enumerate(LANDLORD, start=8):
        _put(sheet, row, [place, action, *figures, "agence (inventée)"])
        sheet.cell(row, 7).number_format = '#,##0.00 "€"'
    last = 7 + len(LANDLORD)
    _put(sheet, last + 1, ["Total général", None, None, None, None, None, "86 870,50 €"])
    sheet.cell(last + 3, 1, "* action soutenue par les crédits de la politique de la ville")
    book.create_sheet("Notice")["A1"] = INVENTED
    return same_bytes(book)
