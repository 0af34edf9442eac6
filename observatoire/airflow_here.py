"""Run the DAGs in this process, through Airflow itself, without a server."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from warehouse.foreseen import Foreseen
from warehouse.settings import PROJECT, Settings

DAGS = PROJECT / "dags"
# The lists of codes first: others are checked against them.
ORDER = ["ingest_insee", "ingest_geo", "ingest_caf", "ingest_operateurs", "publish"]


class DagsBroken(Foreseen):
    """A DAG file cannot be imported (message in French)."""


def run_night(settings: Settings, terminal: TextIO) -> list[str]:
    """Run every ingest DAG, then `publish`; our own progress goes to `terminal`.

    Returns the tasks that failed, verdicts apart: a red verdict is a refused file, not a failure.
    A task is not tried again here: the person who is present runs the command again.
    """
    _configure(settings)
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    bag = DagBag(str(DAGS))
    if bag.import_errors:
        raise DagsBroken(f"Des DAG sont illisibles : {bag.import_errors}")
    _show_progress(terminal)
    broken = []
    extra = sorted(set(bag.dags) - set(ORDER))
    for dag_id in [*ORDER[:-1], *extra, ORDER[-1]]:
        dag = bag.dags[dag_id]
        print(f"\n▸ {dag.dag_display_name}", file=terminal, flush=True)
        for task in dag.tasks:
            task.retries = 0
        run = dag.test()
        broken += [
            f"{dag_id}.{task.task_id}"
            for task in run.get_task_instances()
            if task.state == "failed" and not task.task_id.endswith("verdict")
        ]
    return broken


def _configure(settings: Settings) -> None:
    """Airflow reads its settings when it is imported."""
    os.environ.update(
        AIRFLOW_HOME=str(settings.airflow),
        AIRFLOW__CORE__DAGS_FOLDER=str(DAGS),
        AIRFLOW__CORE__LOAD_EXAMPLES="false",
        AIRFLOW__CORE__DEFAULT_TIMEZONE="Europe/Paris",
        AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
        AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="false",
        OBSERVATOIRE_HOME=str(settings.home),
        OBSERVATOIRE_SOURCES="web" if settings.web else str(settings.sources),
    )
    settings.airflow.mkdir(parents=True, exist_ok=True)


def _show_progress(terminal: TextIO) -> None:
    handler = logging.StreamHandler(terminal)
    handler.setFormatter(logging.Formatter("  %(message)s"))
    progress = logging.getLogger("observatoire")
    progress.handlers = [handler]
    progress.setLevel(logging.INFO)
    progress.propagate = False


@contextmanager
def quiet(settings: Settings) -> Iterator[TextIO]:
    """Send all that this process prints to a log file; yield the terminal for our own words."""
    settings.logs.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    terminal = os.fdopen(os.dup(saved[0]), "w", encoding="utf-8", buffering=1)
    try:
        with (settings.logs / "nightly.log").open("ab") as journal:
            os.dup2(journal.fileno(), 1)
            os.dup2(journal.fileno(), 2)
            yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(saved[0], 1)
        os.dup2(saved[1], 2)
        terminal.close()
