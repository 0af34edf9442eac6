"""A sheet kept by hand: one row a cell, totals compared with their parts, nothing guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.readers.cells import Reading
from ingestion.readers.hand_kept import read_hand_kept
from ingestion.readers.options import ReadOptions
from ingestion.reading import read as read_in_child
from ingestion.refusal import Refusal
from tests.fixtures.workbooks import replace_in_sheet

Rows = list[tuple[Any, ...]]
Spoil = Callable[[Worksheet], object]

UNFOLD: dict[str, Any] = {
    "labels": ["Quartier", "Action"],
    "across": ["Mois", "Mesure"],
    "months": "Mois",
    "year": "2022",
    "value": "Nombre",
    "ignore": ["Suivi par"],
    "totals": {"rows": ["Total*"], "columns": ["Total"], "distinct": ["Usagers"]},
}
# Users and interviews in January and February, then their totals.
SHEET = [
    ["Un titre"],
    [None],
    ["Quartier", "Action", "Suivi par", "Janvier", None, "févr.", None, "Total", None],
    [None, None, None, *["Usagers", "Entretiens"] * 3],
    ["Friches", "Droits", "Mme CANARI", 10, 15, 8, 9, 14, 24],
    [None, "Numérique", "Mme CANARI", 4, 5, "N/C", "près de 3", 6, 8],
    ["Le Valibout", "Droits", None, None, 7, "entre 2 et 4", 6, 4, 13],
    ["TOTAL GÉNÉRAL", None, None, 14, 27, 12, 18, 22, 45],
]
MERGED = ["A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:G3", "H3:I3", "A5:A6"]


def options(**changes: Any) -> ReadOptions:
    said = {"format": "xlsx", "sheet": "Suivi", "header_row": 3, "unfold": UNFOLD | changes}
    return ReadOptions.model_validate(said)


def workbook(path: Path, spoil: Spoil = lambda sheet: None, *, rows: Any = SHEET) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Suivi"
    for row in rows:
        sheet.append(row)
    if rows is SHEET:
        for cells in MERGED:
            sheet.merge_cells(cells)
    spoil(sheet)
    book.save(path)
    return path


def put(**cells: object) -> Spoil:
    def spoil(sheet: Worksheet) -> None:
        for place, cell in cells.items():
            sheet[place] = cell

    return spoil


def read(path: Path, **changes: Any) -> tuple[Reading, Rows]:
    target = path.with_suffix(".parquet")
    reading = read_hand_kept(path, options(**changes), target)
    return reading, duckdb.sql(f"from '{target}'").fetchall()


def cells(path: Path, **changes: Any) -> dict[str, str | None]:
    """What stands in each cell that is read."""
    return {row[-1]: row[-3] for row in read(path, **changes)[1]}


def refusal(path: Path, **changes: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read(path, **changes)
    assert "CANARI" not in refused.value.message
    return refused.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recu.xlsx"


def test_each_cell_of_figures_is_a_row(path: Path) -> None:
    reading, rows = read(workbook(path))
    header = ["Quartier", "Action", "Mois", "Mesure", "Nombre"]
    assert reading == Reading(header, 12, [], {"Quartier": "A", "Action": "B"})
    january, february = ("2022-01", "Usagers"), ("2022-02", "Usagers")
    assert [row for row in rows if row[3] == "Usagers"] == [
        ("Friches", "Droits", *january, "10", 5, "D5"),
        ("Friches", "Droits", *february, "8", 5, "F5"),
        ("Friches", "Numérique", *january, "4", 6, "D6"),
        ("Friches", "Numérique", *february, "N/C", 6, "F6"),
        ("Le Valibout", "Droits", *january, None, 7, "D7"),
        ("Le Valibout", "Droits", *february, "entre 2 et 4", 7, "F7"),
    ]
    assert [row[4] for row in rows if row[3] == "Entretiens"] == [
        "15", "9", "5", "près de 3", "7", "6",
    ]  # fmt: skip


def test_what_is_not_read_never_leaves_the_reader(path: Path) -> None:
    read(workbook(path))
    assert b"CANARI" not in path.with_suffix(".parquet").read_bytes()


def test_the_child_unfolds_as_we_do(path: Path, tmp_path: Path) -> None:
    reading, rows = read(workbook(path))
    target = tmp_path / "enfant.parquet"
    assert read_in_child(path, options(), target) == reading
    assert duckdb.sql(f"from '{target}'").fetchall() == rows


def test_a_sheet_without_months_nor_totals(path: Path) -> None:
    rows = [[], [], ["Action", "Quartier", "Ateliers", "ETP"], ["Droits", "Friches", 3, 0.5]]
    reading, found = read(
        workbook(path, rows=rows),
        **{"across": ["Mesure"], "months": None, "year": None, "totals": {}},
    )
    assert reading.header == ["Quartier", "Action", "Mesure", "Nombre"]
    assert found == [
        ("Friches", "Droits", "Ateliers", "3", 4, "C4"),
        ("Friches", "Droits", "ETP", "0,5", 4, "D4"),
    ]


def test_months_that_are_dates(path: Path) -> None:
    rows = read(workbook(path, put(D3=dt.datetime(2022, 1, 1), F3="02/2022")))[1]
    assert {row[2] for row in rows} == {"2022-01", "2022-02"}


def test_months_that_name_the_rows(path: Path) -> None:
    rows = [
        [], [], ["Mois", "Quartier", "Ateliers", "Total"],
        ["janv.", "Friches", 3, 3], ["Février 2022", "Friches", 4, 4],
        ["février 2021", "Friches", 5, 5], ["Mme CANARI", "Friches", 6, 6],
        ["Total", None, 18, 18],
    ]  # fmt: skip
    words = {
        "labels": ["Mois", "Quartier"],
        "across": ["Mesure"],
        "totals": {"rows": ["Total"], "columns": ["Total"]},
    }
    found = read(workbook(path, rows=rows), **words)[1]
    # What is no month of the year is left to the pattern of the contract.
    months = ["2022-01", "2022-02", "février 2021", "Mme CANARI"]
    assert [row[0] for row in found] == months
    assert [row[3] for row in found] == ["3", "4", "5", "6"]


def test_the_sign_of_a_number_may_be_in_its_format(path: Path) -> None:
    def percent(sheet: Worksheet) -> None:
        sheet["D5"], sheet["D5"].number_format = 0.07, "0.0%"
        sheet["E5"], sheet["E5"].number_format = 31820, '#,##0.00\\ "€"'
        sheet["F5"], sheet["F5"].number_format = "0,83", "0 %"
        sheet["G5"], sheet["G5"].number_format = 12.5, "[$€-40C] 0.00"

    found = cells(workbook(path, percent), totals={"rows": ["Total*"], "columns": ["Total"]} | WIDE)
    assert [found[cell] for cell in ("D5", "E5", "F5", "G5")] == [
        "7 %",
        "31820 €",
        "0,83",
        "12,5 €",
    ]


WIDE = {"tolerance": 1e9}


def test_headings_and_notes_are_not_data(path: Path) -> None:
    def around(sheet: Worksheet) -> None:
        sheet.insert_rows(7)
        sheet["A7"] = "Plaisir"
        sheet["A12"] = "NB : une personne compte une fois"
        sheet["A13"] = "Fait par Mme CANARI"
        # Rows inserted do not move merged cells; those above stay.

    rows = read(workbook(path, around))[1]
    assert {row[-2] for row in rows} == {5, 6, 8}


def test_a_row_that_has_its_names_and_no_figure_is_unknown_not_absent(path: Path) -> None:
    blank = {f"{letter}6": None for letter in "DEFGHI"}
    totals = {"D8": 10, "E8": 22, "G8": 15, "I8": 37}
    found = cells(workbook(path, put(**blank, **totals)))
    assert {found[f"{letter}6"] for letter in "DEFG"} == {None}


def test_a_blank_row_is_allowed_above_the_total(path: Path) -> None:
    rows = read(workbook(path, lambda sheet: sheet.insert_rows(8)))[1]
    assert len(rows) == 12


# What is changed, the rule that refuses it, and what the message says of the place.
TOTALS: dict[str, tuple[Spoil, str]] = {
    "a column of totals": (put(I5=25), "cellule I5 : le total est 25, ses parties donnent 24"),
    "a row of totals": (put(E8=28), "cellule E8 : le total est 28, ses parties donnent 27"),
    "less than is known": (
        put(G8=14),
        "cellule G8 : le total est 14, ses parties donnent au moins",
    ),
    "the total of totals": (
        put(I8=41),
        "cellule I8 : le total est 41, ses parties donnent au moins",
    ),
    "people: less than the largest": (
        put(H5=9),
        "cellule H5 : le total est 9, ses parties donnent entre 10 et 18",
    ),
    "people: more than the sum": (
        put(H5=19),
        "cellule H5 : le total est 19, ses parties donnent entre 10 et 18",
    ),
    "a figure changed": (put(E7=8), "cellule I7 : le total est 13, ses parties donnent 14"),
    "an erased figure": (put(E7=None), "cellule I7 : le total est 13, ses parties donnent 6"),
    "more than a dash may be": (put(D7="-", D8=15), "cellule D8 : le total est 15, ses parties"),
    "more than what is to come": (put(D7="A venir", D8=15), "cellule D8 : le total est 15, ses"),
    "no number": (put(I5="vingt 4"), "cellule I5 : le total n'est pas un nombre lisible"),
}


@pytest.mark.parametrize("case", TOTALS)
def test_a_wrong_total_is_refused_with_its_cell(path: Path, case: str) -> None:
    spoil, said = TOTALS[case]
    refused = refusal(workbook(path, spoil))
    assert refused.rule == "total_faux"
    assert f"Feuille « Suivi », {said}" in refused.message


@pytest.mark.parametrize("spoil", [put(E5=611220055), put(I5=611220055), put(I5=12345678)])
def test_a_number_as_long_as_a_phone_is_not_repeated(path: Path, spoil: Spoil) -> None:
    message = refusal(workbook(path, spoil)).message
    assert "cellule I5 : le total n'est pas celui de ses parties" in message
    assert not re.search(r"\d{8}|6112200", message)


def test_several_wrong_totals_are_counted(path: Path) -> None:
    message = refusal(workbook(path, put(E5=16))).message
    assert "cellule I5 : le total est 24, ses parties donnent 25 (et 1 autre(s) total" in message


TRUE_TOTALS: dict[str, Spoil] = {
    "people met twice": put(H5=10),
    "people all different": put(H5=18),
    "more than is known, a part being unknown": put(F8=40),
    "more than a text nobody can read may hide": put(D7="beaucoup", D8=40, H7=40),
    "no total here": put(I5=None, E8="N/C", F8="-"),
    "an approximate total": put(I5="près de 30"),
    "a total at least": put(I5="au moins 20"),
    "a range of totals": put(I5="entre 20 et 30"),
}


@pytest.mark.parametrize("case", TRUE_TOTALS)
def test_a_total_that_may_be_true_is_accepted(path: Path, case: str) -> None:
    assert read(workbook(path, TRUE_TOTALS[case]))[0].rows == 12


def test_totals_may_miss_by_the_tolerance_and_no_more(path: Path) -> None:
    tolerant = UNFOLD["totals"] | {"tolerance": 2}
    assert read(workbook(path, put(I5=26)), totals=tolerant)[0].rows == 12
    assert refusal(workbook(path, put(I5=27)), totals=tolerant).rule == "total_faux"


def test_without_the_word_people_are_summed(path: Path) -> None:
    summed = UNFOLD["totals"] | {"distinct": []}
    assert "ses parties donnent 18" in refusal(workbook(path), totals=summed).message


def test_a_decimal_sum_is_not_refused_for_its_last_digit(path: Path) -> None:
    assert read(workbook(path, put(E5=0.1, G5=0.2, I5=0.3, E8=12.1, G8=9.2, I8=25)))[0].rows == 12


def test_a_share_of_the_whole_is_between_the_shares_of_the_parts(path: Path) -> None:
    rows = [[], [], ["Quartier", "Action", "Janvier", "Février", "Total"]]
    shares = {"across": ["Mois"], "totals": {"columns": ["Total"]}}
    good = [*rows, ["Friches", "Part", "60 %", "70 %", "66 %"]]
    assert cells(workbook(path, rows=good), **shares) == {"C4": "60 %", "D4": "70 %"}
    year_alone = [*rows, ["Friches", "Part", None, "-", "66 %"], ["Valibout", "Part", 1, 1, 2]]
    assert len(cells(workbook(path, rows=year_alone), **shares)) == 4
    one_month = [*rows, ["Friches", "Part", None, "70 %", "66 %"]]
    assert "ses parties donnent 70" in refusal(workbook(path, rows=one_month), **shares).message
    bad = [*rows, ["Friches", "Part", "60 %", "70 %", "130 %"]]
    assert "entre 60 et 70" in refusal(workbook(path, rows=bad), **shares).message


def test_a_total_row_sums_the_rows_that_have_its_other_names(path: Path) -> None:
    rows = [
        [], [], ["Quartier", "Action", "Janvier"],
        ["Friches", "Ateliers", 3], ["Friches", "Repas", 40], ["Valibout", "Ateliers", 4],
        ["Total", "Ateliers", 7], ["Total", "Repas", 40],
    ]  # fmt: skip
    words = {"across": ["Mois"], "totals": {"rows": ["Total"]}}
    assert len(cells(workbook(path, rows=rows), **words)) == 3
    rows[-1] = ["Total", "Repas", 47]
    assert "cellule C8" in refusal(workbook(path, rows=rows), **words).message


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    months=st.lists(
        st.lists(st.none() | st.integers(0, 500), min_size=3, max_size=3), min_size=1, max_size=5
    ),
    at=st.integers(0, 100),
    gap=st.integers(1, 50),
)
def test_true_totals_pass_and_any_other_is_found(
    path: Path, months: list[list[int | None]], at: int, gap: int
) -> None:
    words = {"across": ["Mois"], "totals": {"rows": ["Total"], "columns": ["Total"]}}
    body = [[*cells, sum(cell or 0 for cell in cells)] for cells in months]
    body.append([sum(row[rank] or 0 for row in body) for rank in range(4)])
    names = [["Friches", f"Action {rank}"] for rank in range(len(months))] + [["Total", None]]
    top = [[], [], ["Quartier", "Action", "Janvier", "Février", "Mars", "Total"]]

    def rows() -> list[list[Any]]:
        return [*top, *([*name, *cells] for name, cells in zip(names, body, strict=True))]

    found = read(workbook(path, rows=rows()), **words)[1]
    assert [row[3] for row in found] == [
        None if cell is None else str(cell) for cells in months for cell in cells
    ]
    totals = [(row, 3) for row in range(len(body))] + [(len(months), month) for month in range(3)]
    row, column = totals[at % len(totals)]
    body[row][column] = (body[row][column] or 0) + gap
    message = refusal(workbook(path, rows=rows()), **words).message
    assert f"cellule {'CDEF'[column]}{row + 4} : le total est {body[row][column]}" in message


def _merge(cells: str) -> Spoil:
    return lambda sheet: sheet.merge_cells(cells)


REFUSED: dict[str, tuple[Spoil, str, str]] = {
    "no total row": (
        put(A8=None, D8=None, E8=None, F8=None, G8=None, H8=None, I8=None),
        "total_absent",
        "la ligne de total « Total* » est absente",
    ),
    "no total column": (
        lambda sheet: (sheet.unmerge_cells("H3:I3"), sheet.delete_cols(8, 2)),
        "total_absent",
        "ligne 3 : la colonne de total « Total » est absente",
    ),
    "a total row nobody announced": (put(A7="Sous-total Friches"), "total_inattendu", "ligne 7"),
    "a total column nobody announced": (
        put(J3="Total 1er trimestre", J4="Usagers"),
        "total_inattendu",
        "cellule J3",
    ),
    "one number for two cells": (_merge("D6:E6"), "cellules_fusionnees", "cellule D6 : elle est"),
    "no label": (put(B3=None), "colonnes_manquantes", "ligne 3 : colonne attendue absente, « A"),
    "a label twice": (
        lambda sheet: (sheet.unmerge_cells("C3:C4"), put(C3="ACTION")(sheet)),
        "colonne_en_double",
        "cellule C3 : « Action » figure deux fois",
    ),
    "a month twice": (put(F3="janv."), "colonne_en_double", "cellule F3 : cet en-tête est déjà"),
    "no month": (put(F3="Mme CANARI"), "mois", "cellule F3 : un mois est attendu"),
    "the month of another year": (
        put(F3="février 2021"),
        "mois",
        "cellule F3 : le mois est de 2021, et les mois de 2022 sont attendus",
    ),
    "half a header": (
        lambda sheet: sheet.unmerge_cells("F3:G3"),
        "entete",
        "cellule G3 : l'en-tête est vide",
    ),
    "a cell beside the table": (put(K6="Mme CANARI"), "colonne_sans_nom", "cellule K6 : cette"),
    "no figure": (
        lambda sheet: (sheet.delete_rows(3, 6), sheet.append(["Quartier", "Action"]),
                       sheet.append([None])),
        "entete",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_told_is_refused_with_its_place(path: Path, case: str) -> None:
    spoil, rule, said = REFUSED[case]
    refused = refusal(workbook(path, spoil))
    assert (refused.rule, said in refused.message) == (rule, True), refused.message
    assert "Feuille « Suivi »" in refused.message


def test_a_merged_heading_over_the_figures_is_no_figure(path: Path) -> None:
    def heading(sheet: Worksheet) -> None:
        sheet["A7"], sheet["B7"] = "Plaisir", None
        for letter in "DEFGHI":
            sheet[f"{letter}7"] = None
        sheet.merge_cells("A7:Z7")
        put(D8=14, E8=20, F8=12, G8=12, H8=18, I8=32)(sheet)

    assert {row[-2] for row in read(workbook(path, heading))[1]} == {5, 6}


def test_other_sheets_are_refused_even_hidden_unless_they_are_named(path: Path) -> None:
    def hidden(sheet: Worksheet) -> None:
        added = sheet.parent.create_sheet("Usagers CANARI")
        added.sheet_state, added["A1"] = "hidden", "Mme CANARI"

    refused = refusal(workbook(path, hidden))
    assert refused.rule == "feuille_inattendue"
    assert "(n° 2, masquée)" in refused.message
    named = options().model_copy(update={"other_sheets": ["Usagers CANARI"]})
    target = path.with_suffix(".parquet")
    assert read_hand_kept(path, named, target).rows == 12
    assert b"CANARI" not in target.read_bytes()


def test_a_part_that_the_second_library_cannot_read_is_refused(path: Path) -> None:
    workbook(path)
    replace_in_sheet(path, '<row r="5"', '<row r="cinq"')
    assert refusal(path).rule == "format"


def test_a_sheet_under_another_name_is_refused(path: Path) -> None:
    message = refusal(workbook(path, lambda sheet: setattr(sheet, "title", "CANARI"))).message
    assert "« Suivi » est absente" in message
    assert "modèle" not in message, "there is none"


def test_a_false_size_is_not_believed(path: Path) -> None:
    workbook(path)
    replace_in_sheet(path, '<dimension ref="A1:I8"', '<dimension ref="A1:XFD1048576"')
    assert read(path)[0].rows == 12


def test_the_sheet_and_the_year_may_be_those_of_the_edition() -> None:
    said = options(year="{vintage}").model_copy(update={"sheet": "Suivi {vintage}"})
    of_2023 = said.of_edition("2023")
    assert of_2023.sheet == "Suivi 2023"
    assert of_2023.unfold is not None
    assert of_2023.unfold.year == "2023"


def test_an_edition_may_be_laid_out_otherwise() -> None:
    other = ReadOptions.model_validate(
        {"format": "xlsx", "unfold": UNFOLD | {"labels": ["Secteur"]}}
    )
    changed = options().changed_by(other)
    assert changed.unfold is not None
    assert (changed.sheet, changed.unfold.labels) == ("Suivi", ["Secteur"])
