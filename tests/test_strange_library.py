"""A library from a stranger: what lies in its folder leads nowhere else, runs nothing, and is told."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.errors import StorageError
from evidentia.retrieval.embedders.hash import HashEmbedder

QUESTION = "At what pressure does the valve open?"
DEEP = "[" * 100_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "guide.md").write_text("# Guide\n\nThe valve opens at 40 bar.\n")
    with Library(folder / "library", embedder=HashEmbedder()) as library:
        library.add(folder / "guide.md")
        library.search("valve", retriever="multihop")
    return folder / "library"


@pytest.fixture
def strange(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "library"))


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("name", ["lock", "lock.pid", "library.db-wal", "multihop-9.npz", "graph/current.new", "graph"])
def test_a_link_in_place_of_a_file_is_refused_and_nothing_written_through_it(strange: Path, name: str) -> None:
    elsewhere = strange.parent / "elsewhere"
    elsewhere.write_text("mine")
    (strange / name).parent.mkdir(exist_ok=True)
    (strange / name).unlink(missing_ok=True)
    (strange / name).symlink_to(elsewhere)
    with pytest.raises(StorageError, match="a link, pipe or folder"):
        Library(strange, embedder=HashEmbedder())
    assert elsewhere.read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes")
@pytest.mark.parametrize("name", ["lock.pid", "dense-9.faiss", "graph/current", "sessions/a.safetensors"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(strange: Path, name: str) -> None:
    (strange / name).parent.mkdir(exist_ok=True)
    (strange / name).unlink(missing_ok=True)
    os.mkfifo(strange / name)
    with pytest.raises(StorageError, match="a link, pipe or folder"):
        Library(strange, embedder=HashEmbedder())


def test_a_library_that_is_linked_as_a_whole_is_one(strange: Path) -> None:
    link = strange.parent / "link"
    link.symlink_to(strange)
    with Library(link, embedder=HashEmbedder()) as library:
        assert library.ask(QUESTION).citations


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM documents; END",
        "ALTER TABLE passages RENAME TO p; CREATE VIEW passages AS "
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT p.* FROM p, r",
    ],
)
def test_what_the_database_would_run_is_refused(strange: Path, statement: str) -> None:
    change(strange, statement)
    with pytest.raises(StorageError, match="that Evidentia did not make"):
        Library(strange, embedder=HashEmbedder())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE generations SET file = '../secret'",
        "UPDATE generations SET file = '/etc/passwd'",
        "UPDATE generations SET file = 'a' || char(0)",
        "UPDATE generations SET file = x'ff'",
        "UPDATE generations SET detail = 'no JSON'",
        "UPDATE generations SET detail = '[1]'",
        f"UPDATE generations SET detail = '{DEEP}'",
        "UPDATE meta SET value = '99999999999999999999999' WHERE key = 'revision'",
        f"UPDATE documents SET marks = '{DEEP}'",
    ],
)
def test_a_row_that_is_not_as_it_is_written_is_told(strange: Path, statement: str) -> None:
    change(strange, statement)
    with Library(strange, embedder=HashEmbedder()) as library, pytest.raises(StorageError):
        library.ask(QUESTION)


def change(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "library.db")
    connection.executescript(statement)
    connection.close()
