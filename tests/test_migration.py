"""A library on disk outlives the code that wrote it. ``library_0_1.zip`` was written by version 0.1.0, before derived
files had one life cycle: three short documents, searched once by every retriever that keeps an index."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library

WRITTEN = Path(__file__).with_name("library_0_1.zip")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    zipfile.ZipFile(WRITTEN).extractall(tmp_path / "library")
    with Library(tmp_path / "library") as opened:
        yield opened


def test_it_answers_from_its_text_its_words_and_its_code(library: Library) -> None:
    assert "40 litres per minute" in library.ask("How many litres per minute does the Halden pump deliver?").text
    assert "litres" in library.ask("who calls rate").text
    answer = library.ask("Who is the engineer of the plant in Narvik?")
    assert answer.text.startswith("Mira Solberg is the engineer of the plant in Narvik.")
    assert [citation.evidence.name for citation in answer.citations] == ["notes/people.txt"]


@pytest.mark.parametrize("name", ["dense", "lexical", "ngram", "fused", "reader", "multihop", "structure"])
def test_every_retriever_finds_something_in_it(library: Library, name: str) -> None:
    assert library.search("Who looks after the Halden pump?", 3, name)


def test_derived_files_are_read_and_not_made_anew_but_for_those_of_an_older_form(library: Library) -> None:
    before = written_at(library)
    for name in ("dense", "ngram", "multihop", "structure"):
        library.search("Who looks after the Halden pump?", 3, name)
    library.knowledge.communities()
    changed = {name for name, time in written_at(library).items() if before[name] != time}
    assert changed == {f"{name}-2.npz" for name in ("knowledge", "communities", "multihop", "structure")}


def written_at(library: Library) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in library.store.folder.glob("*-2*")}


def test_nothing_in_it_waits_to_be_mended(library: Library) -> None:
    status = library.status()
    assert (status["unfinished"], status["stale"], status["damaged"]) == ([], False, [])
