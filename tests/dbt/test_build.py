"""One `dbt build` on a warehouse filled by the real ingestion, then on damaged ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml

from publication import build
from publication.build import BuildFailed, build_models, prepare_release
from publication.release import publish
from tests.publication.night import Night, built_night, copy_of, hashes, ledger
from warehouse.lock import writer_lock
from warehouse.settings import PROJECT

DBT = PROJECT / "dbt"
KEPT = "rien n'est publié, la publication en cours reste"


def _build(settings):
    with writer_lock(settings.lock) as lock:
        return build_models(settings, lock)


def _unit_tests_on(night: Night, project: Path, folder: Path) -> dict[str, dict]:
    """Each unit test of a project by its name, with what dbt says of it."""
    # On a copy of the same name, to which the views are bound: dbt reads the columns there.
    warehouse = shutil.copy(night.settings.warehouse, folder / "warehouse.duckdb")
    subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--quiet", "test"),
            *("--select", "test_type:unit", "--project-dir", project, "--profiles-dir", project),
            *("--target-path", folder / "dbt", "--log-path", folder),
        ],
        env={**os.environ, "OBSERVATOIRE_ENTREPOT": str(warehouse)},
        check=False,
    )
    said = json.loads((folder / "dbt" / "run_results.json").read_text(encoding="utf-8"))
    return {result["unique_id"].split(".")[-1]: result for result in said["results"]}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return built_night(tmp_path_factory)


@pytest.fixture(scope="module")
def results(night: Night) -> list[dict]:
    path = night.settings.home / "dbt" / "run_results.json"
    return json.loads(path.read_text(encoding="utf-8"))["results"]


def test_the_demonstration_builds_without_a_failure_or_a_warning(results):
    assert {result["status"] for result in results} == {"success", "pass"}


def test_every_model_seed_and_test_of_the_project_has_run(results):
    ran = Counter(result["unique_id"].split(".")[0] for result in results)
    assert ran["model"] == len(list((DBT / "models").rglob("*.sql")))
    assert ran["seed"] == len(list((DBT / "seeds").glob("*.csv")))
    assert ran["test"] >= 190
    own = {path.stem for path in (DBT / "tests").glob("*.sql")}
    assert own <= {result["unique_id"].split(".")[2] for result in results}


def test_every_unit_test_passes_and_is_written_in_french(night, tmp_path):
    written = [
        test
        for path in (DBT / "models").rglob("_unit_tests*.yml")
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]
    ]
    assert all(test["description"] for test in written)

    ran = _unit_tests_on(night, DBT, tmp_path)
    failed = [f"{name}: {r['message']}" for name, r in ran.items() if r["status"] != "pass"]
    assert not failed, "\n".join(failed)
    assert ran.keys() == {test["name"] for test in written}


def test_the_report_is_found_again(night):
    """The seven quarters, three indicators: the values printed on page 3 in 2022."""
    printed = {
        "QP078006": (74.0, 16.6, 24.9),
        "QP078007": (76.7, 16.3, 27.4),
        "QP078008": (62.3, 15.3, 21.1),
        "QP078004": (68.0, 13.5, 20.2),  # printed 67,9: cut, not rounded
        "QP078018": (76.2, 18.2, 18.6),
        "QP078017": (76.6, 19.2, 33.2),
        "QP078005": (74.9, 15.8, 21.2),
    }
    rows = ledger(
        night.settings,
        "select code_territoire, round(caf_taux_couverture, 1), ctx_poids_presta,"
        " ctx_part_etrangers from marts.mart_indicateurs_cles where zonage = 'QPV2015'",
    )
    assert {code: tuple(values) for code, *values in rows} == printed


def test_le_buisson_has_no_value_and_says_why(night):
    rows = ledger(
        night.settings,
        "select caf_taux_couverture, caf_taux_couverture_statut, ctx_poids_presta,"
        " ctx_poids_presta_statut, ctx_etab_100, ctx_etab_100_statut"
        " from marts.mart_indicateurs_cles where zonage = 'QVA'",
    )
    assert rows == [(None, "non_communique") * 3]


def test_the_gaps_to_the_epci_say_which_year_they_compare(night):
    """Coverage of 2019 beside « 2019/2020 »: told; benefits of 2017 beside 2017: the same."""
    rows = ledger(
        night.settings,
        "select caf_taux_couverture_periode_epci, caf_taux_couverture_millesimes_differents,"
        " round(caf_taux_couverture_ecart_epci, 1), ctx_poids_presta_periode_epci,"
        " ctx_poids_presta_millesimes_differents, ctx_poids_presta_ecart_epci"
        " from marts.mart_indicateurs_cles where code_territoire = 'QP078006'",
    )
    assert rows == [("2019/2020", True, 19.4, "2017", False, 11.9)]


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict, Night]:
    """A published night, then two faults at once: the message, and what readers had before."""
    folder = tmp_path_factory.mktemp("fautes")
    night = copy_of(built_night(tmp_path_factory), folder / "home")
    publish(night.candidate, night.settings)
    before = hashes(night.settings.current)
    # A figure of the report no longer comes out of the files.
    ledger(
        night.settings,
        "update raw.insee__demo_qpv set personnes_couvertes = personnes_couvertes + 500"
        " where code_territoire = 'QP078006' and _millesime = '2021'",
    )
    # A recommendation is followed by an indicator that does not exist.
    project = _copied_project(folder)
    _append(project / "seeds" / "preconisations_indicateurs.csv", "lisibilite,off_inconnu,niveau,")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "DBT", project)
        with pytest.raises(BuildFailed) as failure:
            prepare_release(night.settings)
    return str(failure.value), before, night


def _append(seed: Path, line: str) -> None:
    with seed.open("a", encoding="utf-8") as rows:
        rows.write(f"{line}\n")


def _copied_project(folder: Path) -> Path:
    project = folder / "dbt"
    shutil.copytree(DBT, project, ignore=shutil.ignore_patterns("target", "logs"))
    return project


def test_a_figure_that_no_longer_equals_the_report_is_a_warning(refused):
    """A producer may revise a figure: it is told, and does not stop the release."""
    message, _, night = refused
    path = night.settings.home / "dbt" / "run_results.json"
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    status = {result["unique_id"].split(".")[2]: result["status"] for result in results}
    assert status["reconciliation_expliquee"] == "warn"
    assert "reconciliation_expliquee" not in message


def test_an_unknown_indicator_fails_the_build(refused):
    message, _, _ = refused
    assert "relationships_preconisations_indicateurs_code_indicateur" in message


@pytest.mark.long
def test_an_ambiguous_alias_fails_the_build(tmp_path, tmp_path_factory, monkeypatch):
    """A spelling names two quarters."""
    night = copy_of(built_night(tmp_path_factory), tmp_path / "home")
    project = _copied_project(tmp_path)
    _append(project / "seeds" / "alias_territoires.csv", "friches !,QP078006,QPV2015,essai")
    monkeypatch.setattr(build, "DBT", project)
    with pytest.raises(BuildFailed, match="alias_sans_ambiguite"):
        _build(night.settings)


def test_a_failed_build_says_in_french_what_stays(refused):
    message, _, _ = refused
    assert message.startswith("Les modèles n'ont pas pu être construits")
    assert KEPT in message
    assert "stg_insee__demo_qpv" not in message, "only what failed is named"


def test_a_failed_build_leaves_the_release_byte_for_byte(refused):
    _, before, night = refused
    assert hashes(night.settings.current) == before
    assert not list(night.settings.releases.glob(".candidat-*"))
    assert len(list(night.settings.releases.iterdir())) == 1


def test_dbt_that_leaves_no_result_is_a_failure(tmp_path, tmp_path_factory, monkeypatch):
    """Even where an older result lies there."""
    night = copy_of(built_night(tmp_path_factory), tmp_path / "home")
    assert (night.settings.home / "dbt" / "run_results.json").exists()
    project = _copied_project(tmp_path)
    (project / "models" / "marts" / "_marts.yml").write_text("models: [", encoding="utf-8")
    monkeypatch.setattr(build, "DBT", project)
    with pytest.raises(BuildFailed, match="dbt s'est arrêté sans résultat") as failure:
        _build(night.settings)
    assert KEPT in str(failure.value)


BROKEN_FORMULAS = [
    (
        "intermediate/int_indicateurs__calcules.sql",
        "order by edition desc",
        "order by edition asc",
        "int_indicateurs__calcules",
    ),
    (
        "marts/fct_indicateur.sql",
        "nullif(valeur_epci, 0)",
        "valeur_epci",
        "fct_indicateur",
    ),
    (
        "intermediate/int_mesures__sommes.sql",
        "when count(valeur) < count(*) then 'borne_basse'",
        "when false then 'borne_basse'",
        "int_mesures__sommes",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(("path", "formula", "broken", "model"), BROKEN_FORMULAS)
def test_a_broken_formula_is_refused_by_its_unit_test(
    night, tmp_path, path, formula, broken, model
):
    project = _copied_project(tmp_path)
    file = project / "models" / path
    text = file.read_text(encoding="utf-8")
    assert formula in text
    file.write_text(text.replace(formula, broken), encoding="utf-8")
    ran = _unit_tests_on(night, project, tmp_path)
    failed = [r["unique_id"] for r in ran.values() if r["status"] != "pass"]
    assert failed
    assert {unique_id.split(".")[2] for unique_id in failed} == {model}


@pytest.mark.long
def test_a_row_that_stands_twice_fails_the_build(tmp_path, tmp_path_factory):
    """Upstream of the indicators: they are skipped, not built from doubled rows."""
    night = copy_of(built_night(tmp_path_factory), tmp_path / "home")
    before = ledger(night.settings, "from marts.fct_indicateur order by all")
    ledger(
        night.settings,
        "insert into raw.insee__filosofi_epci from raw.insee__filosofi_epci"
        " where _millesime = '2016' and code_territoire = '200058782'",
    )
    with pytest.raises(BuildFailed, match="cle_unique_int_mesures__longues"):
        _build(night.settings)
    assert ledger(night.settings, "from marts.fct_indicateur order by all") == before


@pytest.mark.long
def test_building_twice_gives_the_same_marts(tmp_path, tmp_path_factory):
    night = copy_of(built_night(tmp_path_factory), tmp_path / "home")

    def marts() -> dict[str, list]:
        with duckdb.connect(night.settings.warehouse, read_only=True) as con:
            names = con.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
            return {n: con.execute(f"from marts.{n} order by all").fetchall() for (n,) in names}

    before = marts()
    _build(night.settings)
    assert marts() == before
