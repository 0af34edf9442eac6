"""A disk that is full, or that cannot be written: fault 8."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from ingestion.contract import contracts
from ingestion.pipeline import ingest, receive
from publication.release import publish
from tests.e2e.cli import observatoire
from tests.faults.children import finish, ingest_dataset
from tests.faults.test_release_swap import candidate, read
from warehouse.settings import Settings

CAF = contracts()["caf.allocataires_iris"]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of this size at `folder`; skips where we may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs root and the right to mount a tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody, root included, writes in `folder`."""
    if os.geteuid():
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    bound = ["mount", "--bind", str(folder), str(folder)]
    if subprocess.run(bound, capture_output=True, check=False).returncode:
        pytest.skip("root writes anywhere, and may not mount here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as writer:
        for size in (1 << 16, 1 << 12):
            try:
                while True:
                    writer.write(b"\0" * size)
            except OSError:
                continue
    return ballast


def test_full_while_landing_keeps_nothing_half_done(settings: Settings) -> None:
    with small_disk(settings.landing, "48k"):
        # Room for three of the five files and their manifests.
        with pytest.raises(OSError, match="No space left"):
            receive(CAF, settings)
        for path in settings.landing.rglob("*.csv"):
            assert path.read_bytes() == (settings.sources / "caf" / path.name).read_bytes()
            assert path.with_name(f"{path.name}.manifest.json").exists()
        assert not list(settings.landing.glob(".arrivee-*"))
        subprocess.run(["mount", "-o", "remount,size=4m", str(settings.landing)], check=True)
        assert all(file.sha256 for file in receive(CAF, settings))
        assert len(list(settings.landing.rglob("*.csv"))) == 5


def test_full_while_publishing_serves_the_old_release(settings: Settings) -> None:
    with small_disk(settings.home, "24m"):
        publish(candidate(settings, "R00"), settings)
        folder = candidate(settings, "R01")
        ballast = fill(settings.home)
        with pytest.raises(Exception, match=r"(?i)no space left|espace"):
            publish(folder, settings)
        assert read(settings) in ("R00", "R01")
        ballast.unlink()
        left = folder if folder.exists() else settings.releases / "R01"
        publish(left, settings)
        assert read(settings) == "R01"


def test_read_only_landing_changes_nothing_and_recovers(settings: Settings) -> None:
    settings.landing.mkdir(parents=True)
    with read_only(settings.landing), pytest.raises(OSError, match=r"Read-only|Permission"):
        receive(CAF, settings)
    assert not list(settings.landing.iterdir())
    assert not settings.warehouse.exists()
    assert len({file.sha256 for file in receive(CAF, settings)}) == 5


def test_command_line_says_that_it_cannot_write(settings: Settings) -> None:
    settings.landing.mkdir(parents=True)
    with read_only(settings.landing):
        done = observatoire(settings.home, settings.sources, "ingest", CAF.dataset)
    assert done.returncode == 1
    assert "landing" in done.stderr
    assert "Traceback" not in done.stderr


LATE = "data_CAF_2020_IRIS.csv"
BEFORE = {("2016", 77), ("2017", 77), ("2018", 77), ("2019", 81)}


@pytest.fixture
def late(settings: Settings) -> bytes:
    """The file that arrives when there is no room any more."""
    path = settings.sources / "caf" / LATE
    content = path.read_bytes()
    path.unlink()
    return content


@pytest.mark.long
def test_no_file_may_grow_while_loading(settings: Settings, late: bytes) -> None:
    ingest(CAF, receive(CAF, settings), settings)
    assert _rows(settings) == BEFORE
    (settings.sources / "caf" / LATE).write_bytes(late)
    code = finish(ingest_dataset, settings, CAF.dataset, 64 << 10, timeout=180)
    assert code != 0 or "erreur" in _verdicts(settings, LATE), "it was not noticed"
    assert _rows(settings) == BEFORE
    assert ingest(CAF, receive(CAF, settings), settings)[-1].verdict == "charge"
    assert _rows(settings) == BEFORE | {("2020", 81)}


@pytest.mark.long
def test_full_disk_while_loading_then_freed(settings: Settings, late: bytes) -> None:
    with small_disk(settings.home, "64m"):
        ingest(CAF, receive(CAF, settings), settings)
        (settings.sources / "caf" / LATE).write_bytes(late)
        landed = receive(CAF, settings)
        ballast = fill(settings.home)
        noticed = False
        try:
            noticed = ingest(CAF, landed, settings)[-1].verdict == "erreur"
        except Exception:
            noticed = True
        assert noticed
        assert _rows(settings) == BEFORE
        ballast.unlink()
        assert ingest(CAF, receive(CAF, settings), settings)[-1].verdict == "charge"
        assert _rows(settings) == BEFORE | {("2020", 81)}


def _verdicts(settings: Settings, name: str) -> list[str]:
    with duckdb.connect(settings.warehouse) as con:
        found = con.execute("select verdict from audit.loads where fichier = ?", [name]).fetchall()
    return [verdict for (verdict,) in found]


def _rows(settings: Settings) -> set[tuple[str, int]]:
    """Rows that stand, and the ledger says the same."""
    with duckdb.connect(settings.warehouse) as con:
        rows = con.execute(
            "select _millesime, count(*) from raw.caf__allocataires_iris group by 1"
        ).fetchall()
        ledger = con.execute(
            "select millesime, lignes_chargees from audit.loads where verdict = 'charge'"
        ).fetchall()
    assert sorted(rows) == sorted(ledger)
    return set(rows)
