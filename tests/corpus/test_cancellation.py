"""Work ends when nobody waits for it, wherever it is."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from evidentia.corpus.cancellation import Wanted, check, working_for
from evidentia.corpus.store import Store
from evidentia.errors import Stopped
from evidentia.serving.network import torch_thread

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"


def stop_soon(wanted: Wanted) -> None:
    threading.Timer(0.1, wanted.stop).start()


def test_work_for_nobody_in_particular_goes_on() -> None:
    check()


def test_work_that_is_no_longer_wanted_stops_at_its_next_step() -> None:
    wanted = Wanted(60)
    with working_for(wanted):
        check()
        wanted.stop()
        with pytest.raises(Stopped, match="nobody waits"):
            check()
    check()


def test_time_that_is_over_is_named() -> None:
    wanted = Wanted(0)
    time.sleep(0.01)
    with working_for(wanted), pytest.raises(Stopped, match="more than 0 seconds"):
        check()


def test_a_query_of_the_database_stops_in_the_middle(tmp_path: Path) -> None:
    store, wanted = Store(tmp_path, create=True), Wanted(60)
    stop_soon(wanted)
    with working_for(wanted), pytest.raises(Stopped):
        store.connection.execute(ENDLESS).fetchone()
    assert store.connection.execute("SELECT 1").fetchone() == (1,)
    store.close()


def test_a_change_of_the_database_is_whole_or_nothing_when_it_is_stopped(tmp_path: Path) -> None:
    store, wanted = Store(tmp_path, create=True), Wanted(60)
    store.set("a", "before")
    stop_soon(wanted)

    def change() -> None:
        with store.transaction() as connection:
            store.set("a", "after")
            connection.execute(ENDLESS).fetchone()

    with working_for(wanted), pytest.raises(Stopped):
        change()
    assert store.get("a") == "before"
    store.close()


def test_what_waits_for_the_torch_thread_is_not_begun() -> None:
    wanted, held, begun = Wanted(60), threading.Event(), []
    holder = threading.Thread(target=torch_thread.run, args=(held.wait, 10))
    holder.start()

    def ask() -> None:
        with working_for(wanted), pytest.raises(Stopped):
            torch_thread.run(begun.append, 1)

    asker = threading.Thread(target=ask)
    asker.start()
    wanted.stop()
    held.set()
    asker.join()
    holder.join()
    assert not begun


def test_a_step_in_the_torch_thread_knows_for_whom_it_works() -> None:
    def steps() -> None:
        while True:
            check()
            time.sleep(0.001)

    wanted = Wanted(60)
    stop_soon(wanted)
    with working_for(wanted), pytest.raises(Stopped):
        torch_thread.run(steps)
