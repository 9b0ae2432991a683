from __future__ import annotations

from pathlib import Path

import pytest

from evidentia.corpus import catalog, sources
from evidentia.corpus.document import Document, Passage
from evidentia.corpus.store import Store
from evidentia.retrieval.lexical import LexicalRetriever


@pytest.fixture
def retriever(store: Store) -> LexicalRetriever:
    texts = ("class GraphStore loads nodes", "penguins swim and penguins dive", "a falcon dives once")
    with store.transaction():
        source = sources.source_id(store, Path("/docs"))
        for text in texts:
            document = Document(f"/docs/{text}", text, text, "text/plain", text)
            catalog.put_document(store, source, document, 1, 1, [Passage(0, len(text), "section")])
    return LexicalRetriever(store)


def test_rarer_and_more_frequent_words_count_more(retriever: LexicalRetriever):
    assert [hit.quote for hit in retriever.search("penguins dive", 2)] == [
        "penguins swim and penguins dive",
        "a falcon dives once",
    ]


def test_a_part_of_an_identifier_finds_it(retriever: LexicalRetriever):
    assert retriever.search("which graph is loaded?", 1)[0].quote == "class GraphStore loads nodes"


@pytest.mark.parametrize(
    "question", ["", "?!", '"', "AND OR NOT", "NEAR(a b)", "heading: *", "'; DROP TABLE words; --"]
)
def test_no_question_is_read_as_a_query_language(retriever: LexicalRetriever, question: str):
    assert isinstance(retriever.search(question, 5), list)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("灯塔是哪一年建成的？", "这座灯塔建于一八九三年。"),
        (
            "Wie hoch ist die Grenze der Kapazität?",
            "Die Kapazitätsgrenze liegt bei 80 Gästen, und die Räume sind klein.",
        ),
        ("Was kosten die Räume?", "Die Kapazitätsgrenze liegt bei 80 Gästen, und die Räume sind klein."),
    ],
)
def test_words_of_other_languages_are_found_in_their_own_way(store: Store, question: str, found: str):
    with store.transaction():
        source = sources.source_id(store, Path("/docs"))
        for text in (
            "这个港口很大。",
            "这座灯塔建于一八九三年。",
            "Die Kapazitätsgrenze liegt bei 80 Gästen, und die Räume sind klein.",
            "Der Hafen ist groß, und es ist kalt.",
        ):
            document = Document(f"/docs/{text}", text, text, "text/plain", text)
            catalog.put_document(store, source, document, 1, 1, [Passage(0, len(text), "section")])
    assert LexicalRetriever(store).search(question, 1)[0].quote == found
