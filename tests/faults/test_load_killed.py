"""The loader is killed: faults 1, 2 and 7. Rows and ledger say the same, and a rerun converges."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

import ingestion.loading
import warehouse.ledger
from ingestion.candidate import Candidate, build_candidate
from ingestion.conformity import match_columns
from ingestion.contract import contracts
from ingestion.landing import Landed
from ingestion.loading import load_candidate
from ingestion.pipeline import receive
from ingestion.reading import read
from tests.faults.children import finish, load_and_die
from warehouse.database import writer
from warehouse.ledger import Load, now
from warehouse.settings import PROJECT, Settings

DATASET = "insee.filosofi_epci"
CONTRACT = contracts()[DATASET]
RAW = "raw.insee__filosofi_epci"
TRANSACTION = [ingestion.loading.__file__, warehouse.ledger.__file__]


# --- killed at a given line of the one transaction (no Great Expectations here: it is fast) ------


def _judged(landed: Landed, settings: Settings, folder: Path, load_id: str) -> tuple[Any, Load]:
    """The candidate of a landed file, and the ledger row of its load."""
    folder.mkdir()
    parquet = folder / "lignes.parquet"
    reading = read(landed.path(settings), CONTRACT.read, parquet)
    conformity = match_columns(reading, CONTRACT, landed.vintage)
    candidate = build_candidate(parquet, reading, conformity, CONTRACT, folder / "c.duckdb")
    load = Load(
        load_id,
        DATASET,
        landed.vintage,
        landed.name,
        landed.sha256,
        landed.origin,
        "charge",
        "",
        now(),
        candidate.received,
        candidate.received,
        charge_le=now(),
    )
    return candidate, load


@pytest.fixture
def versions(settings: Settings, tmp_path: Path) -> list[tuple[Candidate, Load]]:
    """The file of 2017 as first received, and its correction; the first one is loaded."""
    path = settings.sources / "insee/FILO2017_DISP_EPCI.csv"
    judged = []
    for version in ("v1", "v2"):
        (landed,) = (file for file in receive(CONTRACT, settings) if file.name == path.name)
        judged.append(_judged(landed, settings, tmp_path / version, version))
        path.write_bytes(path.read_bytes().replace(b"200058782;", b"200058799;"))
    with writer(settings) as con:
        load_candidate(con, judged[0][0], CONTRACT, judged[0][1], [], {}, None)
    return judged


def _state(warehouse_file: Path, aside: Path) -> dict[str, Any]:
    """What a copy of the working file and of its WAL holds, so that looking mends nothing."""
    aside.mkdir()
    for name in (warehouse_file.name, warehouse_file.name + ".wal"):
        if (warehouse_file.parent / name).exists():
            shutil.copy(warehouse_file.parent / name, aside / name)
    with duckdb.connect(aside / warehouse_file.name) as con:
        tables = {
            f"{schema}.{name}"
            for schema, name in con.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall()
        }
        if RAW not in tables:
            return {"rows": {}, "ledger": {}, "codes": {}}
        return {
            "rows": dict(
                con.execute(f"select _load_id, count(*) from {RAW} group by 1").fetchall()
            ),
            "ledger": dict(
                con.execute(
                    "select load_id, lignes_chargees from audit.loads where verdict = 'charge'"
                ).fetchall()
            ),
            "codes": con.execute(
                "select _millesime, code_territoire, count(*) from"
                f" {RAW} group by all having count(*) > 1"
            ).fetchall(),
        }


@pytest.mark.long
def test_killed_within_the_transaction_leaves_all_or_nothing(
    settings: Settings, versions: list[tuple[Candidate, Load]], tmp_path: Path
) -> None:
    """Rows without their ledger row, or a ledger row without its rows, cannot be."""
    _, (candidate, second) = versions
    pristine = settings.warehouse.read_bytes()
    ours, theirs = multiprocessing.Pipe()
    assert finish(load_and_die, settings, candidate, second, -1, TRANSACTION, theirs) == 0
    lines = ours.recv()
    assert lines > 50
    done = {"rows": {"v2": 10}, "ledger": {"v2": 10}, "codes": []}
    assert _state(settings.warehouse, tmp_path / "whole") == done
    outcomes = []
    points = {*range(1, lines, lines // 6), *range(lines - 4, lines + 1)}
    for point in sorted(points):
        settings.warehouse.write_bytes(pristine)
        settings.warehouse.with_name("warehouse.duckdb.wal").unlink(missing_ok=True)
        code = finish(load_and_die, settings, candidate, second, point, TRANSACTION, None)
        assert code == -signal.SIGKILL, point
        state = _state(settings.warehouse, tmp_path / f"at-{point}")
        assert state["rows"] == state["ledger"] in ({"v1": 10}, {"v2": 10}), point
        outcomes.append(next(iter(state["rows"])))
    assert outcomes == sorted(outcomes), "before the commit the old rows, after it the new ones"
    assert set(outcomes) == {"v1", "v2"}


def test_reopened_after_a_crash_answers_and_writes_as_before(
    settings: Settings, versions: list[tuple[Candidate, Load]]
) -> None:
    (_, first), (candidate, second) = versions
    finish(load_and_die, settings, candidate, second, 40, TRANSACTION, None)
    for _ in range(2):
        with writer(settings) as con:
            assert con.execute(
                f"select count(*), count(*) filter (code_territoire = '200058782') from {RAW}"
            ).fetchall() == [(10, 1)]
    with writer(settings) as con:
        load_candidate(con, candidate, CONTRACT, second, [], {}, first)
        con.execute(f"delete from {RAW} where code_territoire = '200058799'")
    with writer(settings) as con:
        assert con.execute(f"select distinct _load_id, count(*) over () from {RAW}").fetchall() == [
            ("v2", 9)
        ]


# --- killed at 20 random moments of a whole ingestion --------------------------------------------


class Warm:
    """A process that has imported everything once, and forks for each ingestion."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.warm"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._answer()

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ingest(
        self,
        settings: Settings,
        dataset: str = DATASET,
        kill_after: float | None = None,
        kill_when: str | None = None,
    ) -> int:
        """Exit code of the ingestion; negative where it was killed."""
        order = {
            "home": str(settings.home),
            "sources": str(settings.sources),
            "dataset": dataset,
            "kill_after": kill_after,
            "kill_when": kill_when,
        }
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self._answer())


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    server = Warm()
    yield server
    server.process.communicate(timeout=10)


