"""The catalogue, the follow-up of the report and what is reconciled, on the demonstration.

Expected values are recomputed here from the received files and from the report's own table.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from publication import build
from publication.build import build_models
from tests.conftest import DEMO
from tests.publication.night import Night, built_night, copy_of, ledger
from warehouse.lock import writer_lock
from warehouse.settings import PROJECT, Settings

DBT = PROJECT / "dbt"
SEEDS = DBT / "seeds"
METHODS = PROJECT / "docs" / "fr" / "methodes"
# The edition of the thematic base, and the year of its Cnaf figures.
CNAF_YEARS = {"2017": "2015", "2018": "2016", "2019": "2017", "2020": "2018", "2021": "2019"}


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _received(name: str) -> dict[str, dict[str, str]]:
    """The rows of a received file of quartiers, by code."""
    with (DEMO / "insee" / name).open(encoding="utf-8-sig") as file:
        return {row["CODGEO"]: row for row in csv.DictReader(file, delimiter=";")}


def _number(cell: str) -> Decimal:
    return Decimal(re.sub(r"\s", "", cell).replace(",", "."))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return built_night(tmp_path_factory)


def test_every_indicator_is_available_or_says_what_is_missing(night):
    rows = ledger(
        night.settings,
        "select code_indicateur, disponibilite, motif_non_disponible, derniere_periode"
        " from marts.dim_indicateur",
    )
    assert {code for code, *_ in rows} == {
        row["code_indicateur"] for row in _seed("catalogue_indicateurs")
    }
    for code, available, missing, period in rows:
        assert (available == "publie") == (missing is None) == (period is not None), code


def test_each_method_sheet_is_named_by_an_indicator():
    named = {row["fiche_methode"] for row in _seed("catalogue_indicateurs")} - {""}
    assert [path for path in named if not (PROJECT / path).is_file()] == []
    written = {str(path.relative_to(PROJECT)) for path in METHODS.glob("*.md")}
    assert written - {"docs/fr/methodes/README.md"} <= named


def test_the_claims_of_the_report_are_tried_on_its_own_table(night):
    """8 to 22 points holds once rounded; « deux à trois fois » for those strictly between."""
    printed: dict[tuple[str, str], Decimal] = {
        (row["code_indicateur"], row["code_territoire"]): Decimal(row["valeur"])
        for row in _seed("chiffres_rapport")
        if row["valeur"]
    }
    expected = set()
    for (code, territory), value in printed.items():
        epci = printed[code, "200058782"]
        if territory == "200058782":
            continue
        if code == "caf_taux_couverture":
            gap = value - epci
            rounded = gap.quantize(Decimal(1), ROUND_HALF_UP)
            expected.add((code, territory, float(gap), 8 <= rounded <= 22))
        if code == "ctx_part_etrangers":
            ratio = value / epci
            expected.add((code, territory, round(float(ratio), 6), 2 < ratio < 3))
    rows = ledger(
        night.settings,
        "select code_indicateur, code_territoire, mesure_affirmee, tient, nb_quartiers,"
        " nb_quartiers_tient, verdict, millesimes_differents from marts.mart_affirmations_rapport",
    )
    assert {tuple(row[:4]) for row in rows} == expected
    for code, *_, quarters, held, verdict, other_years in rows:
        judged = [row[3] for row in expected if row[0] == code]
        assert (quarters, held) == (len(judged), sum(judged))
        assert verdict == ("tient" if all(judged) else "tient_en_partie")
        assert other_years, "the EPCI line is of 2019/2020, and said so"


def test_the_coverage_printed_in_the_report_is_rounded_or_cut(night):
    received = _received("data_DEMO_2021_V1_QP.csv")
    expected = {}
    for row in _seed("chiffres_rapport"):
        code = row["code_territoire"]
        if row["code_indicateur"] != "caf_taux_couverture" or code not in received:
            continue
        rate = 100 * _number(received[code]["PERCOU"]) / _number(received[code]["POP_MUN"])
        ways = {"arrondi": ROUND_HALF_UP, "troncature": ROUND_DOWN}
        expected[code] = next(
            said
            for said, way in ways.items()
            if rate.quantize(Decimal("0.1"), way) == Decimal(row["valeur"])
        )
    assert len(expected) == 7
    rows = ledger(
        night.settings,
        "select code_territoire, explication from marts.mart_reconciliation"
        " where origine = 'rapport_2022' and objet = 'caf_taux_couverture' and zonage = 'QPV2015'",
    )
    assert dict(rows) == expected


def test_nothing_is_left_unexplained_and_an_extract_says_that_it_is_one(night):
    rows = ledger(
        night.settings,
        "select distinct origine, explication from marts.mart_reconciliation"
        " where verdict <> 'concorde'",
    )
    assert set(rows) == {("rapport_2022", "millesime"), ("total_producteur", "perimetre")}


def test_each_recommendation_is_followed_and_none_has_a_target(night):
    rows = ledger(
        night.settings,
        "select code_preconisation, code_indicateur, cible, cible_remarque"
        " from marts.mart_suivi_preconisations",
    )
    links = {
        (row["code_preconisation"], row["code_indicateur"])
        for row in _seed("preconisations_indicateurs")
    }
    assert {row[:2] for row in rows} == links
    assert {row[0] for row in rows} == {
        row["code_preconisation"] for row in _seed("preconisations")
    }
    assert {row[2:] for row in rows} == {(None, "Le groupe de pilotage n'en a fixé aucune.")}


def test_a_quartier_without_a_value_is_counted_with_those_that_have_one(night):
    generations = {"QPV2015": {"QPV2015", "QVA"}, "QPV2024": {"QPV2024"}}
    zonings = [row["zonage"] for row in _seed("territoires")]
    rows = ledger(
        night.settings,
        "select distinct zonage, nb_quartiers + nb_quartiers_sans_valeur"
        " from marts.mart_suivi_preconisations where etat = 'suivi'",
    )
    assert rows
    for generation, counted in rows:
        assert counted == sum(zoning in generations[generation] for zoning in zonings)


def test_the_lineage_goes_from_the_received_files_to_what_is_made_of_each_mart(night):
    path = night.settings.home / "dbt" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    marts = {
        key
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }
    exposed = {
        node
        for exposure in manifest["exposures"].values()
        for node in exposure["depends_on"]["nodes"]
    }
    assert exposed == marts
    for exposure in manifest["exposures"].values():
        assert exposure["description"]
        assert exposure["owner"]["name"] == "Équipe de l'observatoire"


def _shown(value: object) -> str:
    # The areas of outlines are summed in parallel: their last digits are not the same twice.
    return repr(round(value, 6) if isinstance(value, float) else value)


def _marts(settings: Settings) -> dict[str, set[tuple]]:
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        names = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
        return {
            name: {tuple(map(_shown, row)) for row in con.execute(f"from marts.{name}").fetchall()}
            for (name,) in names
        }


@pytest.mark.long
def test_an_indicator_is_added_by_one_row_of_the_catalogue(
    tmp_path: Path, tmp_path_factory, monkeypatch
):
    """Couples without children among households of the Caf: one line, nothing else moves."""
    code = "caf_part_couples_sans_enfant"
    night = copy_of(built_night(tmp_path_factory), tmp_path / "home")
    before = _marts(night.settings)
    project = tmp_path / "dbt"
    shutil.copytree(DBT, project, ignore=shutil.ignore_patterns("target", "logs"))
    model = next(
        r for r in _seed("catalogue_indicateurs") if r["code_indicateur"] == "caf_part_isoles"
    )
    added = model | {
        "code_indicateur": code,
        "libelle": "Part de couples sans enfant parmi les allocataires",
        "mesure_numerateur": "foyers_couples_sans_enfant",
    }
    with (project / "seeds" / "catalogue_indicateurs.csv").open("a", encoding="utf-8") as seed:
        csv.DictWriter(seed, list(added), lineterminator="\n").writerow(added)
    monkeypatch.setattr(build, "DBT", project)
    with writer_lock(night.settings.lock) as lock:
        assert build_models(night.settings, lock) == []

    expected = {}
    for edition, year in CNAF_YEARS.items():
        name = f"DEMO_{edition}.csv"
        path = name if (DEMO / "insee" / name).exists() else f"data_DEMO_{edition}_V1_QP.csv"
        for territory, row in _received(path).items():
            if row["ACSSENF"]:
                share = 100 * _number(row["ACSSENF"]) / _number(row["A"])
                expected[territory, year] = pytest.approx(float(share))
    ours = {row["code_territoire"] for row in _seed("territoires") if row["zonage"] == "QPV2015"}
    found = {
        (territory, period): value
        for territory, period, value in ledger(
            night.settings,
            "select code_territoire, periode, valeur from marts.fct_indicateur"
            f" where code_indicateur = '{code}' and zonage = 'QPV2015' and valeur is not null",
        )
    }
    assert found == {key: value for key, value in expected.items() if key[0] in ours}
    assert len(found) == 35, "seven quartiers, five years"

    after = _marts(night.settings)
    assert after.keys() == before.keys()
    for name, rows in after.items():
        assert before[name] <= rows, f"{name} lost or changed rows"
        assert all(repr(code) in row for row in rows - before[name]), f"{name} changed elsewhere"
    assert len(after["dim_indicateur"] - before["dim_indicateur"]) == 1
