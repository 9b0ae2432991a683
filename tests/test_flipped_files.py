"""One bit that flips in a file beside the database is told when the file is read, or is without effect: every kind of
file, its head and its body, with no model and no search."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evidentia import Library, Settings
from evidentia.cli.doctor import examine
from evidentia.corpus import array_file as derived_file
from evidentia.corpus import schema
from evidentia.corpus.store import Store
from evidentia.errors import EvidentiaError, ModelError, StorageError
from evidentia.retrieval.cfic.sessions import sessions_of
from evidentia.retrieval.ngram import array_files
from evidentia.serving.drafting.union import Union
from evidentia.serving.models.scripted import ByteModel
from evidentia.serving.network import session_file

ARRAYS = {"one": np.arange(40, dtype=np.int64), "two": np.linspace(0, 1, 30, dtype=np.float32).reshape(5, 6)}
Read = Callable[[Path], object]


def plain(arrays: Any) -> dict[str, object]:
    return {name: (array.dtype.str, array.tolist()) for name, array in arrays.items()}


def session(path: Path) -> Read:
    session_file.write(path, "model", [1, 2, 3], ARRAYS)

    def read(path: Path) -> object:
        tokens, arrays = session_file.read(path, "model")
        return tokens, plain(arrays)

    return read


def segment(path: Path) -> Read:
    """Of the n-gram index, and of seal's."""
    array_files.write(path, "tokenizer", {"texts": 3}, ARRAYS)

    def read(path: Path) -> object:
        detail, arrays = array_files.read(path, "tokenizer")
        return detail, plain(arrays)

    return read


def generation(path: Path) -> Read:
    """Of multihop's and structure's index; one that cannot be read is made anew."""
    derived_file.write(path, ARRAYS)

    def read(path: Path) -> object:
        found = derived_file.read(path)
        if found is None:
            raise StorageError("it is made anew")
        return plain(found)

    return read


def learnt(path: Path) -> Read:
    """What drafting has learnt."""
    drafter = Union(vocabulary=64)
    drafter.save(path, "model")

    def read(path: Path) -> object:
        other = Union(vocabulary=64)
        other.load(path, "model")
        weights = {name: (found.values, found.seen) for name, found in other._weights.items()}
        return weights, plain(other.memory.arrays())

    return read


@pytest.mark.parametrize(("made", "flips"), [(session, 500), (segment, 500), (generation, 500), (learnt, 20)])
def test_a_flipped_bit_of_a_file_is_told_or_without_effect(
    made: Callable[[Path], Read], flips: int, tmp_path: Path
) -> None:
    path = tmp_path / "made.npz"
    read = made(path)
    data, right = path.read_bytes(), read(path)
    draw, told = random.Random(0), 0
    head = range(0, min(len(data), 300), max(1, 600 // flips))
    places = [*head, *(draw.randrange(len(data)) for _ in range(flips - len(head)))]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        try:
            found = read(path)
        except EvidentiaError:
            told += 1
        else:
            assert found == right, place
    assert told > len(places) // 3


def test_a_kept_session_of_which_a_bit_flipped_is_read_anew_from_its_text(tmp_path: Path) -> None:
    """Wherever the bit is, in the name of its model too."""
    model, tokens = ByteModel(context=200), list(b"The pump.")
    store = Store(tmp_path / "library", create=True)
    schema.open_catalog(store)
    sessions = sessions_of(store)
    right = sessions.open(model, "d" * 16, tokens)
    (path,) = sessions.folder.glob("*.session")
    data = path.read_bytes()
    for place in range(8, len(data), max(1, len(data) // 40)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        sessions._held.clear()
        assert list(sessions.open(model, "d" * 16, tokens).tokens) == list(right.tokens)
    store.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flipped")
    source = folder / "source"
    source.mkdir()
    for number in range(12):
        (source / f"part{number}.md").write_text(
            f"# Part {number}\n\nThe valve of part {number} opens at {number} bar.\n"
        )
    (source / "pump.py").write_text("def start(rate):\n    return check(rate)\n\n\ndef check(rate):\n    return rate\n")
    with Library(folder / "library", settings=Settings(embedder="hash")) as opened:
        opened.add(source)
        opened.graph.query("MATCH (n) RETURN count(n)")
    return folder / "library"


def pages(file: Path, prefix: str) -> Iterator[int]:
    """Where the pages of the tables begin whose name begins so."""
    connection = sqlite3.connect(file)
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    query = "SELECT pageno FROM dbstat WHERE name LIKE ?"
    try:
        found = [row[0] for row in connection.execute(query, (f"{prefix}%",))]
    except sqlite3.OperationalError:  # an SQLite without dbstat
        query = "SELECT rootpage FROM sqlite_master WHERE name LIKE ? AND rootpage > 0"
        found = [row[0] for row in connection.execute(query, (f"{prefix}%",))]
    connection.close()
    return (size * (page - 1) for page in found)


def words_of(file: Path) -> list[object]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.there USING fts5vocab (main, 'words', instance)")
        found = [connection.execute("SELECT * FROM temp.there").fetchall()]
        return [*found, connection.execute("SELECT id, sz FROM words_docsize").fetchall()]
    finally:
        connection.close()


@pytest.mark.slow
def test_a_flipped_bit_in_the_index_of_words_is_told_by_doctor_or_without_effect(library: Path, tmp_path: Path) -> None:
    draw, right, silent = random.Random(1), words_of(library / "library.db"), []
    for page in pages(library / "library.db", "words"):
        for _ in range(12):
            copy = tmp_path / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(library, copy)
            file, place = copy / "library.db", page + draw.randrange(4096)
            data = bytearray(file.read_bytes())
            data[place] ^= 1 << draw.randrange(8)
            file.write_bytes(data)
            try:
                if words_of(file) == right:
                    continue
            except sqlite3.DatabaseError:
                continue
            settings = Settings(library=copy, embedder="hash")
            if all(found.ok for found in examine(settings) if found.needed):
                silent.append(place)
    assert not silent


@pytest.mark.slow
def test_a_flipped_bit_in_the_graphs_copy_changes_no_row(library: Path, tmp_path: Path) -> None:
    query, draw = "MATCH (f)-[r]->(g) RETURN f.id, type(r), g.id ORDER BY f.id, type(r), g.id", random.Random(2)

    def asked(folder: Path) -> object:
        with Library(folder, settings=Settings(embedder="hash")) as opened:
            return opened.graph.query(query).rows

    right = asked(library)
    for file in sorted(path for path in (library / "graph").rglob("*") if path.is_file() and path.stat().st_size):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(library, copy)
        changed = copy / file.relative_to(library)
        data = bytearray(changed.read_bytes())
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        changed.write_bytes(data)
        try:
            assert asked(copy) == right, file
        except EvidentiaError:
            continue


def test_the_session_of_another_model_is_refused(tmp_path: Path) -> None:
    session(tmp_path / "a")
    with pytest.raises(ModelError):
        session_file.read(tmp_path / "a", "another")
