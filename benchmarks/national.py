"""A whole national file, from the received archive to the warehouse: time and peak memory.

The layout is that of the permanent base of equipment (BPE), with invented values and as many rows
as its edition of 2018. Each path runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median

from warehouse.settings import PROJECT

ROWS = 1_035_564
RUNS = 3
SQY = (
    *("78165", "78168", "78208", "78297", "78356", "78383"),
    *("78423", "78490", "78621", "78644", "78674", "78688"),
)
HEADER = "REG;DEP;DEPCOM;DCIRIS;AN;TYPEQU;NB_EQUIP"


def measure_national() -> None:
    """Our whole path beside pandas and beside the bare engine, on one invented national file."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        archive = _bpe_like_archive(folder / "sources" / "bpe18_ensemble_csv.zip")
        print(f"\n{ROWS} lignes dans une archive, médianes de {RUNS} essais alternés\n")
        print(f"{'ce qui est mesuré':58}{'temps':>8}{'mémoire':>12}")
        runs: dict[str, list[tuple[float, int]]] = {path: [] for path in PATHS}
        for _ in range(RUNS):
            for path, results in runs.items():
                results.append(_measured(path, archive))
        for path, results in runs.items():
            seconds = median(time_s for time_s, _ in results)
            megabytes = median(peak for _, peak in results)
            print(f"{PATHS[path]:58}{seconds:7.1f}s{megabytes:9.0f} Mo", flush=True)


PATHS = {
    "ours": "recevoir, lire, contrôler et charger (nous)",
    "pandas": "lire avec pandas, puis DuckDB (l'usage)",
    "bare": "lire avec DuckDB nu, sans contrôle",
}


def _measured(path: str, archive: Path) -> tuple[float, int]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.national", path, str(archive)],
        check=True,
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    return time.perf_counter() - start, json.loads(done.stdout.splitlines()[-1])


def _ours(archive: Path, folder: Path) -> None:
    from ingestion.contract import contracts
    from ingestion.pipeline import ingest, receive
    from warehouse.settings import Settings

    contract = contracts()["insee.bpe"]
    settings = Settings(folder / "home", archive.parent)
    (load,) = ingest(contract, receive(contract, settings), settings)
    if (load.verdict, load.lignes_chargees) != ("charge", ROWS):
        raise SystemExit(load.motif)


def _pandas(archive: Path, folder: Path) -> None:
    import duckdb
    import pandas

    frame = pandas.read_csv(archive, sep=";", dtype=str)
    frame["NB_EQUIP"] = pandas.to_numeric(frame["NB_EQUIP"])
    with duckdb.connect(folder / "pandas.duckdb") as con:
        con.execute("create table bpe as from frame")


def _bare(archive: Path, folder: Path) -> None:
    import duckdb

    with zipfile.ZipFile(archive) as members:
        source = members.extract(members.namelist()[0], folder)
    with duckdb.connect(folder / "nu.duckdb") as con:
        con.execute(f"create table bpe as from read_csv('{source}', delim=';', all_varchar=true)")


def _bpe_like_archive(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    draw = random.Random(2018)
    lines = [HEADER]
    equipment = [f"{family}{number}" for family in "ABCDEFG" for number in range(101, 128)]
    commune = 0
    while len(lines) <= ROWS:
        code = f"{1 + commune % 77:02d}{commune // 77:03d}"
        if commune < len(SQY):
            code = SQY[commune]  # the checks expect them
        commune += 1
        for kind in sorted(draw.sample(equipment, 30))[: ROWS + 1 - len(lines)]:
            lines.append(
                f"11;{code[:2]};{code};{code}_0101;2018;{kind};{draw.choice((1, 1, 1, 2, 2, 3, 7))}"
            )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bpe18_ensemble.csv", "\r\n".join([*lines, ""]))
    return path


def _run_one(path: str, archive: Path) -> None:
    """In the process that is measured; prints the peak memory of it and its children, in MB."""
    import resource

    with tempfile.TemporaryDirectory() as scratch:
        {"ours": _ours, "pandas": _pandas, "bare": _bare}[path](archive, Path(scratch))
    peaks = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(max(peaks) // 1024)


if __name__ == "__main__":
    _run_one(sys.argv[1], Path(sys.argv[2]))
