"""Readers see one whole release, whatever happens to the publication: faults 3, 11 and 13."""

from __future__ import annotations

import json
import multiprocessing
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import publication.release
from publication.release import list_releases, publish, rollback
from tests.faults.children import finish, publish_and_die
from warehouse.database import STORAGE
from warehouse.settings import Settings

SWAP = [publication.release.__file__]
TABLES = 5

# Opens what is current, again and again; every table of one opening names one release.
READER = """
import sys, duckdb, pathlib
path, stop = sys.argv[1], pathlib.Path(sys.argv[2])
seen = []
print("ready", flush=True)
last = False
while not last:
    last = stop.exists()  # one more reading once everything is published
    with duckdb.connect(path, read_only=True) as con:
        names = {name for table in range(5)
            for name, in con.execute(f"select distinct v from marts.t{table}").fetchall()}
    (name,) = names
    if not seen or seen[-1] != name:
        seen.append(name)
print(*seen)
"""


def candidate(settings: Settings, name: str) -> Path:
    """A release as `prepare_release` sets it aside, small: each table repeats its name."""
    folder = settings.releases / f".candidat-{name}"
    folder.mkdir(parents=True)
    with duckdb.connect(folder / "observatoire.duckdb", config=dict(STORAGE)) as con:
        con.execute("create schema marts")
        for table in range(TABLES):
            con.execute(f"create table marts.t{table} as select '{name}' as v from range(2000)")
    manifest = {
        "release": name,
        "publie_le": "2026-11-23T02:00:00Z",
        "empreinte": name,
        "demonstration": True,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def read(settings: Settings) -> str:
    """What a reader who comes now gets: one whole release, and its manifest."""
    with duckdb.connect(settings.current / "observatoire.duckdb", read_only=True) as con:
        rows = [
            row
            for table in range(TABLES)
            for row in con.execute(f"select v, count(*) from marts.t{table} group by 1").fetchall()
        ]
    ((name, count),) = set(rows)
    assert count == 2000
    assert json.loads((settings.current / "manifest.json").read_text())["release"] == name
    return str(name)


def test_killed_at_any_line_of_the_swap(settings: Settings) -> None:
    publish(candidate(settings, "R000"), settings)
    ours, theirs = multiprocessing.Pipe()
    folder = candidate(settings, "R001")
    assert finish(publish_and_die, settings, folder, -1, SWAP, theirs) == 0
    lines = ours.recv()
    assert read(settings) == "R001"
    outcomes = []
    assert lines > 15
    for at in range(lines - 12, lines + 1):
        rollback("R000", settings)
        name = f"R1{at:02}"
        folder = candidate(settings, name)
        assert finish(publish_and_die, settings, folder, at, SWAP, None) == -signal.SIGKILL
        seen = read(settings)
        assert seen in ("R000", name), at
        outcomes.append(seen == name)
        # The next run publishes what was prepared, from where it was left.
        left = folder if folder.exists() else settings.releases / name
        publish(left, settings)
        assert read(settings) == name
        assert not folder.exists()
        assert [r.name for r in list_releases(settings) if r.current] == [name]
    assert outcomes == sorted(outcomes), "old until the rename, new ever after"
    assert set(outcomes) == {False, True}


@pytest.mark.long
def test_fifty_publications_under_readers(settings: Settings, tmp_path: Path) -> None:
    publish(candidate(settings, "R00"), settings)
    stop = tmp_path / "stop"
    path = settings.current / "observatoire.duckdb"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(path), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    # A reader that keeps its file open keeps its release.
    patient = duckdb.connect(path, read_only=True)
    for rank in range(1, 51):
        publish(candidate(settings, f"R{rank:02}"), settings)
    assert patient.execute("select distinct v from marts.t0").fetchall() == [("R00",)]
    patient.close()
    stop.touch()
    for reader in readers:
        out, err = reader.communicate(timeout=20)
        assert reader.returncode == 0, err
        seen = out.split()
        assert seen == sorted(set(seen)), "a reader went back to an older release"
        assert seen[-1] == "R50"
        assert len(seen) > 3


def test_release_is_never_written_again(settings: Settings) -> None:
    publish(candidate(settings, "R00"), settings)
    before = {path: path.stat().st_mtime_ns for path in settings.releases.rglob("*")}
    for name in ("R01", "R02"):
        publish(candidate(settings, name), settings)
    rollback("R00", settings)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert read(settings) == "R00"


@pytest.mark.parametrize("left", ["file", "dangling link"])
def test_draft_of_a_killed_swap_does_not_hinder_the_next(settings: Settings, left: str) -> None:
    settings.home.mkdir()
    draft = settings.home / ".courant"
    if left == "file":
        draft.touch()
    else:
        draft.symlink_to("nowhere")
    publish(candidate(settings, "R00"), settings)
    assert read(settings) == "R00"
    assert not draft.exists()
