"""Releases: written aside, shown whole, kept, put back."""

from __future__ import annotations

import hashlib
import json
import os
import time

import duckdb
import pytest

from publication.build import DATABASE, MANIFEST, NothingToPublish, prepare_release
from publication.release import UnknownRelease, list_releases, publish, rollback
from tests.conftest import DEMO
from tests.publication.night import figures, ledger, twin
from warehouse.database import writer
from warehouse.ledger import Load, now, record_load
from warehouse.settings import Settings

ALTER = "update marts.fct_indicateur set valeur = 1 where code_territoire = 'QP078006'"


def test_a_candidate_is_not_visible_before_it_is_published(night):
    assert not night.settings.current.exists()
    assert list_releases(night.settings) == []


def test_publishing_points_the_link_at_the_release(night):
    release = publish(night.candidate, night.settings)
    current = night.settings.current
    assert current.is_symlink()
    # Relative: the state directory may be mounted elsewhere.
    assert str(current.readlink()) == f"releases/{release.name}"
    assert not night.candidate.exists()
    assert release.current
    assert release.demonstration
    assert [kept.name for kept in list_releases(night.settings)] == [release.name]
    shown = ledger(night.settings, "select release_id, demonstration from audit.releases")
    assert shown == [(release.name, True)]


def test_the_published_file_holds_marts_and_reference_only(published):
    tables = figures(
        published.candidate,
        "select distinct schema_name from duckdb_tables() union"
        " select distinct schema_name from duckdb_views() where not internal",
    )
    assert sorted(tables) == [("marts",), ("reference",)]
    assert figures(published.candidate, "select count(*) from duckdb_indexes()") == [(0,)]


def test_nothing_but_the_release_lies_beside_the_published_file(published):
    names = {path.name for path in published.candidate.iterdir()}
    assert names == {DATABASE, MANIFEST, "parquet"}
    assert not list(published.candidate.rglob("*.wal"))


def test_parquet_files_say_the_same_as_the_tables(published):
    parquet = published.candidate / "parquet"
    marts = figures(
        published.candidate, "select table_name from duckdb_tables() where schema_name = 'marts'"
    )
    assert {path.stem for path in parquet.iterdir()} == {name for (name,) in marts}
    with duckdb.connect(published.candidate / DATABASE, read_only=True) as con:
        for (name,) in marts:
            file = str(parquet / f"{name}.parquet")
            differing = con.execute(
                f"select count(*) from ((from marts.{name} except all from read_parquet(?))"
                f" union all (from read_parquet(?) except all from marts.{name}))",
                [file, file],
            ).fetchone()
            assert differing == (0,), name
            assert con.execute(f"select count(*) > 0 from marts.{name}").fetchone() == (True,)


