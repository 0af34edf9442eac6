"""One writer at a time across processes; whoever waits is told for whom."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from warehouse.lock import WarehouseBusy, writer_lock
from warehouse.settings import PROJECT

HOLDER = """
import sys
from pathlib import Path
from warehouse.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "warehouse.lock"


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input says something."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), "chargement-de-nuit"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_holder_says_who_it_is(path: Path) -> None:
    with writer_lock(path):
        owner = json.loads(path.read_text(encoding="utf-8"))
    assert owner["pid"] == os.getpid()
    assert set(owner) == {"pid", "commande", "depuis"}


def test_a_second_process_is_refused_and_told_who_holds(path: Path) -> None:
    with holder(path) as process:
        with pytest.raises(WarehouseBusy) as refused, writer_lock(path, patience_s=0):
            pytest.fail("two writers at once")
        message = str(refused.value)
        assert f"processus {process.pid}" in message
        assert "chargement-de-nuit" in message
        assert "rien n'a été modifié" in message


def test_it_is_refused_inside_one_process_too(path: Path) -> None:
    with (
        writer_lock(path),
        pytest.raises(WarehouseBusy, match=str(os.getpid())),
        writer_lock(path, patience_s=0),
    ):
        pytest.fail("two writers at once")


def test_whoever_waits_proceeds_after_the_holder(path: Path) -> None:
    released = threading.Event()
    with holder(path) as process:

        def release() -> None:
            released.set()
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()

        timer = threading.Timer(0.3, release)
        timer.start()
        with writer_lock(path, patience_s=30):
            assert released.is_set()
        timer.join()


def test_the_lock_of_a_killed_process_is_free(path: Path) -> None:
    with holder(path) as process:
        process.kill()
        process.wait()
        with writer_lock(path, patience_s=0):
            assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()


def test_it_is_freed_after_an_exception(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writer_lock(path):
        1 / 0  # noqa: B018
    with writer_lock(path, patience_s=0):
        pass


@pytest.mark.parametrize("content", ["", "{", '{"pid": 12}'])
def test_a_holder_that_said_nothing_is_unknown(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with path.open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with (
            pytest.raises(WarehouseBusy, match="processus inconnu"),
            writer_lock(path, patience_s=0),
        ):
            pytest.fail("two writers at once")


def test_the_description_of_an_earlier_holder_is_replaced(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("x" * 5000, encoding="utf-8")
    with writer_lock(path):
        assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()
