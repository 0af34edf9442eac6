"""Shared fixtures: a private home, folders of sources, the producers' real files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from warehouse.settings import PROJECT, Settings

DEMO = PROJECT / "data" / "demo"


# The folders whose tests share one built night (tests/publication/night.py).
NIGHT = {"dbt", "publication"}


class TogetherWhatIsShared(LoadScopeScheduling):
    """A module's tests run in one process, and so do all those of the built night.

    Not `--dist loadgroup`: it writes to an attribute of items that pytest 9.2 no longer has, and
    every process would build a night of its own.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = Path(nodeid.partition("::")[0])
        return "night" if module.parent.name in NIGHT else str(module)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherWhatIsShared:
    return TogetherWhatIsShared(config, log)


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