def _contents(settings: Settings) -> list[tuple[Any, ...]]:
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        return con.execute(f"select * exclude (_load_id) from {RAW} order by all").fetchall()


@pytest.mark.long
def test_killed_at_twenty_random_moments(
    warm: Warm, settings: Settings, tmp_path: Path, record_property: Any
) -> None:
    for year in (2014, 2015):
        (settings.sources / f"insee/FILO{year}_DISP_EPCI.csv").unlink()
    assert warm.ingest(replace(settings, home=tmp_path / "first")) == 0
    begun = time.monotonic()
    assert warm.ingest(settings) == 0
    duration = time.monotonic() - begun
    whole = _contents(settings)
    assert len(whole) == 30
    random_moment = random.Random(2022)
    killed_with: list[int] = []
    for rank in range(20):
        home = replace(settings, home=tmp_path / f"home-{rank}")
        # One in each twentieth of the run, anywhere in it.
        moment = (rank + random_moment.random()) * duration / 20
        code = warm.ingest(home, kill_after=moment)
        assert code in (0, -signal.SIGKILL), rank
        if code and home.warehouse.exists():
            state = _state(home.warehouse, tmp_path / f"seen-{rank}")
            assert state["rows"] == state["ledger"], rank
            assert set(state["rows"].values()) <= {10}, rank
            assert not state["codes"], rank
            killed_with.append(len(state["rows"]))
        assert warm.ingest(home) == 0, rank
        assert _contents(home) == whole, rank
        with duckdb.connect(home.warehouse, read_only=True) as con:
            charged = con.execute(
                "select millesime, count(*), sum(lignes_chargees) from audit.loads"
                " where verdict = 'charge' group by 1 order by 1"
            ).fetchall()
            assert charged == [(str(year), 1, 10) for year in range(2016, 2019)], rank
            doubtful = con.execute(
                "select count(*) from audit.loads where verdict not in ('charge', 'inchange')"
            ).fetchone()
            assert doubtful == (0,), rank
    record_property("editions loaded when killed", killed_with)
    # How far a run was when it was killed depends on the machine; each line of the transaction
    # is killed above.
    assert killed_with, "every run ended before it was killed"


@pytest.mark.long
def test_suite_file_torn_by_a_kill_is_written_again(warm: Warm, settings: Settings) -> None:
    late = settings.sources / "insee" / "FILO2018_DISP_EPCI.csv"
    content = late.read_bytes()
    late.unlink()
    assert warm.ingest(settings) == 0
    (settings.expectations / "gx/expectations/insee__filosofi_epci.json").write_bytes(b"")
    late.write_bytes(content)
    assert warm.ingest(settings) == 0
    assert len(_contents(settings)) == 50


@pytest.mark.long
def test_scratch_of_a_killed_run_is_swept_by_a_later_one(warm: Warm, settings: Settings) -> None:
    """The cells of the file that it was reading, an operator's included, do not stay."""
    dataset = "operateurs.activite_agregee"
    killed = warm.ingest(settings, dataset, kill_when="travail/*/lignes.parquet")
    assert killed == -signal.SIGKILL
    left = list(settings.work.iterdir())
    assert left, "killed too late to say anything"
    half_landed = settings.landing / ".arrivee-tuee"
    half_landed.mkdir(parents=True)
    for folder in (*left, half_landed):
        os.utime(folder, (0, 0))
    assert warm.ingest(settings, dataset) == 0
    assert list(settings.work.iterdir()) == []
    assert not half_landed.exists()
