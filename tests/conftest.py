"""Shared fixtures: a private home, folders of sources, the producers' real files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from warehouse.settings import PROJECT, Settings

DEMO = PROJECT / "data" / "demo"


# The folders whose tests share one built night (tests/publication/night.py).
NIGHT = {"dbt", "publication"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share something costly run in one process: a module's, and those of the night."""
    for item in items:
        shared = "night" if item.path.parent.name in NIGHT else str(item.path)
        item.add_marker(pytest.mark.xdist_group(shared))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A private copy of the demonstration, to damage at will."""
    folder = tmp_path / "sources"
    shutil.copytree(DEMO, folder)
    return folder


@pytest.fixture
def settings(home: Path, sources: Path) -> Settings:
    return Settings(home, sources)


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The producers' real files, or a skip that says so."""
    folder = Path(
        os.environ.get("OBSERVATOIRE_DONNEES_REELLES", PROJECT.parent / "shared" / "data")
    )
    if not (folder / "insee").is_dir():
        pytest.skip(f"the producers' real files are not at {folder}")
    return folder
