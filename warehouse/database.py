"""Open the DuckDB working file, safely and in one way."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from warehouse.foreseen import Foreseen
from warehouse.ledger import create_ledger
from warehouse.literal import literal
from warehouse.lock import PATIENCE_S, writer_lock
from warehouse.settings import Settings

# Files of this storage version carry a checksum of their own WAL: a stale one is not replayed.
STORAGE = {"storage_compatibility_version": "v1.4.0"}
# Beyond this the engine spills to disk: a national file must not fill the machine's memory.
ENGINE = {**STORAGE, "memory_limit": "2GB"}
OPEN_ATTEMPTS = 5


class WarehouseUnreadable(Foreseen):
    """The working file cannot be opened (message in French: why, and what to do)."""


@contextmanager
def writer(
    settings: Settings, patience_s: float = PATIENCE_S
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold the writer's lock and yield a read-write connection to the working file."""
    with writer_lock(settings.lock, patience_s), connection(settings) as con:
        yield con


@contextmanager
def reader(settings: Settings, patience_s: float = PATIENCE_S) -> Iterator[str]:
    """Hold the writer's lock, so that the working file can be attached and read.

    Yields its path as an SQL text. The file must exist.
    """
    with writer_lock(settings.lock, patience_s):
        yield literal(settings.warehouse)


@contextmanager
def connection(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a read-write connection; the caller already holds the writer's lock."""
    con = _open(settings.warehouse)
    try:
        # First statement of every read-write open: folds a WAL left by a crash into the file.
        con.execute("CHECKPOINT")
        create_ledger(con)
        yield con
        con.execute("CHECKPOINT")
    finally:
        con.close()


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    path.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, OPEN_ATTEMPTS + 1):
        try:
            return duckdb.connect(path, config=dict(ENGINE))
        except duckdb.IOException as error:
            if "set lock" not in str(error):
                raise _damaged(path, error) from error
            if attempt == OPEN_ATTEMPTS:
                raise WarehouseUnreadable(
                    f"L'entrepôt de travail {path.name} ne peut pas être ouvert : {error}\n"
                    "Si un analyste l'a ouvert, il doit le fermer et lire plutôt "
                    "« courant/observatoire.duckdb ». Rien n'a été modifié."
                ) from error
            time.sleep(attempt)
        except duckdb.Error as error:
            raise _damaged(path, error) from error
    raise AssertionError("unreachable: the last attempt returns or raises")


def _damaged(path: Path, error: Exception) -> WarehouseUnreadable:
    return WarehouseUnreadable(
        f"L'entrepôt de travail {path.name} est illisible : {error}\n"
        "Mettez ce fichier de côté (avec son .wal) et relancez : il sera reconstruit à partir des "
        "fichiers reçus et de « landing/ »."
    )


def one_row(
    con: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()
) -> tuple[Any, ...]:
    """The row of a query that always has one (an aggregate)."""
    row = con.execute(query, list(values)).fetchone()
    if row is None:
        raise ValueError(f"no row for: {query}")
    return row


def quoted(name: str) -> str:
    """An SQL identifier between quotes; `raw.x` gives `"raw"."x"`."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))
