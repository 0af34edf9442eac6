"""A month of a large operator: a Coop export of 100 000 participants, time and peak memory.

Each path runs in a process of its own, so that its memory is its own; ours includes the child.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.processes import compare, run_one
from warehouse.settings import PROJECT

ROWS = 100_000
NAME = "coop-numerique_accompagnements_2024-02-01.xlsx"
WAYS = {
    "ours": "lire, chercher des personnes, contrôler, charger (nous)",
    "usual": "pandas.read_excel, puis DuckDB (l'usage)",
}


def measure_operators() -> None:
    """Our whole path beside pandas, on one invented export in the tool's own layout."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "recus" / "operateur-invente" / NAME
        source.parent.mkdir(parents=True)
        source.write_bytes(_export())
        size = f"classeur de {source.stat().st_size / 1e6:.0f} Mo"
        compare("benchmarks.operators", WAYS, source, f"{ROWS} participants, {size}")


def _export() -> bytes:
    sys.path.insert(0, str(PROJECT / "data"))
    from operator_exports import many_accompaniments

    return many_accompaniments(ROWS)


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


if __name__ == "__main__":
    run_one({"ours": _ours, "usual": _usual})
