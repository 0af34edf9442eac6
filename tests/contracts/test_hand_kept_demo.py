"""The invented hand-kept workbooks: what is loaded is what openpyxl finds in their cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.candidate import Candidate, build_candidate, rows_set_aside, set_aside
from ingestion.conformity import find_layout
from ingestion.contract import Contract, contracts
from ingestion.readers.hand_kept import read_hand_kept
from tests.contracts.test_demo import DEMO, HAND_KEPT, texts

FILES = {
    "operateurs.suivi_centre_social": "suivi_centre-social-les-tilleuls_2022.xlsx",
    "operateurs.mediation_numerique": "mediation-numerique_2022.xlsx",
    "operateurs.bilan_bailleur": "bilan-bailleur_2022.xlsx",
}
CENTRE, DIGITAL, LANDLORD = FILES


@dataclass(frozen=True)
class Loaded:
    """Rows that would be loaded, as dictionaries, and the reasons of those set aside."""

    rows: list[dict[str, Any]]
    aside: list[str]

    def by_cell(self, measure: str) -> dict[str, Any]:
        return {row["_cellule"]: row[measure] for row in self.rows}

    def total(self, measure: str, **where: str) -> float:
        """The sum of the exact values of these rows."""
        return sum(
            row[measure]["valeur"]
            for row in self.rows
            if row[measure]
            and row[measure]["qualificatif"] == "exact"
            and all(row[name] == value for name, value in where.items())
        )


def load(path: Path, dataset: str, folder: Path) -> Loaded:
    contract = contracts()[dataset]
    claim = contract.claim_of(path.name)
    assert claim is not None
    options = contract.reading_of(claim)
    reading = read_hand_kept(path, options, folder / "lignes.parquet")
    layout = find_layout(reading, contract, claim.vintage)
    as_read: Contract = contract.model_copy(update={"read": options})
    candidate = build_candidate(
        folder / "lignes.parquet", reading, layout, as_read, folder / "candidat.duckdb"
    )
    with duckdb.connect(candidate.database, read_only=True) as con:
        found = con.execute("from candidat")
        names = [name for name, *_ in found.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    aside = rows_set_aside(candidate)
    assert candidate.received == len(rows) + aside.rows
    return Loaded(rows, aside.examples)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Loaded]:
    return {
        dataset: load(DEMO / "operateurs" / name, dataset, tmp_path_factory.mktemp("classeur"))
        for dataset, name in FILES.items()
    }


def sheet_of(dataset: str) -> Worksheet:
    return openpyxl.load_workbook(DEMO / "operateurs" / FILES[dataset]).worksheets[0]


def numbers(sheet: Worksheet, cells: str) -> Iterator[tuple[str, float]]:
    """The cells of a block that hold a number and nothing else."""
    for row in sheet[cells]:
        for cell in row:
            if isinstance(cell.value, int | float):
                yield cell.coordinate, cell.value


def test_these_are_all_the_hand_kept_workbooks() -> None:
    assert {path.name for path in HAND_KEPT} == set(FILES.values())


@pytest.mark.parametrize("path", HAND_KEPT, ids=lambda path: path.name)
def test_a_hand_kept_workbook_says_that_it_is_invented(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book:
        said = [str(sheet[cell].value) for cell in ("A1", "A2")]
        assert any(text.startswith("DONNÉES INVENTÉES") for text in said), sheet.title
    assert "invent" in str(book.active["A1"].value)
    assert not re.search(r"@|\b0[1-9](?: ?\d\d){4}\b", texts(path)), "a mail or a phone number"


@pytest.mark.parametrize("dataset", FILES)
def test_nothing_is_set_aside(loaded: dict[str, Loaded], dataset: str) -> None:
    assert loaded[dataset].aside == []


def test_every_number_of_the_centre_is_loaded_from_its_cell(loaded: dict[str, Loaded]) -> None:
    cells = dict(numbers(sheet_of(CENTRE), "D6:AA10"))
    found = {
        cell: quantity["valeur"]
        for cell, quantity in loaded[CENTRE].by_cell("nombre").items()
        if quantity and quantity["qualificatif"] == "exact"
    }
    assert found == cells
    assert len(loaded[CENTRE].rows) == 5 * 24
    words = {
        cell: quantity
        for cell, quantity in loaded[CENTRE].by_cell("nombre").items()
        if quantity and quantity["qualificatif"] != "exact"
    }
    nothing = {"valeur_basse": None, "valeur": None, "valeur_haute": None, "unite": None}
    assert words == {
        "T8": nothing | {"valeur": 30, "qualificatif": "environ"},
        "L10": nothing | {"valeur_basse": 5, "valeur_haute": 8, "qualificatif": "fourchette"},
    }


def test_the_totals_of_the_centre_are_those_of_its_rows(loaded: dict[str, Loaded]) -> None:
    """Where every interview of a quartier is known, its printed total is the sum loaded."""
    sheet, centre = sheet_of(CENTRE), loaded[CENTRE]
    for row, quartier, action in (
        (6, "Merisiers / Plaine de Neauphle", "Accès aux droits"),
        (8, "J. Macé", "Accès aux droits"),
        (10, "Reste de Trappes", "Accès aux droits"),
    ):
        sums = centre.total("nombre", quartier=quartier, action=action, mesure="Entretiens")
        assert sums == sheet[f"AC{row}"].value
    # One month is not communicated (row 7), so the total of all says more than is known.
    known = centre.total("nombre", mesure="Entretiens")
    assert (known, sheet["AC11"].value) == (1441, 1455)
    for rank, month in ((5, "01"), (7, "02"), (9, "03"), (21, "09"), (23, "10"), (25, "11")):
        printed = sheet.cell(11, rank).value
        assert centre.total("nombre", mesure="Entretiens", mois=f"2022-{month}") == printed


def test_merged_names_are_those_of_each_row(loaded: dict[str, Loaded]) -> None:
    names = {(row["_row_number"], row["quartier"]) for row in loaded[CENTRE].rows}
    assert names == {
        (6, "Merisiers / Plaine de Neauphle"),
        (7, "Merisiers / Plaine de Neauphle"),
        (8, "J. Macé"),
        (9, "J. Macé"),
        (10, "Reste de Trappes"),
    }


def test_what_is_not_a_number_says_why(loaded: dict[str, Loaded]) -> None:
    marks = {
        row["_cellule"]: json.loads(row["_marques"])["nombre"]
        for row in loaded[CENTRE].rows
        if row["_marques"]
    }
    expected = {f"{column}{row}": "sans_objet" for row in range(6, 11) for column in ("R", "S")}
    expected |= dict.fromkeys(("P7", "Q7"), "non_communique")
    expected |= dict.fromkeys(("Z9", "AA9"), "prevu")
    assert marks == expected
    blank = [row for row in loaded[CENTRE].rows if not row["nombre"] and not row["_marques"]]
    assert {row["_cellule"] for row in blank} == {f"{column}9" for column in "DEFGHI"}


def test_the_workshops_of_the_bus(loaded: dict[str, Loaded]) -> None:
    sheet, bus = sheet_of(DIGITAL), loaded[DIGITAL]
    for row, place in ((7, "Bois de l'etang"), (10, "QPV Valibout"), (13, "Pont du Routoir II")):
        assert bus.total("nombre", lieu=place, indicateur="Ateliers") == sheet[f"O{row}"].value
    assert bus.total("nombre", indicateur="Ateliers") == sheet["O16"].value == 81
    assert len(bus.rows) == 9 * 12
    assert {row["mois"] for row in bus.rows} == {f"2022-{month:02}" for month in range(1, 13)}


def test_percent_formats_are_percents(loaded: dict[str, Loaded]) -> None:
    sheet = sheet_of(DIGITAL)
    expected = {
        cell: round(100 * share, 9)
        for row in (9, 15)
        for cell, share in numbers(sheet, f"C{row}:N{row}")
    }
    assert len(expected) == 16
    found = loaded[DIGITAL].by_cell("nombre")
    assert {cell: found[cell]["valeur"] for cell in expected} == expected
    assert {found[cell]["unite"] for cell in expected} == {"%"}
    assert found["G9"] | {"unite": "%"} == {
        "valeur_basse": None, "valeur": 60, "valeur_haute": None,
        "qualificatif": "environ", "unite": "%",
    }  # fmt: skip
    assert (found["N12"]["valeur_basse"], found["N12"]["qualificatif"]) == (50, "au_moins")


def test_the_quantities_of_the_landlord(loaded: dict[str, Loaded]) -> None:
    found = loaded[LANDLORD].by_cell("quantite")
    parts = ("valeur_basse", "valeur", "valeur_haute", "qualificatif", "unite")
    assert {
        cell: tuple(found[cell][part] for part in parts)
        for cell in ("C8", "D8", "G8", "G9", "C10", "D10", "C11", "C13", "F13", "G12")
    } == {
        "C8": (None, 80, None, "environ", None),
        "D8": (None, 83, None, "exact", "%"),
        "G8": (None, 31820, None, "exact", "€"),
        "G9": (None, 2400, None, "exact", "€"),
        "C10": (160, None, 340, "fourchette", None),
        "D10": (20, None, None, "au_moins", "%"),
        "C11": (None, 10, None, "environ", None),
        "C13": (None, 12, None, "moyenne", None),
        "F13": (None, 0.1, None, "exact", None),
        "G12": (None, 0, None, "exact", "€"),
    }
    assert [cell for cell, quantity in found.items() if quantity is None] == [
        "E8", "F9", "E10", "D11", "E11", "C12", "D12", "E12", "F12",
    ]  # fmt: skip
    assert loaded[LANDLORD].total("quantite", mesure="Coût annuel") == 86870.5
    assert sheet_of(LANDLORD)["G14"].value == "86 870,50 €"


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        ("C9", "Mme CANARI", "cellule C9 : la valeur n'est pas une quantité lisible"),
        ("B9", "Mme CANARI", "cellule C9, colonne « Action » : la valeur n'est pas dans la liste"),
        ("A9", None, "cellule C9, colonne « Secteur » : cellule vide."),
    ],
)
def test_a_cell_that_cannot_be_read_is_set_aside_by_its_place(
    tmp_path: Path, cell: str, text: str | None, said: str
) -> None:
    path = tmp_path / FILES[LANDLORD]
    book = openpyxl.load_workbook(DEMO / "operateurs" / path.name)
    book.active[cell] = text
    book.save(path)
    found = load(path, LANDLORD, tmp_path)
    assert f"Feuille « Bilan 2022 », {said}" in found.aside[0]
    assert "CANARI" not in repr(found)
    # One cell, or the five of its row: those of other rows stay.
    assert len(found.rows) == (29 if cell == "C9" else 25)


def test_what_a_rule_sets_aside_is_told_by_its_cell(tmp_path: Path) -> None:
    path = DEMO / "operateurs" / FILES[LANDLORD]
    load(path, LANDLORD, tmp_path)
    candidate = Candidate(tmp_path / "candidat.duckdb", 30, "Bilan 2022")
    set_aside(candidate, "sans_unite", "Une unité manque.", "quantite.valeur = 17")
    assert rows_set_aside(candidate).examples == [
        "Feuille « Bilan 2022 », cellule C9 : Une unité manque."
    ]
