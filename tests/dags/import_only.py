"""Import the DAG files alone, and print what that opened, loaded and cost.

Airflow is imported first: what is measured is what our own files add to it.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path

import airflow.sdk.definitions.decorators
import airflow.timetables.assets
import airflow.timetables.trigger  # noqa: F401

opened: list[str] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(("socket.connect", "socket.getaddrinfo", "sqlite3.connect")):
        opened.append(f"{event} {arguments}")
    if event == "subprocess.Popen":
        opened.append(f"{event} {arguments[0]}")


sys.addaudithook(_listen)
before = set(sys.modules)
start = time.process_time()
for path in sorted(Path(sys.argv[1]).glob("*.py")):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(
    json.dumps(
        {
            "cpu_s": time.process_time() - start,
            "opened": opened,
            "loaded": sorted({name.split(".")[0] for name in set(sys.modules) - before}),
            "present": sorted({name.split(".")[0] for name in sys.modules}),
        }
    )
)
