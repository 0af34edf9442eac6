"""One built night, shared by the tests of the models and of the publication.

Receiving the demonstration and building its candidate release takes about a minute: it is done
once per test run, by the real pipeline, and each test works on a private copy.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingestion.contract import contracts
from ingestion.pipeline import ingest, receive
from publication.build import DATABASE, MANIFEST, prepare_release
from tests.conftest import DEMO
from warehouse.settings import Settings


@dataclass(frozen=True)
class Night:
    """A state directory with the demonstration loaded, and its candidate, not yet published."""

    settings: Settings
    candidate: Path


def built_night(factory: pytest.TempPathFactory) -> Night:
    """The shared night: look, do not touch."""
    home = factory.getbasetemp() / "nuit-construite"
    settings = Settings(home, DEMO)
    if not home.exists():
        for contract in contracts().values():
            loads = ingest(contract, receive(contract, settings), settings)
            assert {load.verdict for load in loads} <= {"charge", "inchange"}
        assert prepare_release(settings)
    if not settings.releases.exists():
        pytest.fail("the shared night could not be built: see the first error")
    return Night(settings, _only_candidate(settings))


def copy_of(night: Night, home: Path, sources: Path = DEMO) -> Night:
    """A private copy of a night, to damage at will."""
    ignored = shutil.ignore_patterns("great_expectations", "journaux")
    shutil.copytree(night.settings.home, home, ignore=ignored, symlinks=True)
    settings = Settings(home, sources)
    return Night(settings, _only_candidate(settings))


def _only_candidate(settings: Settings) -> Path:
    (candidate,) = settings.releases.glob(".candidat-*")
    return candidate


def twin(candidate: Path, name: str, *statements: str) -> Path:
    """Another candidate beside this one: same tables, changed by SQL, under a new name."""
    folder = candidate.with_name(f".candidat-{name}")
    shutil.copytree(candidate, folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest |= {"release": name, "empreinte": name}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with duckdb.connect(folder / DATABASE) as con:
        for statement in statements:
            con.execute(statement)
    return folder


def hashes(folder: Path) -> dict[str, str]:
    """Every file under a folder, by its SHA-256."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def figures(release: Path, query: str) -> list[tuple]:
    """What a reader who opens this release is told."""
    with duckdb.connect(release / DATABASE, read_only=True) as con:
        return con.execute(query).fetchall()


def ledger(settings: Settings, query: str) -> list[tuple]:
    """Ask the working file."""
    with duckdb.connect(settings.warehouse) as con:
        return con.execute(query).fetchall()
