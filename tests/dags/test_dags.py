"""The DAGs as the scheduler sees them: complete, dated in Paris, one writer at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingestion.contract import contracts
from ingestion.pipeline import receive
from tests.conftest import DEMO
from warehouse.settings import PROJECT, Settings

DAGS = PROJECT / "dags"
HERE = Path(__file__).parent
INGESTION = ["ingest_caf", "ingest_geo", "ingest_insee", "ingest_operateurs"]
STEPS = {"Recevoir", "Contrôler et charger", "Verdict"}


def _python(script: str, *arguments: str, home: Path) -> str:
    """Run one of our scripts with an Airflow of its own, and no sources that exist."""
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "OBSERVATOIRE_HOME": str(home / "etat"),
        "OBSERVATOIRE_SOURCES": str(home / "nulle-part"),
        "PYTHONPATH": str(PROJECT),
    }
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("airflow")
    _python("describe.py", str(DAGS), str(home / "dags.json"), home=home)
    return json.loads((home / "dags.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dags(described: dict[str, Any]) -> dict[str, Any]:
    return described["dags"]


def test_no_dag_file_is_broken(described):
    assert described["errors"] == {}


def test_the_exact_list_of_dags(dags):
    assert sorted(dags) == [*INGESTION, "publish"]


def test_every_dag_reads_as_french(dags):
    assert {dag_id: dag["display_name"] for dag_id, dag in dags.items()} == {
        "ingest_insee": "Ingestion · Insee",
        "ingest_caf": "Ingestion · CAF",
        "ingest_geo": "Ingestion · Géographie",
        "ingest_operateurs": "Ingestion · Opérateurs",
        "publish": "Publication",
    }


def test_every_task_has_a_readable_name(dags):
    for dag_id in INGESTION:
        assert {t["display_name"] for t in dags[dag_id]["tasks"].values()} == STEPS
    shown = [task["display_name"] for task in dags["publish"]["tasks"].values()]
    assert sorted(shown) == ["Bulletin", "Construire", "Contrôler", "Publier"]


def test_every_dag_says_what_it_does(dags):
    for dag_id in INGESTION:
        doc = dags[dag_id]["doc"]
        assert "Un fichier refusé laisse en place les chiffres d'avant" in doc
        family = dag_id.removeprefix("ingest_")
        for contract in contracts().values():
            assert (contract.title in doc) == (contract.family == family)
    assert "la publication en cours reste telle quelle" in dags["publish"]["doc"]


def test_one_task_group_per_contract(dags):
    for dag_id in INGESTION:
        family = dag_id.removeprefix("ingest_")
        mine = {c.table: c.title for c in contracts().values() if c.family == family}
        assert dags[dag_id]["groups"] == mine
        assert sorted(dags[dag_id]["tasks"]) == sorted(
            f"{table}.{step}" for table in mine for step in ("recevoir", "charger", "verdict")
        )


def test_each_group_receives_then_loads_then_gives_its_verdict(dags):
    for dag_id in INGESTION:
        tasks = dags[dag_id]["tasks"]
        for name, task in tasks.items():
            table, step = name.split(".")
            before = {"recevoir": [], "charger": ["recevoir"], "verdict": ["charger"]}[step]
            inside = [up for up in task["upstream"] if up.startswith(f"{table}.")]
            assert inside == [f"{table}.{upstream}" for upstream in before]


def test_a_list_of_codes_is_loaded_before_what_is_checked_against_it(dags):
    waiting = 0
    for contract in contracts().values():
        source = contracts().get(contract.territory.known_from or "")
        tasks = dags[f"ingest_{contract.family}"]["tasks"]
        receive = tasks[f"{contract.table}.recevoir"]
        same_dag = source is not None and source.family == contract.family
        assert receive["upstream"] == ([f"{source.table}.charger"] if same_dag else [])
        # A list that was refused must not stop the others.
        assert receive["trigger_rule"] == "all_done"
        waiting += same_dag
    assert waiting


def test_failures_are_tried_again_with_growing_patience(dags):
    for dag_id, dag in dags.items():
        for name, task in dag["tasks"].items():
            # A verdict does not change by being asked again.
            expected = 0 if name.endswith(".verdict") else 2 if dag_id == "publish" else 3
            assert task["retries"] == expected, name
            assert task["exponential"], name
            assert 60 <= task["delay_s"] < task["max_delay_s"] <= 1800, name
            assert task["owner"] == "observatoire", name


def test_runs_never_pile_up(dags):
    assert {dag["max_active_runs"] for dag in dags.values()} == {1}
    assert {dag["catchup"] for dag in dags.values()} == {False}


def test_only_receiving_is_outside_the_writers_pool(dags):
    outside = {
        name
        for dag in dags.values()
        for name, task in dag["tasks"].items()
        if task["pool"] != "entrepot"
    }
    assert outside == {f"{contract.table}.recevoir" for contract in contracts().values()}


def test_receiving_does_not_open_the_warehouse(tmp_path):
    settings = Settings(tmp_path, DEMO)
    received = [receive(contract, settings) for contract in contracts().values()]
    assert sum(map(len, received)) > len(contracts())
    assert not settings.warehouse.exists()
    assert not settings.lock.exists()


def test_ingestion_runs_at_two_in_paris(described):
    for dag_id in INGESTION:
        timetable = described["serialised"][dag_id]["dag"]["timetable"]
        assert timetable["__var"]["expression"] == "0 2 * * *"
        assert timetable["__var"]["timezone"] == "Europe/Paris"


def test_publish_runs_on_any_dataset_or_in_the_morning(described, dags):
    timetable = described["serialised"]["publish"]["dag"]["timetable"]
    assert timetable["__type"] == "airflow.timetables.assets.AssetOrTimeSchedule"
    clock = timetable["__var"]["timetable"]["__var"]
    assert clock["expression"] == "30 5 * * *"
    assert clock["timezone"] == "Europe/Paris"
    heard = timetable["__var"]["asset_condition"]
    assert heard["__type"] == "asset_any"
    names = {asset["name"] for asset in heard["objects"]}
    told = {
        outlet
        for dag in dags.values()
        for task in dag["tasks"].values()
        for outlet in task["outlets"]
    }
    assert names == told == set(contracts())


def test_each_load_announces_its_own_dataset_only(dags):
    for contract in contracts().values():
        tasks = dags[f"ingest_{contract.family}"]["tasks"]
        assert tasks[f"{contract.table}.charger"]["outlets"] == [contract.dataset]
        assert tasks[f"{contract.table}.recevoir"]["outlets"] == []
        assert tasks[f"{contract.table}.verdict"]["outlets"] == []


def test_the_bulletin_is_written_whatever_happened(dags):
    tasks = dags["publish"]["tasks"]
    assert tasks["bulletin"]["trigger_rule"] == "all_done"
    assert tasks["bulletin"]["upstream"] == ["publier"]
    chain = [tasks[name]["upstream"] for name in ("construire", "controler", "publier")]
    assert chain == [[], ["construire"], ["controler"]]
    assert {tasks[n]["trigger_rule"] for n in ("controler", "publier")} == {"all_success"}


def test_importing_the_dags_is_light_and_opens_nothing(tmp_path):
    cost = json.loads(_python("import_only.py", str(DAGS), home=tmp_path).splitlines()[-1])
    assert "ingestion" in cost["loaded"], "the DAG files were not imported"
    heavy = {"duckdb", "great_expectations", "dbt", "pandas", "duckdb_engine", "openpyxl"}
    assert heavy.isdisjoint(cost["present"])
    assert cost["opened"] == []
    assert cost["cpu_s"] < 1.5
    assert not (tmp_path / "etat").exists()
