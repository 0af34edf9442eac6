"""A whole national file, from the received archive to the warehouse: time and peak memory.

The layout is that of the permanent base of equipment (BPE), with invented values and as many rows
as its edition of 2018. Each path runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import random
import tempfile
import zipfile
from pathlib import Path

from benchmarks.processes import compare, run_one

ROWS = 1_035_564
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
        compare("benchmarks.national", WAYS, archive, f"{ROWS} lignes dans une archive")


WAYS = {
    "ours": "recevoir, lire, contrôler et charger (nous)",
    "pandas": "lire avec pandas, puis DuckDB (l'usage)",
    "bare": "lire avec DuckDB nu, sans contrôle",
}


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


if __name__ == "__main__":
    run_one({"ours": _ours, "pandas": _pandas, "bare": _bare})