def test_the_manifest_tells_the_truth(published):
    manifest = json.loads((published.candidate / MANIFEST).read_text(encoding="utf-8"))
    on_disk = {
        str(path.relative_to(published.candidate)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in published.candidate.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    assert manifest["fichiers"] == on_disk
    assert manifest["release"] == published.candidate.name
    assert manifest["demonstration"] is True
    assert manifest["duckdb"] == duckdb.__version__
    for table in manifest["tables"]:
        query = f"select count(*) from {table['schema']}.{table['name']}"
        assert figures(published.candidate, query) == [(table["lignes"],)]
    received = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in DEMO.rglob("*")
        if path.suffix in {".csv", ".xlsx", ".zip", ".geojson", ".json"}
    }
    sources = {source["sha256"] for source in manifest["fichiers_sources"]}
    # Two deliveries of DEMO 2019 and 2021: one of each stands.
    assert sources < received
    assert len(sources) == len(received) - 2


def test_a_night_without_news_publishes_nothing(published):
    assert prepare_release(published.settings) is None
    assert len(list_releases(published.settings)) == 1


def test_nothing_loaded_is_nothing_to_publish(tmp_path):
    settings = Settings(tmp_path, DEMO)
    with pytest.raises(NothingToPublish, match="Aucun fichier n'est chargé"):
        prepare_release(settings)
    assert not settings.current.exists()


def test_going_back_stays_back_until_there_is_news(published):
    # The newest release is always the state of the warehouse: it is the one people go back from.
    older = twin(published.candidate, "20200101T000000000Z", ALTER)
    older.rename(published.settings.releases / "20200101T000000000Z")
    newest = published.candidate.name

    release = rollback("20200101T000000000Z", published.settings)

    assert release.current
    assert published.settings.current.resolve().name == "20200101T000000000Z"
    assert [(r.name, r.current) for r in list_releases(published.settings)] == [
        (newest, False),
        ("20200101T000000000Z", True),
    ]
    assert prepare_release(published.settings) is None
    assert published.settings.current.resolve().name == "20200101T000000000Z"


def test_going_back_to_an_unknown_release_changes_nothing(published):
    before = str(published.settings.current.readlink())
    with pytest.raises(UnknownRelease, match=published.candidate.name):
        rollback("20990101T000000000Z", published.settings)
    assert str(published.settings.current.readlink()) == before


@pytest.mark.parametrize("name", ["../releases", ".", "", "../.."])
def test_going_back_never_leaves_the_releases(published, name):
    before = str(published.settings.current.readlink())
    with pytest.raises(UnknownRelease):
        rollback(name, published.settings)
    assert str(published.settings.current.readlink()) == before


def test_killed_between_the_rename_and_the_link(night):
    """The release has its place, nobody sees it, the ledger does not know it."""
    name = json.loads((night.candidate / MANIFEST).read_text(encoding="utf-8"))["release"]
    night.candidate.rename(night.settings.releases / name)

    candidate = prepare_release(night.settings)

    assert candidate == night.settings.releases / name
    assert publish(candidate, night.settings).current
    assert ledger(night.settings, "select release_id from audit.releases") == [(name,)]
    assert prepare_release(night.settings) is None


def test_killed_between_the_link_and_the_ledger(published):
    name = published.candidate.name
    ledger(published.settings, "delete from audit.releases returning release_id")

    candidate = prepare_release(published.settings)

    assert candidate == published.candidate
    publish(candidate, published.settings)
    assert published.settings.current.resolve().name == name
    assert ledger(published.settings, "select release_id from audit.releases") == [(name,)]


def test_a_link_left_half_made_is_no_obstacle(night):
    (night.settings.home / ".courant").symlink_to("releases/nulle-part")
    release = publish(night.candidate, night.settings)
    assert night.settings.current.resolve().name == release.name
    assert not (night.settings.home / ".courant").is_symlink()


@pytest.mark.long
def test_news_after_going_back_publishes_again(published):
    """A file refused is news; candidates forgotten for a day are cleared away."""
    forgotten = published.settings.releases / ".candidat-oublie"
    recent = published.settings.releases / ".candidat-en-cours"
    forgotten.mkdir()
    recent.mkdir()
    two_days_ago = time.time() - 48 * 3600
    os.utime(forgotten, (two_days_ago, two_days_ago))
    older = twin(published.candidate, "20200101T000000000Z", ALTER)
    older.rename(published.settings.releases / "20200101T000000000Z")
    rollback("20200101T000000000Z", published.settings)
    refused = Load(
        load_id="refus",
        dataset="insee.demo_qpv",
        millesime="2022",
        fichier="DEMO_2022.csv",
        sha256="0" * 64,
        origine="mirror",
        verdict="refuse",
        motif="Fichier coupé.",
        recu_le=now(),
        demonstration=True,
    )
    with writer(published.settings) as con:
        record_load(con, refused)

    candidate = prepare_release(published.settings)

    assert not forgotten.exists()
    assert recent.exists()
    release = publish(candidate, published.settings)
    assert release.current
    assert release.name > published.candidate.name
    state = "select etat from marts.mart_qualite where dataset = 'insee.demo_qpv'"
    assert figures(published.settings.current, state) == [("en_retard",)]
    # Compared with what readers had before, which was the older release.
    changes = json.loads((published.settings.current / MANIFEST).read_text())["changements"]
    assert (changes["ajoutees"], changes["retirees"]) == (0, 0)
    assert {c["avant"] for c in changes["plus_grands"]} == {1}
