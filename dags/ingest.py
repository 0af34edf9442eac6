"""One DAG per producer, one task group per contract: receive, check and load, say the verdict."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any

import pendulum
from airflow.sdk import DAG, Asset, TaskGroup, TriggerRule, dag, task

from ingestion.contract import Contract, contracts

PRODUCERS = {"insee": "Insee", "geo": "Géographie", "caf": "CAF", "operateurs": "Opérateurs"}

RETRIES = {
    "owner": "observatoire",
    "retries": 3,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=30),
}


def loaded(dataset: str) -> Asset:
    """The event « new rows may be in the warehouse for this dataset »."""
    return Asset(name=dataset, uri=f"observatoire://entrepot/{dataset}")


@task(task_display_name="Recevoir")
def recevoir(dataset: str) -> list[dict[str, Any]]:
    """Fetch the dataset's files and land them, untouched."""
    from dataclasses import asdict

    from ingestion.pipeline import receive
    from warehouse.settings import Settings

    landed = receive(contracts()[dataset], Settings.from_environment())
    return [asdict(file) for file in landed]


@task(task_display_name="Contrôler et charger", pool="entrepot")
def charger(dataset: str, received: list[dict[str, Any]]) -> None:
    """Check each file and load it; a refused file is a row of the ledger, not a failure."""
    from ingestion.landing import Landed
    from ingestion.pipeline import ingest
    from warehouse.settings import Settings

    ingest(contracts()[dataset], [Landed(**file) for file in received], Settings.from_environment())


@task(task_display_name="Verdict", retries=0, pool="entrepot")
def verdict(dataset: str) -> None:
    """Turn red while a file of this dataset stands refused, or not received; the others go on."""
    from airflow.sdk.exceptions import AirflowFailException

    from ingestion.pipeline import describe, still_refused
    from warehouse.settings import Settings

    refused = still_refused(contracts()[dataset], Settings.from_environment())
    if refused:
        raise AirflowFailException("\n".join(describe(load) for load in refused))


def ingest_dag(producer: str, datasets: list[Contract]) -> DAG:
    """The nightly DAG of one producer, built from its contracts."""
    listed = "\n".join(f"- **{c.dataset}** : {c.title} ([page]({c.page}))" for c in datasets)
    name = PRODUCERS.get(producer, producer)

    @dag(
        dag_id=f"ingest_{producer}",
        dag_display_name=f"Ingestion · {name}",
        schedule="0 2 * * *",
        start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Paris"),
        catchup=False,
        max_active_runs=1,
        default_args=RETRIES,
        tags=["ingestion", producer],
        doc_md=(
            f"Reçoit, contrôle et charge chaque nuit les fichiers de {name}.\n\n{listed}\n\n"
            "Un fichier refusé laisse en place les chiffres d'avant, et n'arrête pas les autres "
            "jeux : seul son « Verdict » passe au rouge. Le motif est dans le bulletin."
        ),
    )
    def build() -> None:
        loads: dict[str | None, Any] = {}
        for contract in datasets:
            with TaskGroup(contract.table, tooltip=contract.title):
                # Codes are checked against a list: it is loaded before, or has failed before.
                receive = recevoir.override(trigger_rule=TriggerRule.ALL_DONE)
                load = charger.override(outlets=[loaded(contract.dataset)])
                received = receive(contract.dataset)
                if contract.territory.known_from in loads:
                    loads[contract.territory.known_from] >> received
                loads[contract.dataset] = load(contract.dataset, received)
                loads[contract.dataset] >> verdict(contract.dataset)

    return build()


# A stable sort: within a producer, the lists that others refer to stay first.
by_producer = sorted(contracts().values(), key=lambda contract: contract.family)
for producer, group in groupby(by_producer, key=lambda contract: contract.family):
    globals()[f"ingest_{producer}"] = ingest_dag(producer, list(group))
