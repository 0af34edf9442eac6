"""The working file and its WAL after an accident: faults 5, 6 and 12."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import warehouse.database
from tests.e2e.cli import observatoire
from warehouse.database import STORAGE, WarehouseUnreadable, writer
from warehouse.settings import Settings

REFUSED = "L'entrepôt de travail warehouse.duckdb"

# Commits `audit.essai` rows one by one, leaves them in the WAL, and dies.
WRITE_AND_DIE = """
import os, signal, sys, duckdb
con = duckdb.connect(sys.argv[1], config={"storage_compatibility_version": "v1.4.0"})
con.execute("set checkpoint_threshold = '1 GB'")
for value in range(int(sys.argv[2]), int(sys.argv[3])):
    con.execute("insert into audit.essai values (?, repeat('x', 1000))", [value])
os.kill(os.getpid(), signal.SIGKILL)
"""


def _write_and_die(settings: Settings, start: int, end: int) -> Path:
    """Rows `start`..`end`-1 are committed, and only in the WAL."""
    done = subprocess.run(
        [sys.executable, "-c", WRITE_AND_DIE, str(settings.warehouse), str(start), str(end)],
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    wal = settings.warehouse.with_name("warehouse.duckdb.wal")
    assert wal.stat().st_size > (end - start) * 1000
    return wal


@pytest.fixture
def wal(settings: Settings) -> Path:
    with writer(settings) as con:
        con.execute("create table audit.essai (v integer, t varchar)")
    return _write_and_die(settings, 0, 20)


def _values(settings: Settings) -> list[int]:
    with writer(settings) as con:
        return [v for (v,) in con.execute("select v from audit.essai order by v").fetchall()]


def _values_or_refusal(settings: Settings) -> list[int] | str:
    try:
        return _values(settings)
    except WarehouseUnreadable as refused:
        return str(refused)[: len(REFUSED)]


def test_wal_of_a_crash_is_folded_in(settings: Settings, wal: Path) -> None:
    assert _values(settings) == list(range(20))
    assert not wal.exists()
    assert _values(settings) == list(range(20))


def test_wal_cut_short_keeps_whole_transactions_only(settings: Settings, wal: Path) -> None:
    content = wal.read_bytes()
    wal.write_bytes(content[: len(content) * 2 // 3])
    kept = _values(settings)
    assert kept == list(range(len(kept)))
    assert 5 < len(kept) < 20


def test_stale_wal_is_never_replayed(settings: Settings, wal: Path, tmp_path: Path) -> None:
    """The WAL of an earlier state of the file comes back beside it."""
    stale = tmp_path / "stale.wal"
    shutil.copy(wal, stale)
    assert len(_values(settings)) == 20
    with writer(settings) as con:
        con.execute("delete from audit.essai where v < 10")
    shutil.copy(stale, wal)
    assert _values_or_refusal(settings) in (list(range(10, 20)), REFUSED)


def test_stale_wal_of_another_file_is_never_replayed(
    settings: Settings, wal: Path, tmp_path: Path
) -> None:
    with duckdb.connect(tmp_path / "autre.duckdb", config=dict(STORAGE)) as con:
        con.execute("create schema audit; create table audit.essai (v integer, t varchar)")
    shutil.copy(tmp_path / "autre.duckdb", settings.warehouse)
    assert _values_or_refusal(settings) in ([], REFUSED)


def _flip(path: Path) -> bytes:
    """Damage one byte of a value, in the middle of the file."""
    content = bytearray(path.read_bytes())
    content[content.index(b"x" * 500, len(content) // 2) + 50] ^= 0xFF
    path.write_bytes(bytes(content))
    return bytes(content)


def test_corrupt_wal_is_refused_and_nothing_is_touched(settings: Settings, wal: Path) -> None:
    damaged = _flip(wal)
    database = settings.warehouse.read_bytes()
    with pytest.raises(WarehouseUnreadable) as refused, writer(settings):
        pass
    assert str(refused.value).startswith("L'entrepôt de travail warehouse.duckdb ")
    assert settings.warehouse.read_bytes() == database
    assert wal.read_bytes() == damaged


def test_corrupt_wal_says_what_to_do(settings: Settings, wal: Path) -> None:
    _flip(wal)
    with pytest.raises(WarehouseUnreadable, match="Mettez ce fichier de côté"), writer(settings):
        pass


@pytest.mark.parametrize("content", [b"", b"not a database " * 500], ids=["empty", "foreign"])
def test_foreign_working_file_says_what_to_do(settings: Settings, content: bytes) -> None:
    settings.home.mkdir()
    settings.warehouse.write_bytes(content)
    with pytest.raises(WarehouseUnreadable, match="Mettez ce fichier de côté"), writer(settings):
        pass


def test_command_line_says_it_without_a_traceback(settings: Settings) -> None:
    settings.home.mkdir()
    settings.warehouse.write_bytes(b"not a database")
    done = observatoire(settings.home, settings.sources, "ingest", "caf.allocataires_iris")
    assert done.returncode == 1
    assert "L'entrepôt de travail warehouse.duckdb" in done.stderr
    assert "Traceback" not in done.stderr


ANALYST = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def analyst(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Somebody opens the working file, which nobody should."""
    with writer(settings) as con:
        con.execute("create table audit.essai as select 1 as v")
    process = subprocess.Popen(
        [sys.executable, "-c", ANALYST, str(settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    yield process
    process.communicate("\n", timeout=5)


def test_analyst_who_leaves_in_time_costs_a_short_wait(
    settings: Settings, analyst: subprocess.Popen[str]
) -> None:
    assert analyst.stdin is not None
    analyst.stdin.write("\n")
    analyst.stdin.flush()
    assert _values_of_one(settings) == [1]


def _values_of_one(settings: Settings) -> list[int]:
    with writer(settings) as con:
        return [v for (v,) in con.execute("select v from audit.essai").fetchall()]


@pytest.mark.long
def test_analyst_who_stays_is_named(settings: Settings, analyst: subprocess.Popen[str]) -> None:
    before = settings.warehouse.read_bytes()
    with pytest.raises(WarehouseUnreadable) as refused, writer(settings):
        pass
    said = str(refused.value)
    assert str(analyst.pid) in said
    assert "il doit le fermer" in said
    assert "courant/observatoire.duckdb" in said
    assert "Rien n'a été modifié." in said
    assert settings.warehouse.read_bytes() == before
    assert warehouse.database.OPEN_ATTEMPTS > 1
