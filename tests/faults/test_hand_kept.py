"""A hand-kept workbook that names somebody: refused or set aside, and she is repeated nowhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.contract import contracts
from tests.fixtures.receptions import DEMO, Desk, empty_folder
from warehouse.settings import Settings

NAME = "suivi_centre-social-les-tilleuls_2022.xlsx"
WOMAN = "Mme CANARI"


def _hidden_sheet(book: Any) -> None:
    added = book.create_sheet("CANARI")
    added.sheet_state, added["A1"] = "hidden", WOMAN


CASES: dict[str, tuple[Callable[[Any], object], str, str]] = {
    "a hidden sheet": (_hidden_sheet, "refuse", "une feuille de plus (n° 3, masquée)"),
    "above the months": (
        lambda book: book.active.__setitem__("D4", WOMAN),
        "refuse",
        "cellule D4 : un mois est attendu",
    ),
    "an action": (
        lambda book: book.active.__setitem__("B7", WOMAN),
        "refuse",
        "cellule D7 : un nom de personne",
    ),
    "an action, without a sign of a person": (
        lambda book: book.active.__setitem__("B7", "CANARI Berthe"),
        "refuse",
        "cellule D7, colonne « Action » : la valeur n'est pas dans la liste : Accès aux droits",
    ),
    "a quartier": (
        lambda book: book.active.__setitem__("A10", WOMAN),
        "refuse",
        "cellule D10 : un nom de personne",
    ),
    "a quartier, without a sign of a person": (
        lambda book: book.active.__setitem__("A10", "CANARI Berthe"),
        "charge",
        "cellule D10, colonne « Quartier » : territoire inconnu ; aucun nom connu n'en est proche.",
    ),
    "a total": (
        lambda book: book.active.__setitem__("AC6", f"{WOMAN} 12"),
        "refuse",
        "cellule AC6 : le total n'est pas un nombre lisible",
    ),
    "a figure": (
        lambda book: book.active.__setitem__("P7", WOMAN),
        "refuse",
        "cellule P7 : un nom de personne",
    ),
    "a figure, without a sign of a person": (
        lambda book: book.active.__setitem__("P7", "CANARI Berthe"),
        "charge",
        "",
    ),
    "a column that is not read": (
        lambda book: book.active.__setitem__("C7", WOMAN),
        "charge",
        "",
    ),
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    contract = contracts()["operateurs.suivi_centre_social"]
    return Desk(contract, Settings(tmp_path / "home", empty_folder(tmp_path / "recus")))


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_she_is_nowhere_but_in_the_file_that_was_accepted(desk: Desk, case: str) -> None:
    spoil, verdict, said = CASES[case]
    book = openpyxl.load_workbook(DEMO / "operateurs" / NAME)
    spoil(book)
    book.save(desk.folder / NAME)
    (load,) = desk.ingest()
    assert (load.verdict, said in load.motif) == (verdict, True), load.motif
    if case == "a figure, without a sign of a person":
        assert desk.query("select message from quarantine.{table}") == [
            (
                "Feuille « Suivi 2022 », cellule P7 : la valeur n'est pas une quantité lisible"
                " (17 ; 83 % ; 31 820 € ; près de 800 ; entre 160 et 340 ; au moins 20).",
            )
        ]
    assert "CANARI" not in load.motif
    shutil.rmtree(desk.settings.landing, ignore_errors=verdict == "refuse")
    assert b"CANARI" not in b"".join(
        path.read_bytes() for path in desk.settings.home.rglob("*") if path.is_file()
    )
    for (table,) in desk.query("select schema_name || '.' || table_name from duckdb_tables()"):
        assert "CANARI" not in repr(desk.query(f"from {table}")), table


@pytest.mark.long
def test_a_wide_correction_is_told_by_its_cells_in_words(tmp_path: Path) -> None:
    contract = contracts()["operateurs.bilan_bailleur"]
    desk = Desk(contract, Settings(tmp_path / "home", empty_folder(tmp_path / "recus")))
    name = "bilan-bailleur_2022.xlsx"
    shutil.copy(DEMO / "operateurs" / name, desk.folder)
    (first,) = desk.ingest()
    assert (first.verdict, first.lignes_chargees) == ("charge", 30)
    book = openpyxl.load_workbook(desk.folder / name)
    for row in range(8, 14):
        for column, cell in zip("CDEF", ("près de 90", "12 %", 1, 0.3), strict=True):
            book.active[f"{column}{row}"] = cell
    book.save(desk.folder / name)
    (second,) = desk.ingest()
    assert second.verdict == "charge"
    assert (
        "par exemple quantite de la cellule C10 : environ 90 ici, entre 160 et 340 gardé"
        in second.motif
    )
    raw = "select quantite.valeur, _row_number from raw.{table} where _cellule = 'C10'"
    assert desk.query(raw) == [(90.0, 10)]
