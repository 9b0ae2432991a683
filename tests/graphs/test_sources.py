"""Every graph source opens by its name and tells of nodes and edges; every graph store and language does, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.errors import NotFoundError
from evidentia.graphs.code.languages import LANGUAGES, language_of
from evidentia.graphs.sources import SOURCES, open_sources, versions
from evidentia.graphs.stores import STORES, open_store


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_carries_its_name_and_says_which_version_it_is(name: str, tmp_path: Path) -> None:
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        source = SOURCES.load(name)(library.store)
        assert source.name == name
        assert source.version
        assert list(source.nodes()) == list(source.edges()) == []


def test_every_source_has_a_version(tmp_path: Path) -> None:
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        sources = open_sources(library.store)
        assert [source.name for source in sources] == list(SOURCES)
        assert versions(sources) == {source.name: source.version for source in sources}


@pytest.mark.parametrize("name", STORES)
def test_a_store_carries_its_name(name: str) -> None:
    assert STORES.load(name).name == name


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_language_carries_its_name(name: str) -> None:
    assert LANGUAGES.load(name).name == name


def test_a_file_is_of_the_language_that_its_suffix_says() -> None:
    assert [language_of(path).name for path in ("a.py", "run", "a.TSX", "a.hpp", "a.c")] == [
        "Python",
        "Python",
        "TypeScript",
        "C++",
        "C",
    ]


def test_an_unknown_store_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="no graph store has this name: neo5j"):
        open_store("neo5j")
