"""What runs in a process that a test will kill, starve or race: the project's code, unaltered."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import FrameType
from typing import Any

from ingestion.candidate import Candidate
from ingestion.contract import contracts
from ingestion.loading import load_candidate
from ingestion.pipeline import ingest, receive
from publication.release import publish
from warehouse.database import writer
from warehouse.ledger import Load, active_load
from warehouse.settings import Settings

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


def start(target: Callable[..., None], *arguments: Any) -> ForkServerProcess:
    """Start `target` in a process of its own; its modules are already imported there."""
    process = _FORKS.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def finish(target: Callable[..., None], *arguments: Any, timeout: float = 60) -> int | None:
    process = start(target, *arguments)
    process.join(timeout)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError(f"{target.__name__} has not ended after {timeout} s")
    return process.exitcode


def die_at_line(
    number: int, files: Iterable[str], counted: Any = None, functions: Iterable[str] = ()
) -> None:
    """SIGKILL this process just before the `number`-th line that it runs in these files.

    Only the lines of these functions count, if some are named.
    With `counted` (a pipe), nothing dies: the number of lines run is sent at the end.
    """
    wanted, named = {str(path) for path in files}, set(functions)
    seen = 0

    def line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal seen
        code = frame.f_code
        if code.co_filename not in wanted or (named and code.co_name not in named):
            return None
        if event == "line":
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    sys.settrace(line)
    if counted is not None:
        _at_end.append(lambda: counted.send(seen))


_at_end: list[Callable[[], None]] = []


def _end() -> None:
    sys.settrace(None)
    for action in _at_end:
        action()


def load_and_die(
    settings: Settings, candidate: Candidate, load: Load, at: int, files: list[str], counted: Any
) -> None:
    """Load a candidate that was judged; die at a given line of the transaction."""
    contract = contracts()[load.dataset]
    with writer(settings) as con:
        active = active_load(con, load.dataset, load.millesime)
        die_at_line(at, files, counted)
        load_candidate(con, candidate, contract, load, [], {}, active)
        _end()


def publish_and_die(
    settings: Settings, candidate: Path, at: int, files: list[str], counted: Any
) -> None:
    die_at_line(at, files, counted, functions=("publish", "_point_at", "_record"))
    publish(candidate, settings)
    _end()


def hold_the_lock(settings: Settings, ready: Any) -> None:
    """Take the writer's lock, say so, and keep it until killed."""
    with writer(settings):
        ready.send(os.getpid())
        signal.pause()


def take_the_lock(settings: Settings, done: Any) -> None:
    with writer(settings):
        done.send("entered")


def ingest_dataset(settings: Settings, dataset: str, largest_file: int | None = None) -> None:
    """Receive and ingest; with `largest_file`, no file may grow beyond (bytes): a full disk."""
    if largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    contract = contracts()[dataset]
    ingest(contract, receive(contract, settings), settings)
