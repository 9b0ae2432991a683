from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from evidentia.corpus.store import Store
from evidentia.errors import InputError, LibraryError, LibraryIncompatible, LibraryLocked, NotFoundError, StorageError


def test_a_missing_library_is_named_with_its_fix(tmp_path: Path):
    with pytest.raises(NotFoundError, match="evidentia add"):
        Store(tmp_path / "nowhere")


def test_a_path_that_is_a_file_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="is a file"):
        Store(tmp_path / "file", create=True)


def test_a_damaged_file_is_named(tmp_path: Path):
    (tmp_path / "library.db").write_bytes(b"this is no database" * 1000)
    with pytest.raises(StorageError, match="damaged"):
        Store(tmp_path, create=True)


def test_migrations_run_once_and_in_order(tmp_path: Path):
    store = Store(tmp_path, create=True)
    store.migrate("part", ("CREATE TABLE a (x)",))
    store.migrate("part", ("CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y;\nCREATE TABLE b (z)"))
    assert store.get("schema:part") == "2"
    store.connection.execute("SELECT a.y, b.z FROM a, b")


def test_a_newer_schema_is_refused(tmp_path: Path):
    store = Store(tmp_path, create=True)
    store.set("schema:part", "9")
    with pytest.raises(LibraryIncompatible, match="newer version"):
        store.migrate("part", ("CREATE TABLE a (x)",))


def test_a_failed_transaction_leaves_nothing(tmp_path: Path):
    store = Store(tmp_path, create=True)

    def fail() -> None:
        with store.transaction():
            store.set("key", "value")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.get("key") is None


def test_many_read_while_one_writes(tmp_path: Path):
    writer, reader = Store(tmp_path, create=True), Store(tmp_path)
    writer.set("key", "old")
    with writer.writing(), writer.transaction():
        writer.set("key", "new")
        assert reader.get("key") == "old"
    assert reader.get("key") == "new"


def _holder(folder: Path) -> subprocess.Popen[str]:
    code = f"""
        import sys, time
        from pathlib import Path
        from evidentia.corpus.store import Store
        store = Store(Path({str(folder)!r}), create=True)
        with store.writing(), store.transaction():
            store.set("key", "half")
            print("held", flush=True)
            time.sleep(60)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_is_told_who_writes(tmp_path: Path):
    process = _holder(tmp_path)
    try:
        with pytest.raises(LibraryLocked, match=str(process.pid)), Store(tmp_path).writing():
            pass
    finally:
        process.kill()
        process.communicate()


def test_a_killed_writer_leaves_the_last_state_and_no_lock(tmp_path: Path):
    process = _holder(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    store = Store(tmp_path)
    assert store.get("key") is None
    with store.writing():
        store.set("key", "mine")


def test_a_full_disk_keeps_what_was_there_and_goes_on_when_there_is_space(tmp_path: Path):
    store = Store(tmp_path, create=True)
    store.connection.execute("CREATE TABLE a (x)")
    store.connection.execute("INSERT INTO a VALUES (1)")
    store.connection.execute("PRAGMA max_page_count = 8")
    with pytest.raises(StorageError, match="the disk is full"), store.transaction() as connection:
        connection.execute("INSERT INTO a VALUES (zeroblob(100000))")
    assert not store.connection.in_transaction
    assert store.connection.execute("SELECT x FROM a").fetchall() == [(1,)]
    store.connection.execute("PRAGMA max_page_count = 1000")
    with store.transaction() as connection:
        connection.execute("INSERT INTO a VALUES (2)")
    assert store.connection.execute("SELECT x FROM a").fetchall() == [(1,), (2,)]


def test_a_damaged_page_is_named_when_its_row_is_read(tmp_path: Path):
    store = Store(tmp_path, create=True)
    store.connection.execute("CREATE TABLE a (x)")
    store.connection.executemany("INSERT INTO a VALUES (?)", [("x" * 3000,)] * 50)
    store.close()
    data = bytearray((tmp_path / "library.db").read_bytes())
    data[20 * 4096 : 30 * 4096] = b"\xff" * 40960
    (tmp_path / "library.db").write_bytes(data)
    rows = Store(tmp_path).connection.execute("SELECT x FROM a")
    with pytest.raises(StorageError, match="damaged"):
        list(rows)


def test_half_of_a_surrogate_pair_is_refused_wherever_it_comes_from(tmp_path: Path):
    store = Store(tmp_path, create=True)
    with pytest.raises(InputError, match="UTF-8"):
        store.connection.execute("SELECT ?", ("\ud800",))
    with pytest.raises(InputError, match="UTF-8"):
        Store(tmp_path / "\udcff", create=True)


def test_a_read_only_folder_shows_what_still_lies_in_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    writer = Store(tmp_path, create=True)
    writer.set("key", "value")
    assert (tmp_path / "library.db-wal").stat().st_size
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    reader = Store(tmp_path)
    assert reader.read_only
    assert reader.get("key") == "value"
    reader.close()
    writer.close()


def test_a_version_that_is_no_number_is_damage(tmp_path: Path):
    store = Store(tmp_path, create=True)
    store.set("schema:part", "new")
    with pytest.raises(StorageError, match="damaged"):
        store.migrate("part", ("CREATE TABLE a (x)",))
