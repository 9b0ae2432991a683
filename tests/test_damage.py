"""One bit that flips anywhere in a library is told, or has no effect; altered text never carries a tick."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia import library as library_module
from evidentia.cli.doctor import examine
from evidentia.corpus import soundness
from evidentia.errors import EvidentiaError, StorageError

QUESTION = "What is the pump pressure limit?"
SEARCHES = ("dense", "lexical", "ngram", "multihop", "structure")
DENSE = {"question": "pump pressure limit", "k": 5, "retriever": "dense"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    (source / "pump.md").write_text("The pump pressure limit is 40 bar. The pump was built in 1987.\n")
    (source / "valve.md").write_text(
        "# Valves\n\nA valve opens at 7 bar.\n\n| part | bar |\n| --- | --- |\n| a | 3 |\n"
    )
    (source / "pump.py").write_text("def start(rate):\n    return check(rate)\n\n\ndef check(rate):\n    return rate\n")
    with Library(tmp_path / "library", settings=settings(tmp_path / "library")) as library:
        library.add(source)
        for retriever in SEARCHES:
            library.search("pump", 3, retriever)
        library.graph.query("MATCH (n) RETURN count(n)")
    return tmp_path / "library"


def settings(folder: Path) -> Settings:
    return Settings(library=folder, embedder="hash")


def findings(folder: Path, piece: str) -> str:
    """What ``doctor`` complains of, empty when all is well."""
    return "; ".join(found.state for found in examine(settings(folder)) if found.piece == piece and not found.ok)


def change(folder: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(folder / "library.db")
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def test_a_sound_library_is_called_so(folder: Path) -> None:
    assert [found.piece for found in examine(settings(folder)) if not found.ok and found.needed] == []
    with Library(folder, settings=settings(folder)) as library:
        assert all(citation.verified for citation in library.ask(QUESTION).citations)


def test_altered_text_carries_no_tick_and_doctor_names_it(folder: Path) -> None:
    file = folder / "library.db"
    data = file.read_bytes()
    assert b"limit is 40 bar" in data
    file.write_bytes(data.replace(b"limit is 40 bar", b"limit is 90 bar"))
    with Library(folder, settings=settings(folder)) as library:
        answer = library.ask(QUESTION)
        status = library.status()
    assert not [citation for citation in answer.citations if citation.verified and "90" in citation.quote]
    assert [note for note in answer.notes if "source/pump.md is not what was read" in note]
    assert [Path(uri).name for uri in status["damaged"]] == ["pump.md"]
    assert "source/pump.md is not what was read" in findings(folder, "stored text")


def test_a_document_that_is_added_again_is_damaged_no_more(folder: Path) -> None:
    change(folder, "UPDATE documents SET text = replace(text, '40 bar', '90 bar')")
    pump = folder.parent / "source" / "pump.md"
    with Library(folder, settings=settings(folder)) as library:
        assert library.ask(QUESTION).notes
        pump.write_text(pump.read_text() + "\nIt is blue.\n")
        library.add(pump.parent)
        assert library.ask(QUESTION).notes == ()


@pytest.mark.parametrize("field", ["name", "title", "marks", "metadata", "media_type", "digest"])
def test_what_stands_beside_the_text_is_checked_with_it(folder: Path, field: str) -> None:
    change(folder, f"UPDATE documents SET {field} = '[{{}}]' WHERE name = 'source/pump.md'")
    assert "is not what was read" in findings(folder, "stored text")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE passages SET line = line + 1 WHERE id = 1", "1 of the passages"),
        ("UPDATE passages SET heading = 'x'", "of the passages"),
        ("UPDATE vectors SET vector = zeroblob(length(vector)) WHERE id = 1", "1 of the vectors"),
        ("UPDATE vectors SET passage_id = 1", "of the vectors"),
        ("UPDATE code_nodes SET line = line + 1 WHERE label = 'FUNCTION'", "2 of the definitions"),
        ("UPDATE code_files SET module = 'pomp'", "1 of the code files"),
        ("UPDATE words_docsize SET sz = X'0101' WHERE id = 1", "the index of words"),
        ("UPDATE words_data SET block = X'030405' WHERE id = 1", "the index of words"),
        ("INSERT INTO words (rowid, heading, body) VALUES (1, '', 'more')", "the index of words"),
    ],
)
def test_a_changed_row_is_told(folder: Path, statement: str, told: str) -> None:
    change(folder, statement)
    assert told in findings(folder, "stored text")


@pytest.mark.parametrize("place", [0, 4, 30, -1])
def test_a_dense_index_with_a_flipped_bit_is_refused_and_made_anew(folder: Path, place: int) -> None:
    with Library(folder, settings=settings(folder)) as library:
        before = library.search(**DENSE)  # type: ignore[arg-type]
    flip(next(folder.glob("dense-*.faiss")), place)
    with Library(folder, settings=settings(folder)) as library:
        with pytest.raises(StorageError, match="does not match its checksum"):
            library.search(**DENSE)  # type: ignore[arg-type]
        assert "was made anew" in "; ".join(library.repair())
        assert library.search(**DENSE) == before  # type: ignore[arg-type]


def test_documents_of_an_earlier_version_are_taken_as_they_are(folder: Path) -> None:
    change(folder, "UPDATE documents SET checked = ''")
    assert findings(folder, "stored text") == ""


def flip(file: Path, place: int, bit: int = 0) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 1 << bit
    file.write_bytes(data)


def flips(folder: Path, times: int) -> Iterator[tuple[Path, int, int]]:
    draw = random.Random(0)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    for file in files:
        for _ in range(times if file.name == "library.db" else 5):
            yield file, draw.randrange(file.stat().st_size), draw.randrange(8)


def answered(folder: Path) -> list[object]:
    with Library(folder, settings=settings(folder)) as library:
        answer = library.ask(QUESTION)
        citations = [(each.quote, each.place, each.verified) for each in answer.citations]
        found = [library.search("pump pressure", 5, name) for name in SEARCHES]
        found += [library.graph.verb(verb, "check") for verb in ("callers", "definition")]
        rows = library.graph.query("MATCH (f:FUNCTION)-[:CALLS]->(g) RETURN f.name, g.name").rows
    return [answer.text, citations, found, rows]


@pytest.mark.slow
def test_one_flipped_bit_anywhere_is_told_or_without_effect(folder: Path, tmp_path: Path) -> None:
    copy, right, silent = tmp_path / "copy", answered(folder), []
    for file, place, bit in flips(folder, 150):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        flip(copy / file.relative_to(folder), place, bit)
        try:
            if answered(copy) == right:
                continue
        except EvidentiaError:
            continue
        if all(found.ok for found in examine(settings(copy)) if found.needed):
            silent.append((file.name, place, bit))
    assert not silent


def test_one_thread_compares_the_texts_and_the_others_do_not_wait(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a status that is asked for while another one reads every text again."""
    begun, done = threading.Event(), threading.Event()

    def slow(_: object) -> list[str]:
        begun.set()
        assert done.wait(60)
        return ["later"]

    with Library(folder, settings=settings(folder)) as library:
        assert library.status()["damaged"] == []
        monkeypatch.setattr(library_module, "_RECHECK", -1)
        monkeypatch.setattr(soundness, "damaged_documents", slow)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(library.status)
            assert begun.wait(60)
            assert library.status()["damaged"] == []
            done.set()
            assert first.result()["damaged"] == ["later"]
