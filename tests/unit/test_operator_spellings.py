"""The model workbook as people fill it: what is meant is loaded, the rest is told cell by cell."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion import territories
from ingestion.contract import contracts
from ingestion.findings import Problem
from ingestion.foresight import check_file
from ingestion.judgement import FailedChecks
from tests.fixtures.receptions import DEMO, Desk, empty_folder
from warehouse.ledger import Load
from warehouse.settings import Settings

MODEL = "activite_demonstration_2022-01.xlsx"  # 81 rows, of which an eighth may be set aside
CENTRE = "suivi_centre-social-les-tilleuls_2022.xlsx"
ASK = "Corrigez la cellule, ou demandez à l'observatoire d'ajouter cette graphie à sa liste."
THEMES = (
    "Accès aux droits, Numérique, Emploi, Santé, Éducation, Logement, Consommation, Économie,"
    " État civil, Mobilité, Loisirs, Violences"
)
PERIODS = (
    "n'est pas une période lisible (2022-03, mars 2022, 03/2022 ou une date ; 2022 pour l'année)."
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    settings = Settings(tmp_path / "home", empty_folder(tmp_path / "recus"))
    return Desk(contracts()["operateurs.activite_agregee"], settings)


def changed(desk: Desk, name: str = MODEL, **cells: Any) -> Path:
    book = openpyxl.load_workbook(DEMO / "operateurs" / name)
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    book.save(desk.folder / name)
    return desk.folder / name


def problems(path: Path, desk: Desk) -> list[Problem]:
    return check_file(path, desk.settings).findings.problems


def test_what_is_meant_is_kept_and_what_was_written_too(desk: Desk) -> None:
    path = changed(
        desk,
        B5=datetime(2021, 11, 1), B6="novembre 2021", B7="11/2021", B8="NOV. 2021",
        D5="accès aux droits", D6="ACCES  AUX DROITS", E6="femmes", E7="HOMMES",
        F5="ensemble", F8="16 A 26 ANS", N5="Exact", C5="merisier, plaine de NEAUPHLE",
    )  # fmt: skip
    assert problems(path, desk) == []
    (load,) = desk.ingest()
    assert (load.lignes_recues, load.lignes_chargees) == (81, 81)
    assert desk.query(
        "select periode, theme, sexe, classe_age, precision, _ecrits::json from raw.{table}"
        " where _row_number between 5 and 9 order by _row_number"
    ) == [
        (
            "2021-11", "Accès aux droits", "Ensemble", "Ensemble", "exact",
            '{"theme":"accès aux droits","classe_age":"ensemble","precision":"Exact"}',
        ),
        (
            "2021-11", "Accès aux droits", "Femmes", "Ensemble", "exact",
            '{"periode":"novembre 2021","theme":"ACCES  AUX DROITS","sexe":"femmes"}',
        ),
        (
            "2021-11", "Accès aux droits", "Hommes", "Ensemble", "exact",
            '{"periode":"11/2021","sexe":"HOMMES"}',
        ),
        (
            "2021-11", "Accès aux droits", "Ensemble", "16 à 26 ans", "exact",
            '{"periode":"NOV. 2021","classe_age":"16 A 26 ANS"}',
        ),
        ("2021-11", "Accès aux droits", "Ensemble", "Plus de 26 ans", "exact", None),
    ]  # fmt: skip


BIRTHS = {
    "B5": datetime(1986, 11, 24),
    "B6": "1987-10-23",
    "B7": "7654321",
    "B8": "3/12/85",
    "B9": "Marc 1985",
    "B10": "2019-02-17",
    "B11": datetime(2020, 6, 18),
}


def test_no_date_of_birth_is_kept_or_told(desk: Desk) -> None:
    told = {problem.cell: problem.said for problem in problems(changed(desk, **BIRTHS), desk)}
    out_of_time = "la valeur n'est pas une période de 2000 à l'année en cours."
    assert told == {
        "B5": f"Colonne « Période » : {out_of_time}",
        "B6": f"Colonne « Période » : {out_of_time}",
        **dict.fromkeys(("B7", "B8", "B9"), f"Colonne « Période » : la valeur {PERIODS}"),
    }
    (load,) = desk.ingest()
    assert (load.verdict, load.lignes_ecartees) == ("charge", 5)
    assert desk.query("select distinct _ecrits from raw.{table}") == [(None,)]
    kept = str(desk.query("select message from quarantine.{table}")) + load.motif
    for hidden in ("1986", "1987", "7654321", "3/12", "Marc"):
        assert hidden not in kept


def test_a_copy_of_another_month_is_refused(desk: Desk) -> None:
    path = changed(desk, "activite_mjd_2021.xlsx", B5="2022-04")
    path = path.rename(path.with_name("activite_mjd_2022-05.xlsx"))
    with pytest.raises(FailedChecks) as refused:
        check_file(path, desk.settings)
    assert [(p.cell, p.said, p.remedy) for p in refused.value.findings.problems] == [
        (
            "B5",
            "Colonne « Période » : la ligne dit 2022-04, le fichier 2022-05.",
            "Corrigez la période, ou le nom du fichier.",
        )
    ]
    (load,) = desk.ingest()
    assert (load.verdict, "la ligne dit 2022-04" in load.motif) == ("refuse", True)


def test_a_copy_of_another_year_is_refused(desk: Desk) -> None:
    path = changed(desk, "activite_mjd_2021.xlsx")
    path.rename(path.with_name("activite_mjd_2022.xlsx"))
    (load,) = desk.ingest()
    assert (load.verdict, "la ligne dit 2021, le fichier 2022" in load.motif) == ("refuse", True)


def test_a_period_after_the_name_is_set_aside_and_earlier_ones_are_a_history(desk: Desk) -> None:
    changed(desk, B5="2022-02", B6="2023")
    (load,) = desk.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 79)
    assert desk.query("select _row_number, regle, message from quarantine.{table} order by 1") == [
        (line, "periode_d_un_autre_fichier", f"Colonne « Période » : la ligne dit {said}, {name}")
        for line, said, name in (
            (5, "2022-02", "le fichier 2022-01."),
            (6, "2023", "le fichier 2022-01."),
        )
    ]


# What is wrong, each in a row of its own, and what is told of it.
WRONG = {
    (
        "C5",
        "Valibou",
    ): "Colonne « Territoire » : « Valibou » : territoire inconnu ; le plus proche :"
    " « Valibout » (Plaisir).",
    ("C6", "Cité Bellevue"): "Colonne « Territoire » : « Cité Bellevue » : territoire inconnu ;"
    " aucun nom connu n'en est proche.",
    ("C7", "Plaisir-Valibout centre"): "Colonne « Territoire » : « Plaisir-Valibout centre » :"
    " territoire inconnu ; les plus proches : « Plaisir » (commune), « Valibout » (Plaisir).",
    ("D8", "Numerik"): "Colonne « Thème » : « Numerik » n'est pas dans la liste ; le plus proche :"
    " « Numérique ».",
    ("D9", "CANARI Berthe"): f"Colonne « Thème » : la valeur n'est pas dans la liste : {THEMES}.",
    (
        "D10",
        "Accès-aux-droits",
    ): "Colonne « Thème » : « Accès-aux-droits » n'est pas dans la liste ;"
    " le plus proche : « Accès aux droits ».",
    ("E11", "Femme"): "Colonne « Sexe » : « Femme » n'est pas dans la liste ; le plus proche :"
    " « Femmes ».",
    ("B12", "mras 2022"): f"Colonne « Période » : la valeur {PERIODS}",
    ("B13", "2022-13"): f"Colonne « Période » : « 2022-13 » {PERIODS}",
    ("B14", "mars"): f"Colonne « Période » : la valeur {PERIODS}",
    ("B15", "Berthe Canari"): f"Colonne « Période » : la valeur {PERIODS}",
}
NO_TERRITORY = {
    "C16": "Hors agglomération",
    "C17": "HORS SQY",
    "C18": "non renseigné",
    "C19": "Autre commune",
    "C20": "Extérieur",
}


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Problem], Desk, Load]:
    """One workbook with all of these cells: what its author is told, and what was loaded."""
    folder = tmp_path_factory.mktemp("graphies")
    settings = Settings(folder / "home", empty_folder(folder / "recus"))
    desk = Desk(contracts()["operateurs.activite_agregee"], settings)
    path = changed(desk, **dict(WRONG.keys()), **NO_TERRITORY)
    told = problems(path, desk)
    (load,) = desk.ingest()
    return told, desk, load


def test_what_stays_wrong_is_told_with_what_is_nearest(received) -> None:
    told, _, load = received
    assert {(problem.place, problem.said) for problem in told} == {
        (f"Activité, {cell}", said) for (cell, _), said in WRONG.items()
    }
    assert (load.verdict, load.lignes_ecartees) == ("charge", len(WRONG))


def test_what_is_set_aside_repeats_no_name(received) -> None:
    _, desk, load = received
    kept = desk.query("select regle, message from quarantine.{table}")
    assert Counter(rule for rule, _ in kept) == {
        "territoire_inconnu": 3, "valeur": 4, "periode": 4,
    }  # fmt: skip
    # Kept where it looks like what is expected, and only told to its author elsewhere.
    for hidden in ("Bellevue", "centre", "CANARI", "Canari"):
        assert hidden not in " ".join(message for _, message in kept) + load.motif


def test_words_that_mean_no_territory_are_loaded(received) -> None:
    _, desk, _ = received
    assert desk.query(
        "select territoire from raw.{table} where _row_number between 16 and 20"
        " order by _row_number"
    ) == [(words,) for words in NO_TERRITORY.values()]


def test_a_civility_is_told_nowhere(desk: Desk) -> None:
    changed(desk, C5="Mme Canari, Valibout")
    (load,) = desk.ingest()
    assert (load.verdict, "Canari" in load.motif) == ("refuse", False)
    assert "colonne « Territoire », ligne 5 : un nom de personne" in load.motif


def test_too_many_unknown_names_refuse_the_file(desk: Desk) -> None:
    path = changed(desk, "activite_mjd_2021.xlsx", C5="Valibou")
    with pytest.raises(FailedChecks) as refused:
        check_file(path, desk.settings)
    assert refused.value.message == (
        "1 ligne(s) sur 1 sont fautives ; au plus 50 % peuvent être écartées. Par exemple, "
        "ligne 5 : Colonne « Territoire » : « Valibou » : territoire inconnu ; le plus proche : "
        "« Valibout » (Plaisir). Corrigez et renvoyez le fichier."
    )
    assert [problem.remedy for problem in refused.value.findings.problems] == [ASK]


def test_one_bad_quartier_of_a_hand_kept_sheet_refuses_nothing(desk: Desk) -> None:
    desk.contract = contracts()["operateurs.suivi_centre_social"]
    path = changed(desk, CENTRE, A8="J. Massé")
    said = "« J. Massé » : territoire inconnu ; le plus proche : « Jean Macé » (Trappes)."
    assert problems(path, desk) == [
        Problem(
            f"Suivi 2022, {cell}", line, f"Feuille « Suivi 2022 », cellule {cell} : {said}", ASK,
            cell,
        )
        for cell, line in (("A8", 8), ("A9", 9))  # merged: the name of two rows
    ]  # fmt: skip
    (load,) = desk.ingest()
    assert (load.verdict, load.lignes_chargees, load.lignes_ecartees) == ("charge", 72, 48)
    assert "48 ligne(s) écartée(s), leur territoire n'étant pas connu." in load.motif


def test_rows_set_aside_load_once_their_spelling_is_added(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(desk, C5="Valibou")
    assert [load.lignes_chargees for load in desk.ingest()] == [80]
    assert [load.verdict for load in desk.ingest()] == ["inchange"]
    seed = tmp_path / "alias.csv"
    text = territories.ALIASES.read_text(encoding="utf-8")
    seed.write_text(f"{text}Valibou,QP078017,QPV2015,graphie d'un opérateur\n", encoding="utf-8")
    monkeypatch.setattr(territories, "ALIASES", seed)
    (load,) = desk.ingest()
    assert (load.verdict, load.lignes_chargees, load.lignes_ecartees) == ("charge", 81, 0)
    assert desk.query("select count(*), count(distinct _load_id) from raw.{table}") == [(81, 1)]
    assert desk.query("from quarantine.{table}") == []
    assert [again.verdict for again in desk.ingest()] == ["inchange"]
