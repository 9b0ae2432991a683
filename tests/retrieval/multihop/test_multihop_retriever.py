from __future__ import annotations

import pytest

from evidentia import Library
from evidentia.retrieval.embedders.hash import HashEmbedder

PAGES = {
    "The Blue Gate": "The Blue Gate is a film of 1931 directed by Edda Norlind and starring Otto Brandvik.",
    "Edda Norlind": "Edda Norlind came to the world in Tromsø, the child of a fisherman.",
    "Otto Brandvik": "Otto Brandvik sang on stages in Bergen.",
    "Film directors": "Where was the director of that film born? Many a film director was born in a town.",
    "Births": "Where a director of a film was born is asked in many a question about a film.",
    "Cinema": "The film was first shown where its director was born.",
}
QUESTION = "Where was the director of the film The Blue Gate born?"


@pytest.fixture
def library(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    with Library(tmp_path / "library", embedder=HashEmbedder()) as opened:
        yield opened


def _add(library, tmp_path, pages):
    for number, (title, text) in enumerate(pages.items()):
        (tmp_path / "pages" / f"{number}.md").write_text(f"# {title}\n\n{text}\n")
    library.add(tmp_path / "pages")
    return library


def _found(library, question, k, retriever="multihop"):
    return [hit.heading for hit in library.search(question, k, retriever)]


def test_the_second_hop_is_found_by_multihop_alone(library, tmp_path):
    _add(library, tmp_path, PAGES)
    assert _found(library, QUESTION, 2) == ["The Blue Gate", "Edda Norlind"]
    for other in ("dense", "lexical", "fused"):
        assert "Edda Norlind" not in _found(library, QUESTION, 3, other)


def test_the_reason_names_the_step_that_led_there(library, tmp_path):
    first, second = _add(library, tmp_path, PAGES).search(QUESTION, 2, "multihop")
    assert first.why == "named in the question: the blue gate"
    assert second.why == "The Blue Gate speaks of edda norlind"


def test_a_question_without_capitals_finds_the_same(library, tmp_path):
    _add(library, tmp_path, PAGES)
    assert _found(library, QUESTION.lower(), 2) == _found(library, QUESTION, 2)


def test_a_question_that_names_nothing_starts_from_dense_search(library, tmp_path):
    _add(library, tmp_path, PAGES)
    assert _found(library, "Who sang on stages?", 1) == _found(library, "Who sang on stages?", 1, "dense")


def test_an_empty_library_has_nothing(library):
    assert _found(library, QUESTION, 5) == []


def test_one_document_without_any_name_is_found(library, tmp_path):
    (tmp_path / "pages" / "a.txt").write_text("nothing here has a name\n")
    library.add(tmp_path / "pages")
    assert len(library.search("what has a name here", 5, "multihop")) == 1


def test_what_is_added_and_removed_later_is_seen(library, tmp_path):
    _add(library, tmp_path, {title: PAGES[title] for title in ("The Blue Gate", "Cinema")})
    assert "Edda Norlind" not in _found(library, QUESTION, 5)
    _add(library, tmp_path, PAGES)
    assert "Edda Norlind" in _found(library, QUESTION, 2)
    (tmp_path / "pages" / "1.md").unlink()
    library.add(tmp_path / "pages")
    assert "Edda Norlind" not in _found(library, QUESTION, 20)


def test_every_hit_is_what_the_document_holds(library, tmp_path):
    for hit in _add(library, tmp_path, PAGES).search(QUESTION, 10, "multihop"):
        assert library.document(hit.span.document).text[hit.span.start : hit.span.end] == hit.quote
