"""The header of a sheet kept by hand: which columns name the rows, what the others count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.readers.cells import column_letters, folded
from ingestion.readers.months import month_of
from ingestion.readers.options import Unfold
from ingestion.readers.totals import ANY_TOTAL, total_pattern
from ingestion.refusal import Refusal

Range = tuple[tuple[int, int], tuple[int, int]]  # first and last cell: row and column, from 0


@dataclass(frozen=True)
class Figures:
    """A column of figures: its rank from 0, and what each row of the header says of it."""

    rank: int
    says: list[str]
    total: bool


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet as text, and those that are merged; `top` is the rank of its header."""

    name: str
    unfold: Unfold
    top: int
    cells: list[list[str | None]]
    merged: list[Range]

    @property
    def body(self) -> int:
        """The rank of the first row under the header."""
        return self.top + len(self.unfold.across)

    @property
    def width(self) -> int:
        return len(self.cells[self.top])

    def place(self, row: int, column: int) -> str:
        """A cell as people look for it."""
        return f"Feuille « {self.name} », cellule {column_letters(column)}{row + 1}"


def spread_header(sheet: Sheet) -> None:
    """A merged cell of the header says the same of all the columns and rows that it covers."""
    for (top, left), (bottom, right) in sheet.merged:
        for row in range(max(top, sheet.top), min(bottom + 1, sheet.body)):
            for column in range(left, right + 1):
                sheet.cells[row][column] = sheet.cells[top][left]


def label_columns(sheet: Sheet) -> dict[str, int]:
    """Where each column that names the rows is; refuse where one is missing or comes twice."""
    places = [_single_name(sheet, column) for column in range(sheet.width)]
    missing = [name for name in sheet.unfold.labels if folded(name) not in places]
    if missing:
        names = ", ".join(f"« {name} »" for name in missing)
        raise Refusal(
            "colonnes_manquantes",
            f"Feuille « {sheet.name} », ligne {sheet.top + 1} : colonne attendue absente, {names}. "
            "Gardez d'un envoi à l'autre les mêmes en-têtes, sur la même ligne.",
        )
    for name in sheet.unfold.labels:
        if places.count(folded(name)) > 1:
            second = places.index(folded(name), places.index(folded(name)) + 1)
            raise Refusal(
                "colonne_en_double",
                f"{sheet.place(sheet.top, second)} : « {name} » figure deux fois.",
            )
    return {name: places.index(folded(name)) for name in sheet.unfold.labels}


def figure_columns(sheet: Sheet, labels: dict[str, int]) -> list[Figures]:
    """The columns of figures; refuse where a header does not say whose they are."""
    ignored = {folded(name) for name in sheet.unfold.ignore}
    figures = []
    for column in range(sheet.width):
        if column in labels.values() or _single_name(sheet, column) in ignored:
            continue
        names = _names(sheet, column)
        if any(names):
            figures.append(_figures(sheet, column, names))
        else:
            _refuse_cells_without_header(sheet, column)
    _refuse_same_header(sheet, figures)
    if all(known.total for known in figures):
        raise Refusal(
            "entete",
            f"Feuille « {sheet.name} », ligne {sheet.top + 1} : aucune colonne de nombres.",
        )
    _refuse_absent_total_column(sheet, figures)
    return figures


def _names(sheet: Sheet, column: int) -> list[str | None]:
    cells = (sheet.cells[row][column] for row in range(sheet.top, sheet.body))
    return [" ".join(cell.split()) if cell else None for cell in cells]


def _single_name(sheet: Sheet, column: int) -> str | None:
    """The name of a column of which the header says one thing only, folded."""
    names = {folded(name) for name in _names(sheet, column) if name}
    return names.pop() if len(names) == 1 else None


def _figures(sheet: Sheet, column: int, names: Sequence[str | None]) -> Figures:
    says, total = [], False
    for row, (axis, name) in enumerate(zip(sheet.unfold.across, names, strict=True), sheet.top):
        place = sheet.place(row, column)
        if name is None:
            raise Refusal(
                "entete",
                f"{place} : l'en-tête est vide. Nommez cette colonne, ou fusionnez la cellule avec "
                "celle dont elle répète le nom.",
            )
        of_total = _is_one_of(name, sheet.unfold.totals.columns)
        if not of_total and _is_one_of(name, ANY_TOTAL):
            raise Refusal(
                "total_inattendu",
                f"{place} : cette colonne de total n'est pas annoncée dans le contrat. Ôtez-la, ou "
                "complétez le contrat.",
            )
        of_month = axis == sheet.unfold.months and not of_total
        says.append(_month(name, sheet.unfold.year or "", place) if of_month else name)
        total = total or of_total
    return Figures(column, says, total)


def _is_one_of(name: str, totals: Sequence[str]) -> bool:
    return any(re.fullmatch(total_pattern(label), folded(name)) for label in totals)


def _month(name: str, year: str, place: str) -> str:
    month = month_of(name, year)
    if month is None:
        raise Refusal(
            "mois",
            f"{place} : un mois est attendu (janvier, janv., 01/{year}). Une colonne qui ne compte "
            "rien doit être ôtée, ou nommée dans le contrat parmi celles qui ne sont pas lues.",
        )
    if not month.startswith(year):
        raise Refusal(
            "mois", f"{place} : le mois est de {month[:4]}, et les mois de {year} sont attendus."
        )
    return month


def _refuse_cells_without_header(sheet: Sheet, column: int) -> None:
    for row in range(sheet.body, len(sheet.cells)):
        if sheet.cells[row][column] is not None:
            raise Refusal(
                "colonne_sans_nom",
                f"{sheet.place(row, column)} : cette cellule est remplie, et sa colonne n'a pas "
                "d'en-tête. Effacez-la ou nommez sa colonne.",
            )


def _refuse_same_header(sheet: Sheet, figures: Sequence[Figures]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for known in figures:
        other = first.setdefault(tuple(folded(name) for name in known.says), known.rank)
        if other != known.rank:
            raise Refusal(
                "colonne_en_double",
                f"{sheet.place(sheet.top, known.rank)} : cet en-tête est déjà celui de la colonne "
                f"{column_letters(other)}. Chaque colonne de nombres doit avoir le sien.",
            )


def _refuse_absent_total_column(sheet: Sheet, figures: Sequence[Figures]) -> None:
    labels = sheet.unfold.totals.columns
    if labels and not any(known.total for known in figures):
        raise Refusal(
            "total_absent",
            f"Feuille « {sheet.name} », ligne {sheet.top + 1} : la colonne de total « {labels[0]} »"
            " est absente. Elle sert de contrôle : remettez-la.",
        )
