"""Build the marts, check them, release them, write the digest: whatever is pending."""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import Asset, AssetAny, TriggerRule, dag, task
from airflow.timetables.assets import AssetOrTimeSchedule
from airflow.timetables.trigger import CronTriggerTimetable

from ingestion.contract import contracts

# On new rows, or in the morning whatever happened: an asset event may be lost, the ledger not.
SCHEDULE = AssetOrTimeSchedule(
    timetable=CronTriggerTimetable("30 5 * * *", timezone="Europe/Paris"),
    assets=AssetAny(
        *(Asset(name=name, uri=f"observatoire://entrepot/{name}") for name in contracts())
    ),
)


@task(task_display_name="Construire", pool="entrepot")
def construire() -> str:
    """Run dbt and set a candidate release aside; skip where nothing has changed."""
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

    from publication.build import BuildFailed, NothingToPublish, prepare_release
    from publication.failure import remembered
    from warehouse.settings import Settings

    settings = Settings.from_environment()
    try:
        with remembered(settings, "construction"):
            candidate = prepare_release(settings)
    except (BuildFailed, NothingToPublish) as error:
        raise AirflowFailException(str(error)) from error
    if candidate is None:
        raise AirflowSkipException("Rien de nouveau : la publication en cours reste.")
    return str(candidate)


@task(task_display_name="Contrôler", pool="entrepot")
def controler(candidate: str) -> str:
    """Run every mart's suite on the candidate."""
    from pathlib import Path

    from airflow.sdk.exceptions import AirflowFailException

    from expectations.suite import SuiteError
    from publication.failure import remembered
    from publication.gate import GateClosed, check_candidate
    from warehouse.settings import Settings

    settings = Settings.from_environment()
    try:
        with remembered(settings, "contrôle"):
            check_candidate(Path(candidate), settings)
    except (GateClosed, SuiteError) as error:
        raise AirflowFailException(str(error)) from error
    return candidate


@task(task_display_name="Publier", pool="entrepot")
def publier(candidate: str) -> str:
    """Show the candidate to readers, whole."""
    from pathlib import Path

    from publication.failure import remembered
    from publication.release import publish as release
    from warehouse.settings import Settings

    settings = Settings.from_environment()
    with remembered(settings, "publication"):
        return release(Path(candidate), settings).name


@task(task_display_name="Bulletin", trigger_rule=TriggerRule.ALL_DONE, pool="entrepot")
def bulletin() -> str:
    """Write the night's page, whatever happened before; a failed night leaves the DAG red."""
    from airflow.sdk.exceptions import AirflowFailException

    from publication.digest import write_digest
    from warehouse.settings import Settings

    digest = write_digest(Settings.from_environment())
    if digest.failures:
        raise AirflowFailException("\n".join(digest.failures))
    return str(digest.page)


@dag(
    dag_id="publish",
    dag_display_name="Publication",
    schedule=SCHEDULE,
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Paris"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "observatoire",
        "retries": 2,
        "retry_delay": timedelta(minutes=2),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=15),
    },
    tags=["publication"],
    doc_md=(
        "Construit les tables, les contrôle, les publie d'un geste, puis écrit le bulletin.\n\n"
        "Traite tout ce que le registre tient en attente, et ne publie rien si rien n'a changé. "
        "Si un contrôle échoue, la publication en cours reste telle quelle et le bulletin le dit."
    ),
)
def publish() -> None:
    """Build, check, release, tell."""
    publier(controler(construire())) >> bulletin()


publish()
