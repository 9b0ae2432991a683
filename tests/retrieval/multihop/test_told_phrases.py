"""Multi-hop search over what language models extracted: names and pairs that the texts bear, and none besides."""

from __future__ import annotations

import numpy as np
import pytest

from evidentia import Library
from evidentia.corpus.phrases.names import text_words
from evidentia.graphs.knowledge.extracted import DocumentReading, SaidRelation
from evidentia.graphs.knowledge.extraction import ExtractedRelation, Extraction
from evidentia.graphs.knowledge.told_phrases import told_phrase_graph
from evidentia.graphs.phrases.graph import phrase_graph
from evidentia.graphs.phrases.told import ToldNames
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.multihop.retriever import MultihopRetriever
from evidentia.retrieval.multihop.start import WalkWeights

PAGES = {
    "The Blue Gate": "The Blue Gate is a mill of 1931 that grinds winter spelt for the bakers.",
    "Grains": "A field of winter spelt is sown in autumn.",
    "Roads": "Where is the road to the mill, and what is it that the road is made of?",
    "Mills": "What a mill is, where a mill is, and what it is for.",
}
QUESTION = "Where is the road to what The Blue Gate is for?"
TRIPLES = (
    ExtractedRelation("The Blue Gate", "winter spelt", "The Blue Gate grinds winter spelt", ()),
    ExtractedRelation("winter spelt", "autumn", "winter spelt is sown in autumn", ()),
    ExtractedRelation("The Blue Gate", "Nobody Anywhere", "The Blue Gate belongs to Nobody Anywhere", ()),
)


@pytest.fixture
def library(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, (title, text) in enumerate(PAGES.items()):
        (pages / f"{number}.md").write_text(f"# {title}\n\n{text}\n")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as opened:
        opened.add(pages)
        yield opened


def put(library):
    library.knowledge.put_import("triples", Extraction("openie", (), TRIPLES, {}))


def pairs(library):
    graph = told_phrase_graph(library.store)
    rows, columns = graph.told.nonzero()
    return {
        (graph.phrases[one], graph.phrases[other])
        for one, other in zip(rows, columns, strict=True)
        if graph.phrases[one] < graph.phrases[other]
    }


def found(library, **weights):
    retriever = MultihopRetriever(library.store, library.embedder, weights=WalkWeights(**weights))
    return [(hit.key, hit.score, hit.why) for hit in retriever.search(QUESTION, 10)]


def headings(library):
    return [hit.heading for hit in library.search(QUESTION, 9, "multihop")]


def test_a_name_that_no_rule_finds_leads_to_the_second_hop(library):
    assert "Grains" not in headings(library)
    put(library)
    assert "Grains" in headings(library)


def test_the_reason_and_the_trace_tell_that_a_model_joined_the_two(library):
    put(library)
    whys = {hit.heading: hit.why for hit in library.search(QUESTION, 4, "multihop")}
    assert "a model joins the blue gate and winter spelt" in whys["Grains"]
    trace = library.ask(QUESTION, retriever="multihop").trace
    assert any(step.name == "multihop" and "by what a model extracted" in step.detail for step in trace)


def test_without_anything_extracted_nothing_changes(library):
    assert told_phrase_graph(library.store) is phrase_graph(library.store)
    before = found(library)
    assert before == found(library, told=False)
    put(library)
    assert found(library, told=False) == before != found(library)


def test_an_import_that_is_taken_back_leaves_what_there_was_before(library):
    before = found(library)
    put(library)
    library.knowledge.remove_import("triples")
    assert found(library) == before


def test_names_and_pairs_go_with_the_text_that_bears_them(library, tmp_path):
    put(library)
    assert len(pairs(library)) == 2
    (tmp_path / "pages" / "1.md").unlink()
    library.add(tmp_path / "pages")
    assert pairs(library) == {("the blue gate", "winter spelt")} or pairs(library) == {
        ("winter spelt", "the blue gate")
    }
    assert "autumn" not in told_phrase_graph(library.store).phrases


def test_what_no_text_says_is_no_phrase(library):
    put(library)
    assert "nobody anywhere" not in told_phrase_graph(library.store).phrases


def test_what_the_own_model_extracted_takes_part_and_goes_with_its_document(library, tmp_path):
    uri = next(one["uri"] for one in library.documents() if one["name"].endswith("0.md"))
    document, passage = library.store.connection.execute(
        "SELECT d.id, min(p.id) FROM documents d JOIN passages p ON p.document_id = d.id WHERE d.uri = ?", (uri,)
    ).fetchone()
    said = SaidRelation("The Blue Gate", "winter spelt", "grinds", "", 0, 50)
    with library.store.writing():
        library.knowledge.put_reading(document, passage, "m", DocumentReading((), (said,), 1, 1, 1, 0.1, 0))
    assert len(pairs(library)) == 1
    (tmp_path / "pages" / "0.md").write_text("# The Blue Gate\n\nThe Blue Gate is closed.\n")
    library.add(tmp_path / "pages")
    assert not pairs(library)


def test_a_graph_read_from_its_file_is_the_one_that_was_made(library, tmp_path):
    put(library)
    made = told_phrase_graph(library.store)
    library.close()
    with Library(tmp_path / "library", embedder=HashEmbedder()) as again:
        read = told_phrase_graph(again.store)
    assert read.phrases == made.phrases
    assert np.array_equal(read.told.todense(), made.told.todense())


def test_pairs_are_read_in_either_order_and_once():
    told = ToldNames(("red barn", "hay"), (("red barn", "hay"), ("hay", "red barn"), ("hay", "straw")))
    names = told.found_in(text_words("the Red Barn holds hay, and more HAY"))
    assert names == ["red barn", "hay"]
    assert list(told.pairs_among(names)) == [("hay", "red barn")]
