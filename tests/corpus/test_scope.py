"""A question is asked of the folders, files or patterns that it names, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evidentia import Library
from evidentia.corpus.scope import named_scopes
from evidentia.errors import NotFoundError

QUESTION = "How many passengers does the ferry Alba carry?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    root = tmp_path_factory.mktemp("scope")
    for folder, number in (("old", 190), ("new", 340)):
        (root / "docs" / folder).mkdir(parents=True)
        text = f"# Ferries\nThe ferry Alba carries {number} passengers and a crew of nine.\n"
        (root / "docs" / folder / "ferries.md").write_text(text, encoding="utf-8")
    with Library(root / "library") as opened:
        opened.add(root / "docs")
        yield opened


@pytest.mark.parametrize("where", ["docs/old", "old", "docs/old/ferries.md", "*old/*", ["docs/old"]])
def test_only_what_is_named_is_searched(library: Library, where: str | list[str]) -> None:
    answer = library.ask(QUESTION, where=where)
    assert {citation.evidence.name for citation in answer.citations} == {"docs/old/ferries.md"}
    assert "190" in answer.text
    assert "340" not in answer.text


@pytest.mark.parametrize("retriever", ["fused", "dense", "lexical", "reader", "ngram", "multihop", "structure"])
def test_every_search_keeps_to_it(library: Library, retriever: str) -> None:
    found = library.search(QUESTION, 5, retriever, where="new")
    assert {hit.name for hit in found} == {"docs/new/ferries.md"}


def test_the_question_may_name_it_and_the_answer_says_it(library: Library) -> None:
    answer = library.ask(f"{QUESTION[:-1]} in:docs/new?")
    assert "340" in answer.text
    assert answer.text.endswith("Searched only in docs/new (1 of 2 documents).")
    assert ("scope", "in docs/new (1 of 2 documents)") in [(step.name, step.detail) for step in answer.trace]


def test_a_place_where_nothing_lies_is_an_error(library: Library) -> None:
    with pytest.raises(NotFoundError, match="no document lies there"):
        library.ask(QUESTION, where="docs/older")


def test_a_scope_leaves_no_trace_behind(library: Library) -> None:
    library.ask(QUESTION, where="old")
    assert {hit.name for hit in library.search(QUESTION, 5)} == {"docs/old/ferries.md", "docs/new/ferries.md"}


@pytest.mark.parametrize(
    ("question", "bare", "named"),
    [
        ("What is it in:docs?", "What is it?", ("docs",)),
        ('in:"my files/a" What is it?', "What is it?", ("my files/a",)),
        ("What is built-in: a list?", "What is built-in: a list?", ()),
        ("What is it in: the docs?", "What is it in: the docs?", ()),
    ],
)
def test_how_a_question_names_it(question: str, bare: str, named: tuple[str, ...]) -> None:
    assert named_scopes(question) == (bare, named)
