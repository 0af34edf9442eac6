"""What the command line answers to what it cannot understand, or to a file that is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from observatoire.cli import main

MISUSES = {
    "chec fichier.csv": "Commande inconnue, ou mots en trop. Aide : observatoire --help",
    "check": "Il manque l'argument FILE. Aide : observatoire check --help",
    "check --jsn a.csv": "Option inconnue : --jsn (peut-être --json).",
    "check a.csv b.csv": "mots en trop. Aide : observatoire check --help",
    "new-source a.csv --dataset": "L'option --dataset attend une valeur",
}


def answer(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr("sys.argv", ["observatoire", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


@pytest.mark.parametrize("words", MISUSES)
def test_a_misuse_is_told_in_french(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(monkeypatch, *words.split()) == 2
    said = capsys.readouterr()
    assert MISUSES[words] in " ".join(said.err.split())
    assert said.out == ""


@pytest.mark.parametrize("command", ["check", "new-source"])
def test_a_file_that_is_not_there(
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("OBSERVATOIRE_HOME", str(tmp_path))
    path = str(tmp_path / "absent.csv")
    assert answer(monkeypatch, command, path) == 1
    said = capsys.readouterr()
    assert "vérifiez son chemin" in said.out + said.err
    assert answer(monkeypatch, command, path, "--json") == 1
    assert json.loads(capsys.readouterr().out)["regle"] == "fichier_absent"


def test_nothing_in_place_cannot_be_withdrawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("OBSERVATOIRE_HOME", str(tmp_path))
    assert answer(monkeypatch, "withdraw", "insee.demo_qpv", "2018") == 1
    assert "insee.demo_qpv 2018 : rien n'est en place" in capsys.readouterr().err
