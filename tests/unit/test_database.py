"""The working file: opened one way, safe after a crash, and readable messages otherwise."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.database import WarehouseUnreadable, connection, one_row, quoted, writer
from warehouse.lock import WarehouseBusy, writer_lock
from warehouse.settings import PROJECT, Settings

CRASH = """
import os, signal, sys
from pathlib import Path
from warehouse.database import connection
from warehouse.settings import Settings
with connection(Settings(Path(sys.argv[1]), Path("."))) as con:
    con.execute("create table raw.essai as select 1 as n")
    con.execute("insert into audit.echecs values ('essai', ?, current_timestamp)", [sys.argv[2]])
    con.execute("begin")
    con.execute("insert into raw.essai values (2)")
    os.kill(os.getpid(), signal.SIGKILL)
"""

OPENED = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print("opened", flush=True)
sys.stdin.readline()
"""


RUBBISH = b"ceci n'est pas un entrepot" * 400


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home", tmp_path)


def crash(home: Path, message: str = "avant") -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(home), message], cwd=PROJECT, check=False
    )
    assert done.returncode == -signal.SIGKILL


def wal_of(settings: Settings) -> Path:
    return settings.warehouse.with_name(settings.warehouse.name + ".wal")


def test_the_ledger_is_there_at_once_and_twice_over(settings: Settings) -> None:
    for _ in range(2):
        with writer(settings) as con:
            schemas = con.execute("select schema_name from duckdb_schemas()").fetchall()
            assert one_row(con, "select count(*) from audit.loads") == (0,)
    assert {("audit",), ("raw",), ("quarantine",)} <= set(schemas)


def test_a_wal_left_by_a_crash_is_folded_in(settings: Settings) -> None:
    crash(settings.home)
    assert wal_of(settings).stat().st_size > 0
    with writer(settings, patience_s=0) as con:
        assert not wal_of(settings).exists()
        assert con.execute("from raw.essai").fetchall() == [(1,)]
        assert con.execute("select message from audit.echecs").fetchall() == [("avant",)]
    assert not wal_of(settings).exists()


def test_answers_stay_the_same_after_a_crash_and_a_reopening(settings: Settings) -> None:
    crash(settings.home)
    for _ in range(2):
        with writer(settings) as con:
            con.execute("delete from raw.essai where n = 1")
            con.execute("insert into raw.essai values (1)")
    with writer(settings) as con:
        assert con.execute("select n from raw.essai where n = 1").fetchall() == [(1,)]


def test_the_wal_of_another_file_is_not_replayed(settings: Settings, tmp_path: Path) -> None:
    crash(tmp_path / "autre", "d'un autre entrepôt")
    with writer(settings) as con:
        con.execute("create table raw.essai as select 7 as n")
    (tmp_path / "autre" / "warehouse.duckdb.wal").rename(wal_of(settings))
    before = settings.warehouse.read_bytes()
    with pytest.raises(WarehouseUnreadable, match=r"warehouse\.duckdb"), writer(settings):
        pytest.fail("a stranger's WAL was accepted")
    assert settings.warehouse.read_bytes() == before


def open_rubbish(settings: Settings) -> str:
    """What is said of a working file that DuckDB did not write."""
    settings.home.mkdir()
    settings.warehouse.write_bytes(RUBBISH)
    with pytest.raises(WarehouseUnreadable) as refused, writer(settings):
        pytest.fail("not a DuckDB file")
    return str(refused.value)


def test_a_file_that_is_not_a_warehouse_is_left_alone(settings: Settings) -> None:
    assert "warehouse.duckdb" in open_rubbish(settings)
    assert settings.warehouse.read_bytes() == RUBBISH


def test_a_file_that_is_not_a_warehouse_is_said_unreadable(settings: Settings) -> None:
    message = open_rubbish(settings)
    assert "illisible" in message
    assert "landing/" in message


@pytest.mark.long  # the four waits between the five attempts
def test_an_analyst_who_opened_the_working_file_is_named(settings: Settings) -> None:
    with writer(settings):
        pass
    analyst = subprocess.Popen(
        [sys.executable, "-c", OPENED, str(settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert analyst.stdout
        assert analyst.stdout.readline() == "opened\n"
        with pytest.raises(WarehouseUnreadable) as refused, writer(settings):
            pytest.fail("opened twice")
        message = str(refused.value)
        assert f"PID {analyst.pid}" in message
        assert "courant/observatoire.duckdb" in message
        assert "Rien n'a été modifié" in message
    finally:
        analyst.kill()
        analyst.communicate()
    with writer(settings):
        pass


def test_a_second_writer_is_refused(settings: Settings) -> None:
    with (
        writer(settings),
        pytest.raises(WarehouseBusy, match=f"processus {os.getpid()}"),
        writer(settings, patience_s=0),
    ):
        pytest.fail("two writers at once")


def test_an_exception_frees_lock_and_file(settings: Settings) -> None:
    with pytest.raises(ZeroDivisionError), writer(settings) as con:  # noqa: PT012
        con.execute("begin")
        con.execute("create table raw.essai as select 1 as n")
        1 / 0  # noqa: B018
    with writer_lock(settings.lock, patience_s=0), connection(settings) as con:
        assert con.execute("from duckdb_tables() where table_name = 'essai'").fetchall() == []


def test_a_row_that_must_be_there() -> None:
    with duckdb.connect() as con:
        assert one_row(con, "select 1 + ?, 'é'", [2]) == (3, "é")
        with pytest.raises(ValueError, match="no row"):
            one_row(con, "select 1 where false")


@pytest.mark.parametrize("name", ["simple", "deux mots", 'guille"met', "Âge"])
def test_quoted_names_are_those_asked_for(name: str) -> None:
    with duckdb.connect() as con:
        con.execute(f"create table t as select 1 as {quoted(name)}")
        assert [column[0] for column in con.execute("describe t").fetchall()] == [name]


def test_quoted_schema_and_table() -> None:
    assert quoted("raw.insee__demo") == '"raw"."insee__demo"'
