"""Ways to do the same thing, each in a process of its own, so that its memory is its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from warehouse.settings import PROJECT

RUNS = 3

Way = Callable[[Path, Path], None]  # a source, and a scratch folder


def compare(module: str, ways: Mapping[str, str], source: Path, what: str) -> None:
    """Run `python -m <module> <way> <source>` for each of `ways` in turn; print their medians."""
    print(f"\n{what}, médianes de {RUNS} essais alternés\n")
    print(f"{'ce qui est mesuré':58}{'temps':>8}{'mémoire':>12}")
    runs: dict[str, list[tuple[float, int]]] = {way: [] for way in ways}
    for _ in range(RUNS):
        for way, results in runs.items():
            results.append(_measured(module, way, source))
    for way, results in runs.items():
        seconds = median(time_s for time_s, _ in results)
        megabytes = median(peak for _, peak in results)
        print(f"{ways[way]:58}{seconds:7.1f}s{megabytes:9.0f} Mo", flush=True)


def _measured(module: str, way: str, source: Path) -> tuple[float, int]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, way, str(source)],
        check=True,
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    return time.perf_counter() - start, json.loads(done.stdout.splitlines()[-1])


def run_one(ways: Mapping[str, Way]) -> None:
    """In the process that is measured; prints the peak memory of it and its children, in MB."""
    way, source = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        ways[way](Path(source), Path(scratch))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(max(_own_peak(), children) // 1024)


def _own_peak() -> int:
    """In kB. Not `ru_maxrss`, which a process inherits, through exec, from a larger parent."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
