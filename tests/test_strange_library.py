"""A library from a stranger: what lies in its folder leads nowhere else, runs nothing, and is told."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.corpus import array_file
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


def altered(library: Path, *statements: str) -> Path:
    connection = sqlite3.connect(library / "library.db")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return library


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TABLE jobs", "CREATE TABLE jobs (id, state AS (hex(zeroblob(9))), action, target)"),
        ("CREATE TABLE more (id INTEGER CHECK (length(hex(zeroblob(9))) > 1))",),
        ("CREATE INDEX more ON documents (length(hex(text)))",),
        ("CREATE INDEX more ON documents (name) WHERE length(text) > 1",),
    ],
)
def test_what_is_computed_when_rows_are_read_is_refused(strange: Path, statements: tuple[str, ...]) -> None:
    with pytest.raises(StorageError, match="holds a rule that Evidentia did not make"):
        Library(altered(strange, *statements), embedder=HashEmbedder())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passages SET governors = '[[\"a\", 5]]', crc = NULL",
        "UPDATE passages SET line = 'xx', crc = NULL",
        "UPDATE passages SET governors = '7', crc = NULL",
    ],
)
def test_rows_that_are_not_as_they_are_written_are_damage(strange: Path, statement: str) -> None:
    with (
        Library(altered(strange, statement), embedder=HashEmbedder()) as library,
        pytest.raises(StorageError, match="damaged"),
    ):
        library.search(QUESTION)


def test_the_name_of_a_document_makes_no_line_of_its_own(strange: Path) -> None:
    statement = "UPDATE documents SET name = 'a' || char(10) || 'FAKE' || char(27) || '[2J', checked = ''"
    with Library(altered(strange, statement), embedder=HashEmbedder()) as library:
        names = {hit.name for hit in library.search(QUESTION)} | {one["name"] for one in library.documents()}
    assert names == {"a\ufffdFAKE\ufffd[2J"}


def test_arrays_that_unpack_to_much_are_made_anew(strange: Path) -> None:
    path = next(strange.glob("multihop-*.npz"))
    with zipfile.ZipFile(path) as old:
        arrays = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, body in arrays.items():
            new.writestr(name, body)
    assert array_file.read(path) is None
    with Library(strange, embedder=HashEmbedder()) as library:
        assert library.search(QUESTION, retriever="multihop")
