"""Two settings, read from the environment; a bad one is refused by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.settings import EXTRACT_MARK, PROJECT, Settings, SettingsError


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("OBSERVATOIRE_HOME", raising=False)
    monkeypatch.delenv("OBSERVATOIRE_SOURCES", raising=False)
    return monkeypatch


def test_defaults(environment: pytest.MonkeyPatch) -> None:
    assert Settings.from_environment() == Settings(PROJECT / "var", PROJECT / "data" / "demo")


def test_an_empty_variable_is_a_missing_one(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("OBSERVATOIRE_HOME", "")
    environment.setenv("OBSERVATOIRE_SOURCES", "")
    assert Settings.from_environment() == Settings(PROJECT / "var", PROJECT / "data" / "demo")


def test_folders_are_made_absolute(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "recus").mkdir()
    environment.chdir(tmp_path)
    environment.setenv("OBSERVATOIRE_HOME", "etat")
    environment.setenv("OBSERVATOIRE_SOURCES", "recus")
    assert Settings.from_environment() == Settings(tmp_path / "etat", tmp_path / "recus")


@pytest.mark.parametrize("choice", ["/nulle/part", "un_fichier"])
def test_sources_that_cannot_be_used_are_named(
    environment: pytest.MonkeyPatch, tmp_path: Path, choice: str
) -> None:
    (tmp_path / "un_fichier").touch()
    environment.chdir(tmp_path)
    environment.setenv("OBSERVATOIRE_SOURCES", choice)
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment()
    message = str(refused.value)
    assert f"OBSERVATOIRE_SOURCES={choice}" in message
    assert "Indiquez un dossier" in message


def test_what_is_downloaded_is_kept_in_the_state(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("OBSERVATOIRE_HOME", str(tmp_path / "etat"))
    environment.setenv("OBSERVATOIRE_SOURCES", "web")
    settings = Settings.from_environment()
    assert settings == Settings(tmp_path / "etat", tmp_path / "etat" / "telechargements")
    assert settings.web
    assert not settings.demonstration
    assert not Settings(tmp_path / "etat", tmp_path).web


def test_extracts_are_told_by_their_mark(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", tmp_path)
    assert not settings.demonstration
    (tmp_path / EXTRACT_MARK).touch()
    assert settings.demonstration


def test_the_embedded_demonstration_is_one(tmp_path: Path) -> None:
    assert Settings(tmp_path, PROJECT / "data" / "demo").demonstration


def test_all_state_is_under_home(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "sources")
    paths = [
        getattr(settings, name)
        for name, value in vars(Settings).items()
        if isinstance(value, property) and name not in ("demonstration", "web")
    ]
    assert len(paths) > 8
    assert all(path.is_relative_to(settings.home) for path in paths)
    assert len(set(paths)) == len(paths)
