"""The command line as a person runs it, and what it leaves behind."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from warehouse.settings import PROJECT


def observatoire(
    home: Path, sources: Path, *words: str, timeout: float = 600
) -> subprocess.CompletedProcess[str]:
    """Run `observatoire` in a process of its own, with these two settings and no other."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("OBSERV", "AIRFLOW"))}
    return subprocess.run(
        [sys.executable, "-m", "observatoire", *words],
        env={
            **inherited,
            "OBSERVATOIRE_HOME": str(home),
            "OBSERVATOIRE_SOURCES": str(sources),
            "COLUMNS": "400",
        },
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def rows(database: Path, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    with duckdb.connect(database, read_only=True) as con:
        found = con.execute(query, values or [])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@dataclass(frozen=True)
class Night:
    """One `nightly`, and the state right after it. A release never changes, so it stays true."""

    home: Path
    code: int
    out: str
    err: str
    release: Path
    ledger: list[dict[str, Any]]
    new: list[dict[str, Any]]
    digest: dict[str, Any]

    @property
    def database(self) -> Path:
        return self.release / "observatoire.duckdb"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.release / "manifest.json").read_text("utf-8"))
        return manifest

    def table(self, name: str) -> list[dict[str, Any]]:
        return rows(self.database, f"from {name} order by all")

    def new_named(self, name: str) -> dict[str, Any]:
        """The ledger row that this night wrote about this file."""
        (row,) = (row for row in self.new if row["fichier"] == name)
        return row


def nightly(home: Path, sources: Path, *options: str) -> Night:
    before = ledger(home)
    done = observatoire(home, sources, "nightly", *options)
    after = ledger(home)
    known = {row["load_id"] for row in before}
    pages = sorted((home / "bulletins").glob("*.json"))
    return Night(
        home,
        done.returncode,
        done.stdout,
        done.stderr,
        (home / "courant").resolve(),
        after,
        [row for row in after if row["load_id"] not in known],
        json.loads(pages[-1].read_text("utf-8")) if pages else {},
    )


def ledger(home: Path) -> list[dict[str, Any]]:
    warehouse = home / "warehouse.duckdb"
    return rows(warehouse, "from audit.loads order by load_id") if warehouse.exists() else []


def read_csv(path: Path) -> list[dict[str, str]]:
    """The producer's file, read by the standard library alone."""
    with path.open(encoding="utf-8-sig", newline="") as reader:
        return list(csv.DictReader(reader, delimiter=";"))


def number(cell: str) -> float:
    """A French number: `14 969` with any no-break space, `18,2`."""
    for space in "\u202f\u00a0\u2009 ":
        cell = cell.replace(space, "")
    return float(cell.replace(",", "."))
