"""`python -m tests.faults.warm`: import everything once, then fork for each ingestion asked.

Standard input: one JSON object a line (`home`, `sources`, `dataset`, and when to kill it: after
`kill_after` seconds, or once a file matches `kill_when`). Standard output: a line when ready, then
the exit code of each ingestion, negative where it was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import great_expectations  # noqa: F401

import expectations.dialect
import expectations.runner  # noqa: F401
from tests.faults.children import ingest_dataset
from warehouse.settings import Settings

PATIENCE_S = 60


def main() -> None:
    """Obey standard input until it ends."""
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        home = Path(order["home"])
        child = os.fork()
        if not child:
            code = 1
            try:
                ingest_dataset(Settings(home, Path(order["sources"])), order["dataset"])
                code = 0
            finally:
                os._exit(code)
        if order["kill_after"] is not None or order["kill_when"]:
            _wait_for_the_moment(home, order["kill_after"], order["kill_when"])
            # Ours until we wait for it: ended or not, this number is nobody else's.
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _wait_for_the_moment(home: Path, seconds: float | None, pattern: str | None) -> None:
    if seconds is not None:
        time.sleep(seconds)
        return
    deadline = time.monotonic() + PATIENCE_S
    while not any(home.glob(str(pattern))) and time.monotonic() < deadline:
        time.sleep(0.005)


if __name__ == "__main__":
    main()
