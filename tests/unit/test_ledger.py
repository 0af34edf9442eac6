"""The ledger remembers each file, and answers what stands, what was refused, what is new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from warehouse.ledger import (
    Check,
    Load,
    active_load,
    active_loads,
    create_ledger,
    decision_on,
    failures_since,
    last_digest,
    mark_replaced,
    now,
    record_checks,
    record_failure,
    record_load,
    seen_since,
    standing_refusals,
)

NOON = datetime(2022, 7, 5, 12)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_ledger(connection)
        yield connection


def load(load_id: str, hour: int = 0, **changes: Any) -> Load:
    """A refused file of 10 rows, `hour` hours after noon."""
    verdict = changes.get("verdict", "refuse")
    moment = NOON + timedelta(hours=hour)
    loaded = 10 if verdict == "charge" else 0
    values: dict[str, Any] = {
        "dataset": "insee.demo_qpv",
        "millesime": "2021",
        "fichier": "DEMO_2021.csv",
        "sha256": "a" * 64,
        "origine": "mirror",
        "verdict": verdict,
        "motif": "",
        "recu_le": moment,
        "lignes_recues": 10,
        "lignes_chargees": loaded,
        "lignes_ecartees": 10 - loaded,
        "charge_le": moment if loaded else None,
    }
    return Load(load_id, **(values | changes))


def ids(loads: list[Load]) -> list[str]:
    return [each.load_id for each in loads]


@pytest.mark.parametrize("counts", [(10, 9, 0), (10, 9, 2), (0, 1, 0), (0, 0, 1)])
def test_rows_received_are_rows_loaded_and_set_aside(counts: tuple[int, int, int]) -> None:
    received, loaded, aside = counts
    with pytest.raises(ValueError, match=r"DEMO_2021\.csv"):
        load("1", lignes_recues=received, lignes_chargees=loaded, lignes_ecartees=aside)


def test_a_row_comes_back_as_it_was_written(con: duckdb.DuckDBPyConnection) -> None:
    written = load(
        "1",
        verdict="charge",
        motif="é « » ’ ; '",
        livraison=2,
        contrat_sha256="f" * 64,
        demonstration=True,
        avertissements=3,
        remplace_le=NOON,
    )
    record_load(con, written)
    assert active_loads(con) == [written]


def test_the_latest_decision_counts(con: duckdb.DuckDBPyConnection) -> None:
    record_load(con, load("nouveau", 2))
    record_load(con, load("ancien", 1))
    record_load(con, load("vu", 3, verdict="inchange", decide_par="nouveau"))
    record_load(con, load("autres octets", 4, sha256="b" * 64))
    record_load(con, load("autre jeu", 5, dataset="insee.revn_qpv"))
    found = decision_on(con, "insee.demo_qpv", "a" * 64)
    assert found
    assert found.load_id == "nouveau"
    assert decision_on(con, "insee.demo_qpv", "c" * 64) is None


def test_only_loaded_rows_stand(con: duckdb.DuckDBPyConnection) -> None:
    record_load(con, load("refus", 3))
    record_load(con, load("debout", 1, verdict="charge"))
    record_load(con, load("voisin", 1, verdict="charge", millesime="2020"))
    record_load(con, load("parti", 0, verdict="remplace"))
    found = active_load(con, "insee.demo_qpv", "2021")
    assert found
    assert found.load_id == "debout"
    assert active_load(con, "insee.demo_qpv", "2019") is None
    assert ids(active_loads(con)) == ["voisin", "debout"]


def test_what_is_replaced_no_longer_stands_but_is_remembered(
    con: duckdb.DuckDBPyConnection,
) -> None:
    record_load(con, load("avant", verdict="charge"))
    record_load(con, load("voisin", verdict="charge", millesime="2020"))
    mark_replaced(con, "avant", "Remplacé par X")
    assert ids(active_loads(con)) == ["voisin"]
    kept = decision_on(con, "insee.demo_qpv", "a" * 64)
    assert kept
    before = con.execute(
        "select verdict, motif, lignes_chargees, remplace_le is not null from audit.loads"
        " order by load_id"
    ).fetchall()
    assert before == [("remplace", "Remplacé par X", 10, True), ("charge", "", 10, False)]


def test_new_since_a_moment_counts_what_was_replaced(con: duckdb.DuckDBPyConnection) -> None:
    record_load(con, load("vieux", 0))
    record_load(con, load("remplacé", 0, verdict="remplace", remplace_le=NOON + timedelta(hours=9)))
    record_load(con, load("neuf", 2))
    record_load(con, load("juste", 1))
    assert ids(seen_since(con, NOON + timedelta(hours=1))) == ["remplacé", "neuf"]


MENDED = {
    "later load of the vintage": load("x", 1, verdict="charge", sha256="b" * 64),
    "later load, replaced since": load(
        "x", 1, verdict="remplace", sha256="b" * 64, charge_le=NOON + timedelta(hours=1)
    ),
    "same bytes decided again": load("x", 1, verdict="inchange"),
}
NOT_MENDED = {
    "earlier load": load("x", -1, verdict="charge", sha256="b" * 64),
    "another vintage": load("x", 1, verdict="charge", sha256="b" * 64, millesime="2020"),
    "another dataset": load("x", 1, verdict="charge", dataset="insee.revn_qpv", millesime="2021"),
    "seen again unchanged": load("x", 1, verdict="inchange", decide_par="refus"),
}


@pytest.mark.parametrize("verdict", ["refuse", "erreur"])
@pytest.mark.parametrize("case", [*MENDED, *NOT_MENDED])
def test_a_refusal_stands_until_it_is_mended(
    con: duckdb.DuckDBPyConnection, case: str, verdict: str
) -> None:
    record_load(con, load("refus", verdict=verdict))
    record_load(con, (MENDED | NOT_MENDED)[case])
    expected = [] if case in MENDED else ["refus"]
    assert ids(standing_refusals(con, demonstration=False)) == expected


def missing(load_id: str, hour: int = 0, **changes: Any) -> Load:
    """A file that was not received."""
    return load(load_id, hour, **{"verdict": "erreur", "sha256": "", **changes})


def test_what_is_not_received_stands_until_its_edition_is(con: duckdb.DuckDBPyConnection) -> None:
    record_load(con, load("copie", -9, verdict="charge"))
    record_load(con, missing("nuit 1", 1))
    assert ids(standing_refusals(con, demonstration=False)) == ["nuit 1"]
    record_load(con, load("copie revue", 24, verdict="inchange", decide_par="copie"))
    record_load(con, missing("nuit 2", 25))
    assert ids(standing_refusals(con, demonstration=False)) == ["nuit 2"]
    record_load(con, load("reçue", 48, verdict="inchange", decide_par="copie", fichier="D21.zip"))
    assert standing_refusals(con, demonstration=False) == []


def test_two_files_without_hash_are_not_one(con: duckdb.DuckDBPyConnection) -> None:
    record_load(con, missing("a", 1))
    record_load(con, missing("b", 2, millesime="2020", fichier="DEMO_2020.csv"))
    assert ids(standing_refusals(con, demonstration=False)) == ["b", "a"]
    record_load(con, missing("a encore", 3))
    assert ids(standing_refusals(con, demonstration=False)) == ["b", "a encore"]


def test_refusals_of_extracts_and_of_real_files_are_apart(con: duckdb.DuckDBPyConnection) -> None:
    record_load(con, load("réel"))
    record_load(con, load("extrait", demonstration=True, sha256="b" * 64))
    assert ids(standing_refusals(con, demonstration=True)) == ["extrait"]
    assert ids(standing_refusals(con, demonstration=False)) == ["réel"]


def test_checks_are_kept_beside_their_load(con: duckdb.DuckDBPyConnection) -> None:
    record_checks(
        con,
        "chargement",
        [
            Check("suite", "une", "critical", True, "va bien"),
            Check("suite", "deux", "warning", False, "va mal", en_erreur=True, lignes_en_echec=4),
        ],
    )
    kept = con.execute(
        "select load_id, regle, severite, reussi, en_erreur, lignes_en_echec, message"
        " from audit.checks order by regle"
    ).fetchall()
    assert kept == [
        ("chargement", "deux", "warning", False, True, 4, "va mal"),
        ("chargement", "une", "critical", True, False, 0, "va bien"),
    ]


def test_failures_are_told_oldest_first(con: duckdb.DuckDBPyConnection) -> None:
    start = now()
    record_failure(con, "modele", "premier")
    middle = now()
    record_failure(con, "porte", "second")
    assert failures_since(con, start) == ["premier", "second"]
    assert failures_since(con, middle) == ["second"]
    assert failures_since(con, now()) == []


def test_the_last_digest(con: duckdb.DuckDBPyConnection) -> None:
    assert last_digest(con) == datetime(1970, 1, 1)
    con.execute("insert into audit.bulletins values ('a', ?, null)", [NOON])
    con.execute("insert into audit.bulletins values ('b', ?, null)", [NOON - timedelta(days=1)])
    assert last_digest(con) == NOON


def test_time_is_utc_without_a_zone() -> None:
    assert now().tzinfo is None


def test_creating_the_ledger_again_keeps_it(con: duckdb.DuckDBPyConnection) -> None:
    record_load(con, load("1", verdict="charge"))
    create_ledger(con)
    assert ids(active_loads(con)) == ["1"]
