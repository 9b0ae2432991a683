"""Terms as people type them: in any case and number, and such as are no entity but stand in the texts."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.corpus.phrases.names import text_words
from evidentia.corpus.phrases.terms import c_value, noun_runs
from evidentia.corpus.quotes import quote_holds
from evidentia.errors import NotFoundError
from evidentia.graphs.knowledge.asked_terms import other_numbers
from evidentia.graphs.knowledge.card import card
from evidentia.graphs.knowledge.linking import find_entity, link
from evidentia.graphs.knowledge.paths import paths

MANUAL = (
    "# Storage\n\nZeta keeps a write-ahead log. The write-ahead log is flushed by Omega. "
    "Each default connection pool size is five. A default connection pool size of ten is tried by Omega. "
    "The time to live of a key is set by Zeta. Records expire when time to live ends. "
    "Libraries open batches of boxes. Replication lag grows. Heavy replication needs Omega.\n"
)


@pytest.fixture
def manual(shelf: Any) -> Any:
    shelf.put("manual.md", MANUAL)
    return shelf


@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("connection pools", "connection pool"),
        ("library", "libraries"),
        ("batches", "batch"),
        ("box", "boxes"),
        ("libraries", "library"),
        ("key", "keys"),
    ],
)
def test_one_and_many(form: str, first: str):
    assert next(other_numbers(form)) == first


@pytest.mark.parametrize("name", ["write-ahead log", "Write-Ahead Logs", "write ahead log", "the WRITE-AHEAD LOG"])
def test_a_term_is_linked_in_any_case_and_number(manual: Any, name: str):
    graph = manual.graph.graph()
    known, (entity,) = link(manual.store, graph, name)
    assert known is graph
    assert entity == find_entity(graph, "write-ahead log")
    assert graph.count(entity) == 2


def test_a_term_that_is_no_entity_is_linked_through_the_sentences_that_hold_it(manual: Any):
    graph = manual.graph.graph()
    assert find_entity(graph, "time to live") is None
    grown, (entity,) = link(manual.store, graph, "time to live")
    assert (grown.name(entity), grown.kind(entity), grown.count(entity)) == ("time to live", "term", 2)
    quotes = type(manual.graph.quotes())(manual.store, grown)
    found = card(quotes, entity)
    assert found.relations
    assert grown.link(entity, grown.find("Zeta")).together == 1
    assert all(quote_holds(manual.store, one.evidence) for one in found.relations)
    chain = paths(quotes, entity, grown.find("write-ahead log"))[0]
    assert [grown.name(one) for one in chain.entities] == ["time to live", "Zeta", "write-ahead log"]


def test_the_kept_graph_is_left_as_it_is(manual: Any):
    before = manual.told()
    link(manual.store, manual.graph.graph(), "time to live")
    assert manual.told() == before


def test_two_asked_terms_are_both_in_one_graph(manual: Any):
    grown, (one, other) = link(manual.store, manual.graph.graph(), "time to live", "Omega")
    assert one != other
    assert {grown.name(one), grown.name(other)} == {"time to live", "Omega"}


def test_what_is_always_part_of_one_longer_term_means_that(manual: Any):
    grown, (entity,) = link(manual.store, manual.graph.graph(), "pool size")
    assert grown.name(entity) == "default connection pool size"


@pytest.mark.parametrize("name", ["is flushed by", "of the", "expire when time", "quantum foam", ""])
def test_what_is_no_noun_phrase_or_stands_nowhere_is_not_found(manual: Any, name: str):
    with pytest.raises(NotFoundError):
        link(manual.store, manual.graph.graph(), name)


def test_runs_of_nouns_end_at_verbs_and_small_words():
    text = "the write-ahead log is kept in the data directory"
    words = text_words(text)
    found = [" ".join(word.normal for word in words[first:last]) for first, last in noun_runs(text, words)]
    assert found == ["write ahead log", "data directory"]


def test_c_value_is_nothing_for_what_is_always_nested_in_one_longer_term():
    assert c_value(2, 4, {"soft contact lens": 4}) == 0
    assert c_value(2, 5, {"soft contact lens": 4}) == 2.0
    assert c_value(1, 3, {}) == 3.0
