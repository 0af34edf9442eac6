"""A month of a large operator: a Coop export of 100 000 participants, time and peak memory.

Each path runs in a process of its own, so that its memory is its own; ours includes the child.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from warehouse.settings import PROJECT

ROWS = 100_000
RUNS = 3
NAME = "coop-numerique_accompagnements_2024-02-01.xlsx"
PATHS = {
    "ours": "lire, chercher des personnes, contrôler, charger (nous)",
    "usual": "pandas.read_excel, puis DuckDB (l'usage)",
}


def measure_operators() -> None:
    """Our whole path beside pandas, on one invented export in the tool's own layout."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "recus" / "operateur-invente" / NAME
        source.parent.mkdir(parents=True)
        source.write_bytes(_export())
        size = source.stat().st_size / 1e6
        print(f"\n{ROWS} participants, classeur de {size:.0f} Mo, médianes de {RUNS} essais\n")
        print(f"{'ce qui est mesuré':58}{'temps':>8}{'mémoire':>12}")
        runs: dict[str, list[tuple[float, int]]] = {path: [] for path in PATHS}
        for _ in range(RUNS):
            for path, results in runs.items():
                results.append(_measured(path, source))
        for path, results in runs.items():
            seconds = median(time_s for time_s, _ in results)
            megabytes = median(peak for _, peak in results)
            print(f"{PATHS[path]:58}{seconds:7.1f}s{megabytes:9.0f} Mo", flush=True)


def _export() -> bytes:
    sys.path.insert(0, str(PROJECT / "data"))
    from operator_exports import many_accompaniments

    return many_accompaniments(ROWS)


def _measured(path: str, source: Path) -> tuple[float, int]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.operators", path, str(source)],
        check=True,
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    return time.perf_counter() - start, json.loads(done.stdout.splitlines()[-1])


def _ours(source: Path, folder: Path) -> None:
    import os

    from ingestion.contract import contracts
    from ingestion.pipeline import ingest, receive
    from warehouse.settings import Settings

    os.environ["OBSERVATOIRE_CLES_PSEUDONYMES"] = f"2024={'k' * 32}"
    contract = contracts()["operateurs.coop_accompagnements"]
    settings = Settings(folder / "home", source.parents[1])
    (load,) = ingest(contract, receive(contract, settings), settings)
    if load.verdict != "charge" or load.lignes_chargees < ROWS:
        raise SystemExit(load.motif)


def _usual(source: Path, folder: Path) -> None:
    import duckdb
    import pandas

    raw = pandas.read_excel(source, header=None, engine="calamine", dtype=str)
    at = raw.index[(raw[0] == "Date") & (raw[1] == "Enregistré le")][0]
    frame = raw.iloc[at + 1 :].set_axis(raw.iloc[at].fillna("vide"), axis=1)
    with duckdb.connect(folder / "usage.duckdb") as con:
        con.register("classeur", frame)
        con.execute("create table coop as from classeur")


def _run_one(path: str, source: Path) -> None:
    """In the process that is measured; prints the peak memory of it and its children, in MB."""
    with tempfile.TemporaryDirectory() as scratch:
        {"ours": _ours, "usual": _usual}[path](source, Path(scratch))
    peaks = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(max(peaks) // 1024)


if __name__ == "__main__":
    _run_one(sys.argv[1], Path(sys.argv[2]))
