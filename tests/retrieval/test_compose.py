"""Retrievers put together: what an expression means, and what is said about one that means nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia import Library, Settings
from evidentia.corpus.document import Evidence
from evidentia.errors import InputError
from evidentia.retrieval import compose
from evidentia.retrieval.base import Retriever
from evidentia.retrieval.compose import Expression, dense, fused, lexical, parse, reader, seal
from evidentia.retrieval.embedders import EMBEDDERS
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.registry import OVER, READ_BY_MODEL, RETRIEVERS, SPARSE

QUESTION = "Where does the Danube rise?"
TEXTS = ("Penguins swim in cold water.", "The Danube rises in the Black Forest.", "Where bread rises, it is warm.")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("compose")
    (folder / "docs").mkdir()
    for number, text in enumerate(TEXTS):
        (folder / "docs" / f"{number}.txt").write_text(text)
    with Library(folder / "library", embedder=HashEmbedder()) as opened:
        opened.add(folder / "docs")
        yield opened


def _keys(hits: Sequence[Evidence]) -> list[int]:
    return [hit.key for hit in hits]


class Backwards:
    name = "backwards"

    def __init__(self, library: Library) -> None:
        self._library = library

    def search(self, question: str, k: int) -> list[Evidence]:
        return self._library.search(question, k)[::-1]


def test_every_retriever_of_the_registry_carries_its_name_and_is_a_value() -> None:
    for name in RETRIEVERS:
        assert RETRIEVERS.load(name).name == name
        assert getattr(compose, name) == compose.NamedRetriever(name)
    assert {*OVER, *SPARSE, *READ_BY_MODEL} <= set(RETRIEVERS)


def test_every_embedder_of_the_registry_opens() -> None:
    assert all(hasattr(EMBEDDERS.load(name), "from_settings") for name in EMBEDDERS)


@pytest.mark.parametrize("name", sorted(set(OVER)))
def test_what_starts_from_another_takes_it_as_an_argument(library: Library, name: str) -> None:
    retriever = RETRIEVERS.load(name)(library.store, library.embedder, library.model, first=Backwards(library))
    assert retriever.name == name


def test_lexical_and_dense_put_together_are_fused_search(library: Library) -> None:
    whole = library.search(QUESTION, 3, "fused")
    assert library.search(QUESTION, 3, "lexical + dense") == whole
    assert library.search(QUESTION, 3, dense + lexical) == whole


def test_fused_search_read_is_the_reader(library: Library) -> None:
    assert library.search(QUESTION, 3, fused >> reader) == library.search(QUESTION, 3, "reader")
    assert "reader: " in library.search(QUESTION, 3, "dense >> reader")[0].why


def test_a_cut_takes_so_many_of_its_hits(library: Library) -> None:
    assert _keys(library.search(QUESTION, 3, "dense % 1")) == _keys(library.search(QUESTION, 1, "dense"))
    found = library.search(QUESTION, 3, lexical % 1 + dense)
    assert sum("lexical" in hit.retriever for hit in found) == 1


def test_others_are_fused_by_rank_and_every_hit_names_who_found_it(library: Library) -> None:
    best = library.search(QUESTION, 3, "lexical + dense + ngram")[0]
    assert set(best.retriever.split("+")) == {"lexical", "dense", "ngram"}


def test_a_retriever_of_ones_own_stands_wherever_a_name_does(library: Library) -> None:
    own = Backwards(library)
    backwards = _keys(own.search(QUESTION, 3))
    assert _keys(library.search(QUESTION, 3, own)) == backwards
    assert _keys(library.retriever(own).search(QUESTION, 3)) == backwards
    assert set(_keys(library.search(QUESTION, 3, own + lexical))) == set(backwards)
    assert set(_keys(library.search(QUESTION, 3, lexical + own))) == set(backwards)


def test_a_function_of_the_question_and_the_hits_may_rank(library: Library) -> None:
    def by_length(question: str, hits: Sequence[Evidence]) -> list[Evidence]:
        return sorted(hits, key=lambda hit: len(hit.quote))

    found = library.search(QUESTION, 3, fused >> by_length)
    assert [len(hit.quote) for hit in found] == sorted(map(len, TEXTS))
    assert str(fused >> by_length) == "fused >> by_length"


def test_the_settings_name_what_search_uses(library: Library, tmp_path: Path) -> None:
    cut = Settings(library=library.store.folder, retriever="lexical % 1")
    with Library(settings=cut, embedder=HashEmbedder()) as other:
        assert len(other.search(QUESTION, 3)) == 1


def test_a_question_may_be_asked_of_an_expression(library: Library) -> None:
    answer = library.ask(QUESTION, retriever="lexical + ngram >> reader")
    assert answer.citations[0].quote == TEXTS[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lexcal + dense", "no retriever has this name: lexcal. Did you mean lexical"),
        ("", "the name of a retriever is missing at the end"),
        ("lexical +", "the name of a retriever is missing at the end"),
        ("+ dense", "is missing before +"),
        ("lexical dense", "dense stands where"),
        ("(lexical + dense", "a bracket is not closed"),
        ("lexical)", ") stands where"),
        ("dense % many", "a number is missing behind %, where many stands"),
        ("dense % 0", "behind % stands a number from 1 to 10,000"),
        ("fused >> dense", "it does not rank what another retriever found: dense"),
        ("fused >> (reader + cfic)", "it does not rank what another retriever found: reader + cfic"),
        ("lexical; import os", "; stands where"),
        (" + ".join(["lexical"] * 9), "it names more than 8 retrievers"),
        ("(" * 201, "201 characters, more than 200"),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert said.casefold() in str(caught.value).casefold()


def test_what_is_no_retriever_is_named() -> None:
    with pytest.raises(InputError, match="a retriever has a name and a method search"):
        fused + 3  # type: ignore[operator]
    with pytest.raises(InputError, match="from 1 to"):
        seal % "20"  # type: ignore[operator]


def _expressions() -> st.SearchStrategy[Expression]:
    names = st.sampled_from([compose.NamedRetriever(name) for name in RETRIEVERS])
    over = st.sampled_from([compose.NamedRetriever(name) for name in OVER])

    def more(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        return st.one_of(
            st.builds(lambda one, other: one + other, inner, inner),
            st.builds(lambda one, other: one >> other, inner, over),
            st.builds(lambda one, most: one % most, inner, st.integers(1, 99)),
        )

    return st.recursive(names, more, max_leaves=5)


@given(_expressions())
def test_an_expression_is_read_as_it_is_written(expression: Expression) -> None:
    if len(list(expression.names())) <= compose.MOST and len(str(expression)) <= compose.LONGEST:
        assert parse(str(expression)) == expression


def test_a_retriever_of_the_registry_is_one_by_type(library: Library) -> None:
    opened: Retriever = library.retriever("lexical + dense >> reader")
    assert opened.name == "reader"
