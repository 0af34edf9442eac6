"""The model goes out with its lists, comes back filled, and loads without any mapping."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ingestion.contract import contracts
from observatoire.cli import main
from tests.fixtures.receptions import Desk
from warehouse.settings import Settings

CONTRACT = contracts()["operateurs.activite_agregee"]
FILLED = {
    "Territoire": "Valibout",
    "Thème": "Santé",
    "Sexe": "Ensemble",
    "Âge": "Ensemble",
    "Bénéficiaires": 12,
    "Entretiens": 20,
    "Précision": "exact",
}


def asked(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr("sys.argv", ["observatoire", "modele", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def test_the_model_comes_back_and_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "recus").mkdir()
    path = tmp_path / "recus" / "activite_ccas_2024-03.xlsx"
    words = ("--structure", "CCAS de Plaisir", "--periode", "2024-03", "--output", str(path))
    assert not asked(monkeypatch, *words)
    book = openpyxl.load_workbook(path)
    sheet = book["Activité"]
    assert book.sheetnames == ["Activité", "Lisez-moi"]
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    for column in CONTRACT.columns.values():
        if column.allowed:
            assert f'"{",".join(column.allowed)}"' in lists, column.raw
    for cell in sheet[4]:
        if cell.value in FILLED:
            sheet.cell(5, cell.column, FILLED[cell.value])
    book.save(path)
    at = Desk(CONTRACT, Settings(tmp_path / "home", tmp_path / "recus"))
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 1)
    assert at.query(
        "select structure, periode, territoire, beneficiaires, entretiens, etp from raw.{table}"
    ) == [("CCAS de Plaisir", "2024-03", "Valibout", 12, 20, None)]


def test_an_impossible_month_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "modele.xlsx"
    assert asked(monkeypatch, "--periode", "2025-13", "--output", str(path)) == 1
    assert "AAAA-MM ou AAAA est attendu" in capsys.readouterr().err
    assert not path.exists()


def test_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "modele.xlsx"
    path.write_bytes(b"rempli")
    assert asked(monkeypatch, "--output", str(path)) == 1
    assert path.read_bytes() == b"rempli"
    assert "existe déjà" in capsys.readouterr().err
