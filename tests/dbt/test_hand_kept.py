"""The long form of the hand-kept workbooks, against what openpyxl finds in them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import openpyxl
import pytest

from tests.conftest import DEMO
from tests.publication.night import Night, built_night, ledger

LONG = [
    ("operateur", "VARCHAR"),
    ("structure", "VARCHAR"),
    ("territoire_declare", "VARCHAR"),
    ("code_territoire", "VARCHAR"),
    ("zonage", "VARCHAR"),
    ("periode", "VARCHAR"),
    ("theme", "VARCHAR"),
    ("canal", "VARCHAR"),
    ("type_activite", "VARCHAR"),
    ("sexe", "VARCHAR"),
    ("classe_age", "VARCHAR"),
    ("residence", "VARCHAR"),
    ("mesure", "VARCHAR"),
    ("additive", "BOOLEAN"),
    ("valeur", "DOUBLE"),
    ("valeur_basse", "DOUBLE"),
    ("valeur_haute", "DOUBLE"),
    ("qualificatif", "VARCHAR"),
    ("statut", "VARCHAR"),
    ("load_id", "VARCHAR"),
    ("ligne", "BIGINT"),
    ("cellule", "VARCHAR"),
]
MODELS = {
    "suivi_centre_social": ("suivi_centre-social-les-tilleuls_2022.xlsx", "D6:AA10"),
    "mediation_numerique": ("mediation-numerique_2022.xlsx", "C7:N15"),
    "bilan_bailleur": ("bilan-bailleur_2022.xlsx", "C8:G13"),
}
QUARTIERS = {
    "Merisiers / Plaine de Neauphle": "QP078006",
    "J. Macé": "QP078007",
    "Reste de Trappes": None,
    "Bois de l'etang": "QP078008",
    "QPV Valibout": "QP078017",
    "Pont du Routoir II": "QP078005",
    "Friches (Maurepas)": "QP078018",
    "Petits-Prés": "QP078004",
    "Le buisson": "QVA78356A",
    "Résidence du Lac": None,
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return built_night(tmp_path_factory)


def rows(night: Night, columns: str, model: str, where: str = "true") -> list[tuple[Any, ...]]:
    sql = f"select {columns} from staging.stg_operateurs__{model} where {where}"
    return ledger(night.settings, sql)


@pytest.mark.parametrize("model", MODELS)
def test_the_three_models_may_be_united(night: Night, model: str) -> None:
    described = ledger(night.settings, f"describe staging.stg_operateurs__{model}")
    assert [(name, kind) for name, kind, *_ in described] == LONG


@pytest.mark.parametrize("model", MODELS)
def test_every_number_is_that_of_its_cell(night: Night, model: str) -> None:
    name, block = MODELS[model]
    sheet = openpyxl.load_workbook(DEMO / "operateurs" / name).worksheets[0]
    percent = {cell.coordinate for row in sheet[block] for cell in row if "%" in cell.number_format}
    expected = {
        cell.coordinate: cell.value * (100 if cell.coordinate in percent else 1)
        for row in sheet[block]
        for cell in row
        if isinstance(cell.value, int | float)
    }
    found = {
        cell: (value, line)
        for cell, value, line in rows(night, "cellule, valeur, ligne", model)
        if cell in expected
    }
    assert {cell: value for cell, (value, _) in found.items()} == pytest.approx(expected)
    assert all(cell.endswith(str(line)) for cell, (_, line) in found.items())


def test_every_cell_of_a_block_is_a_row_and_no_total_is(night: Night) -> None:
    cells = {model: len(rows(night, "1", model)) for model in MODELS}
    assert cells == {"suivi_centre_social": 120, "mediation_numerique": 108, "bilan_bailleur": 30}
    for model in MODELS:
        declared = {place for (place,) in rows(night, "territoire_declare", model)}
        assert not {place for place in declared if place.lower().startswith(("total", "ensemble"))}


def test_quartiers_are_known_in_every_spelling_and_the_others_stay_visible(night: Night) -> None:
    found = {
        place: code
        for model in MODELS
        for place, code in rows(night, "territoire_declare, code_territoire", model)
    }
    assert found == QUARTIERS


def test_unknown_is_neither_zero_nor_absent(night: Night) -> None:
    by_status: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for model in MODELS:
        for status, *numbers in rows(
            night, "statut, valeur, valeur_basse, valeur_haute, qualificatif", model
        ):
            by_status[status].add(tuple(number is None for number in numbers))
    nothing = {(True, True, True, True)}
    assert by_status == {
        "observe": {(False, True, True, False)},
        "arrondi": {(False, True, True, False)},
        "approche": {(False, True, True, False), (True, False, False, False)},
        "borne_basse": {(True, False, True, False)},
        "non_communique": nothing,
        "sans_objet": nothing,
        "prevu": nothing,
    }


def test_what_adds_up_adds_up_to_the_printed_totals(night: Night) -> None:
    total = "sum(valeur)"
    digital = "mesure = 'ateliers' and additive"
    assert rows(night, total, "mediation_numerique", digital) == [(81,)]
    assert rows(night, total, "bilan_bailleur", "mesure = 'cout_eur' and additive") == [(86870.5,)]
    interviews = "mesure = 'entretiens' and additive and ligne in (6, 8, 10)"
    assert rows(night, total, "suivi_centre_social", interviews) == [(694 + 341 + 109,)]
    people = "mesure in ('beneficiaires', 'participants', 'part_femmes_pct') and additive"
    assert [rows(night, "1", model, people) for model in MODELS] == [[], [], []]
