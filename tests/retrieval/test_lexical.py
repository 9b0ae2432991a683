from __future__ import annotations

from pathlib import Path

import pytest

from evidentia.corpus import catalog
from evidentia.corpus.document import Document, Passage
from evidentia.corpus.store import Store
from evidentia.retrieval.lexical import LexicalRetriever


@pytest.fixture
def retriever(store: Store) -> LexicalRetriever:
    texts = ("class GraphStore loads nodes", "penguins swim and penguins dive", "a falcon dives once")
    with store.transaction():
        source = catalog.source_id(store, Path("/docs"))
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
