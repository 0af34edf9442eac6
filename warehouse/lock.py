"""One writer at a time, across processes."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from warehouse.foreseen import Foreseen

PATIENCE_S = 900.0
POLL_S = 0.2


class WarehouseBusy(Foreseen):
    """Another process kept the writer's lock for longer than we wait (message in French)."""


@contextmanager
def writer_lock(path: Path, patience_s: float = PATIENCE_S) -> Iterator[int]:
    """Hold the exclusive lock of the working file; the kernel frees it if the process dies.

    Yields the lock's file descriptor: a child that inherits it holds the lock too, and keeps it
    if we die before it.

    Raises `WarehouseBusy`, naming the holder, after `patience_s` seconds. It is never broken
    by force: a holder that hangs is for a person to look at.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        _acquire(handle.fileno(), path, patience_s)
        handle.seek(0)
        handle.truncate()
        json.dump(
            {
                "pid": os.getpid(),
                "commande": " ".join(sys.argv)[:200],
                "depuis": datetime.now(UTC).isoformat(timespec="seconds"),
            },
            handle,
            ensure_ascii=False,
        )
        handle.flush()
        yield handle.fileno()


def _acquire(descriptor: int, path: Path, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise WarehouseBusy(_busy_message(path, patience_s)) from None
            time.sleep(POLL_S)
        else:
            return


def _busy_message(path: Path, patience_s: float) -> str:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        who = f"processus {owner['pid']} ({owner['commande']}) depuis {owner['depuis']}"
    except (ValueError, KeyError, OSError):
        who = "un processus inconnu"
    return (
        f"L'entrepôt est déjà en cours d'écriture par {who}. "
        f"Attente abandonnée après {patience_s:.0f} s : rien n'a été modifié. "
        "Attendez la fin de ce traitement, ou arrêtez-le, puis relancez."
    )
