"""Open a received file in a child process that has memory and time limits."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from ingestion.readers.cells import BadLine, Layout, Reading
from ingestion.readers.options import ReadOptions
from ingestion.refusal import Refusal
from warehouse.settings import PROJECT

MEMORY = 4 << 30  # bytes of address space; the largest real file here needs about a third
TIME_S = 300


class ReaderCrashed(Exception):
    """The child process died without an answer: our fault, not proven to be the file's."""


def read(source: Path, options: ReadOptions, target: Path) -> Reading:
    """Read `source` into the Parquet file `target`; raise `Refusal` where it cannot be accepted.

    Raises `ReaderCrashed` where the child gave no answer.
    """
    order = {"source": str(source), "target": str(target), "options": options.model_dump()}
    reading = _answer_to(order)["reading"]
    bad_lines = [BadLine(**bad) for bad in reading["bad_lines"]]
    return Reading(reading["header"], reading["rows"], bad_lines, reading["letters"])


def sniff(source: Path, folder: Path) -> Layout:
    """Guess how an unknown file is laid out, in the scratch `folder`.

    Raises `Refusal` where no reader here can open it, `ReaderCrashed` as `read` does.
    """
    return Layout(**_answer_to({"source": str(source), "folder": str(folder)})["layout"])


def annotated(
    source: Path,
    target: Path,
    notes: list[tuple[str, str, str]],
    sheets: dict[str, list[list[object]]],
) -> None:
    """Write an annotated copy of a workbook (`readers.annotate`), in the child.

    Raises `Refusal` or `ReaderCrashed` where it cannot be copied.
    """
    _answer_to({"source": str(source), "target": str(target), "notes": notes, "sheets": sheets})


def _answer_to(order: dict[str, Any]) -> dict[str, Any]:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "ingestion.readers.child"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=TIME_S,
            cwd=PROJECT,
            env=_bare_environment(),
            preexec_fn=_limit,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(
            "lecture_trop_longue",
            f"La lecture a été arrêtée après {TIME_S} s : le fichier n'a pas la forme attendue. "
            "Vérifiez qu'il s'agit du bon fichier.",
        ) from error
    if child.returncode or not child.stdout:
        killed = child.returncode < 0  # by the kernel, or by itself for want of memory
        if killed or "MemoryError" in child.stderr or "OutOfMemory" in child.stderr:
            raise Refusal(
                "memoire",
                "La lecture demande trop de mémoire ou de temps : le fichier n'a pas la forme "
                "attendue (une cellule remplie très loin, par exemple). Vérifiez-le.",
            )
        raise ReaderCrashed(f"reader exited with {child.returncode}: {child.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(child.stdout)
    if "refusal" in answer:
        raise Refusal(**answer["refusal"])
    return answer


def _bare_environment() -> dict[str, str]:
    """No secret of ours reaches the process that opens a received file."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (TIME_S, TIME_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
