"""One writer at a time: faults 9 and 10."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest

from tests.faults.children import finish, hold_the_lock, start, take_the_lock
from warehouse.database import writer
from warehouse.lock import WarehouseBusy
from warehouse.settings import Settings


def test_second_writer_waits_then_proceeds(settings: Settings) -> None:
    ours, theirs = multiprocessing.Pipe()
    with writer(settings) as con:
        con.execute("create table audit.essai as select 1 as v")
        second = start(take_the_lock, settings, theirs)
        assert not ours.poll(0.7), "the second writer entered while the first one was writing"
    assert ours.poll(5)
    second.join(5)
    assert second.exitcode == 0


def test_killed_holder_frees_the_lock(settings: Settings) -> None:
    ours, theirs = multiprocessing.Pipe()
    holder = start(hold_the_lock, settings, theirs)
    assert ours.poll(5)
    holder.kill()
    holder.join(5)
    begun = time.monotonic()
    assert finish(take_the_lock, settings, theirs, timeout=5) == 0
    assert time.monotonic() - begun < 2


def test_hung_holder_is_named_and_never_robbed(settings: Settings) -> None:
    ours, theirs = multiprocessing.Pipe()
    holder = start(hold_the_lock, settings, theirs)
    assert ours.poll(5)
    pid = ours.recv()
    assert pid == holder.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(WarehouseBusy) as refused, writer(settings, patience_s=0.5):
            pass
        assert f"processus {pid} (" in str(refused.value)
        assert "rien n'a été modifié" in str(refused.value)
        assert holder.is_alive()
    finally:
        holder.kill()
        holder.join(5)
    with writer(settings, patience_s=1):
        pass
