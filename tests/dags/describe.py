"""Print, as JSON, what Airflow itself makes of the DAG files. Started in a process of its own:
Airflow reads its settings, and takes the logging over, when it is imported."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization


def described(folder: str) -> dict[str, object]:
    bag = DagBag(folder)
    return {
        "errors": bag.import_errors,
        "dags": {dag_id: _dag(dag) for dag_id, dag in bag.dags.items()},
        # The scheduler and the interface only ever see the serialised form.
        "serialised": {dag_id: DagSerialization.to_dict(dag) for dag_id, dag in bag.dags.items()},
    }


def _dag(dag) -> dict[str, object]:
    return {
        "display_name": dag.dag_display_name,
        "doc": dag.doc_md,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "groups": {name: group.tooltip for name, group in _groups(dag).items()},
        "tasks": {task.task_id: _task(task) for task in dag.tasks},
    }


def _groups(dag) -> dict[str, object]:
    return {name: group for name, group in dag.task_group.get_task_group_dict().items() if name}


def _task(task) -> dict[str, object]:
    return {
        "display_name": task.task_display_name,
        "owner": task.owner,
        "pool": task.pool,
        "retries": task.retries,
        "delay_s": task.retry_delay.total_seconds(),
        "exponential": bool(task.retry_exponential_backoff),
        "max_delay_s": task.max_retry_delay.total_seconds(),
        "trigger_rule": str(task.trigger_rule.value),
        "upstream": sorted(task.upstream_task_ids),
        "outlets": [outlet.name for outlet in task.outlets],
    }


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(described(sys.argv[1]), default=str), encoding="utf-8")
