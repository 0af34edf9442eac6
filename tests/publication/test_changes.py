"""What a release changes: counted cell by cell, the biggest first."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from publication.changes import changes_between


@pytest.fixture
def release(tmp_path):
    """Writes a release of a few figures: (territory, period, value, status)."""

    def write(name: str, *rows: tuple[str, str, float | None, str]) -> Path:
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(path) as con:
            con.execute("create schema marts")
            con.execute(
                "create table marts.fct_indicateur (code_indicateur varchar, code_territoire"
                " varchar, zonage varchar, periode varchar, valeur double, statut varchar)"
            )
            for territory, period, value, status in rows:
                con.execute(
                    "insert into marts.fct_indicateur values ('taux', ?, 'QPV2015', ?, ?, ?)",
                    [territory, period, value, status],
                )
        return path

    return write


def test_the_first_release_changes_nothing(release, tmp_path):
    new = release("new", ("QP1", "2019", 74.0, "observe"))
    assert changes_between(tmp_path / "absent.duckdb", new) == {}


def test_the_same_figures_change_nothing(release):
    rows = [("QP1", "2019", 74.0, "observe"), ("QP2", "2019", None, "secret_producteur")]
    assert changes_between(release("old", *rows), release("new", *rows)) == {
        "ajoutees": 0,
        "retirees": 0,
        "modifiees": 0,
        "plus_grands": [],
    }


def test_cells_are_added_taken_away_and_changed(release):
    old = release(
        "old",
        ("QP1", "2019", 74.0, "observe"),
        ("QP2", "2019", 50.0, "observe"),
        ("QP3", "2019", 60.0, "observe"),
        ("QP4", "2019", 20.0, "observe"),
    )
    new = release(
        "new",
        ("QP1", "2019", 74.5, "observe"),
        ("QP2", "2019", 40.0, "observe"),
        ("QP3", "2019", 60.0, "observe"),
        ("QP1", "2020", 75.0, "observe"),
        ("QP2", "2020", None, "secret_producteur"),
    )
    assert changes_between(old, new) == {
        "ajoutees": 2,
        "retirees": 1,
        "modifiees": 2,
        "plus_grands": [
            _change("QP2", 50.0, 40.0),
            _change("QP1", 74.0, 74.5),
        ],
    }


def test_a_value_that_appears_or_is_hidden_comes_first(release):
    """However small: nobody should have to look for it."""
    old = release(
        "old",
        ("QP1", "2019", 10.0, "observe"),
        ("QP2", "2019", 1.0, "observe"),
        ("QP3", "2019", None, "secret_producteur"),
    )
    new = release(
        "new",
        ("QP1", "2019", 90.0, "observe"),
        ("QP2", "2019", None, "secret_producteur"),
        ("QP3", "2019", 2.0, "observe"),
    )
    assert changes_between(old, new)["plus_grands"] == [
        _change("QP2", 1.0, None),
        _change("QP3", None, 2.0),
        _change("QP1", 10.0, 90.0),
    ]


def test_a_status_that_changes_alone_is_a_change(release):
    old = release("old", ("QP1", "2019", None, "secret_producteur"))
    new = release("new", ("QP1", "2019", None, "non_disponible"))
    assert changes_between(old, new)["modifiees"] == 1


def test_only_the_ten_biggest_are_told_but_all_are_counted(release):
    territories = range(12)
    old = release("old", *((f"QP{t:02}", "2019", 0.0, "observe") for t in territories))
    new = release("new", *((f"QP{t:02}", "2019", float(t + 1), "observe") for t in territories))
    changes = changes_between(old, new)
    assert changes["modifiees"] == 12
    assert [c["code_territoire"] for c in changes["plus_grands"]] == [
        f"QP{t:02}" for t in range(11, 1, -1)
    ]


def test_a_folder_with_an_apostrophe_is_no_obstacle(release, tmp_path):
    (tmp_path / "l'observatoire").mkdir()
    old = release("l'observatoire/old", ("QP1", "2019", 1.0, "observe"))
    new = release("l'observatoire/new", ("QP1", "2019", 2.0, "observe"))
    assert changes_between(old, new)["plus_grands"] == [_change("QP1", 1.0, 2.0)]


def _change(territory: str, before: float | None, after: float | None) -> dict[str, object]:
    return {
        "code_indicateur": "taux",
        "code_territoire": territory,
        "periode": "2019",
        "avant": before,
        "apres": after,
    }
