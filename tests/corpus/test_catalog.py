from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidentia.corpus import catalog, schema, sources, texts
from evidentia.corpus.document import Document, Mark, Passage
from evidentia.corpus.store import Store
from evidentia.retrieval.lexical import LexicalRetriever


def _document(text: str, uri: str = "/docs/a.txt", marks: tuple[Mark, ...] = ()) -> Document:
    return Document(uri, uri[1:], text, "text/plain", "digest", marks=marks)


def _put(store: Store, document: Document, *passages: Passage, replaces: int = 0) -> list[int]:
    from pathlib import Path

    with store.transaction():
        source = sources.source_id(store, Path("/docs"))
        return catalog.put_document(store, source, document, len(document.text), 1, passages, replaces)


def test_a_document_comes_back_as_it_went_in(store: Store):
    document = _document("one\ntwo", marks=(Mark(0, page=1), Mark(4, page=2)))
    _put(store, document, Passage(0, 7, "section"))
    assert catalog.load_document(store, document.uri) == document


def test_evidence_points_at_lines_and_pages(store: Store):
    document = _document("one\ntwo\nthree", marks=(Mark(0, page=1), Mark(4, page=2)))
    keys = _put(store, document, Passage(4, 13, "section", "Head"))
    (found,) = catalog.evidence(store, [(keys[0], 1.0)], "dense", "why")
    assert found.span is not None
    assert (found.quote, found.span.line, found.span.end_line, found.span.page, found.heading) == (
        "two\nthree",
        2,
        3,
        2,
        "Head",
    )


def test_replacing_a_document_forgets_its_old_words(store: Store):
    _put(store, _document("penguins swim"), Passage(0, 13, "section"))
    (known,) = sources.known_files(store, __import__("pathlib").Path("/docs")).values()
    _put(store, _document("falcons fly"), Passage(0, 11, "section"), replaces=known.id)
    retriever = LexicalRetriever(store)
    assert [hit.quote for hit in retriever.search("falcons", 5)] == ["falcons fly"]
    assert retriever.search("penguins", 5) == []


def test_a_removed_document_leaves_nothing(store: Store):
    _put(store, _document("penguins swim"), Passage(0, 13, "section"))
    with store.transaction():
        catalog.remove_documents(store, [1])
    assert {table: count for table, count in catalog.overview(store)["counts"].items() if table != "sources"} == {
        "documents": 0,
        "passages": 0,
        "unembedded": 0,
        "vectors": 0,
        "skipped": 0,
    }
    assert LexicalRetriever(store).search("penguins", 5) == []


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.data())
def test_a_quote_is_the_stored_text_at_its_offsets(store: Store, text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    with store.transaction():
        catalog.remove_documents(
            store, [row[0] for row in store.connection.execute("SELECT id FROM documents").fetchall()]
        )
    keys = _put(store, _document(text), Passage(start, end, "section"))
    (found,) = catalog.evidence(store, [(keys[0], 1.0)], "dense", "")
    assert found.span is not None
    assert found.quote == text[start:end] == catalog.stored_text(store, found.span)


def test_an_index_of_words_that_were_cut_otherwise_is_made_anew(store: Store):
    _put(store, _document("the lighthouse burns"), Passage(0, 20, "section"))
    with store.transaction() as connection:
        connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
        store.set("words", "1")
    assert LexicalRetriever(store).search("lighthouse", 1) == []
    schema.open_catalog(store)
    assert [hit.quote for hit in LexicalRetriever(store).search("lighthouse", 1)] == ["the lighthouse burns"]


def test_texts_are_asked_for_by_document(store: Store):
    keys = [_put(store, _document(text, f"/docs/{text}.txt"), Passage(0, 1, "section")) for text in ("one", "two")]
    one, two = texts.names(store.connection)
    assert texts.documents_holding(store.connection, [two, one], "o") == [two, one]
    assert texts.documents_holding(store.connection, [two, one], "ne") == [one]
    assert texts.first_passages(store.connection) == {one: keys[0][0], two: keys[1][0]}
    assert texts.named_text(store.connection, two) == (two, "docs/two.txt", "two")
    assert texts.named_text(store.connection, one + two + 1) is None
