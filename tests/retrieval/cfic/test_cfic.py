"""Chunking-free evidence in a library: whole sentences, verbatim, with their places, whatever the model scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia import Library, Settings
from evidentia.corpus import catalog
from evidentia.corpus.document import Document, Evidence
from evidentia.corpus.spans import sentences
from evidentia.errors import ModelError
from evidentia.retrieval.cfic.decoding import Prefix
from evidentia.retrieval.cfic.retriever import STARTS, QuotedSentences, merge_quotes
from evidentia.retrieval.cfic.windows import Window
from evidentia.serving.base import LanguageModel
from evidentia.serving.models.scripted import ByteModel, ScriptedModel

PENGUINS = (
    "Emperor penguins live in Antarctica. The oldest emperor penguin on record was 40 years old. They do not fly.\n\n"
    "Penguins eat fish. Their feathers keep them warm, even in winter. Gulls eat the fish that penguins leave."
)
CANALS = "The Suez Canal was opened in 1869. It joins two seas. Ships pay a toll."
QUESTION = "How old was the oldest emperor penguin?"


def assert_verbatim(library: Library, found: list[Evidence]) -> None:
    for hit in found:
        assert hit.span is not None
        assert hit.quote == catalog.stored_text(library.store, hit.span)
        assert hit.quote == hit.quote.strip() != ""
        text = library.document(hit.span.document).text
        assert hit.span.line == text.count("\n", 0, hit.span.start) + 1


def test_quotes_are_whole_sentences_of_the_documents(open_library: Any):
    library = open_library({"penguins.txt": PENGUINS, "canals.txt": CANALS})
    found = library.search(QUESTION, 10, "cfic")
    assert 1 <= len(found) <= STARTS
    assert_verbatim(library, found)
    for hit in found:
        text = library.document(hit.span.document).text
        spans = sentences(text, 0, len(text))
        assert hit.span.start in {start for start, _ in spans}
        assert hit.span.end in {end for _, end in spans}
        assert hit.retriever == "cfic"
        assert "begins with it" in hit.why
        assert Path(hit.span.document).name in hit.name


def test_a_quote_carries_the_heading_of_the_passage_where_it_stands(open_library: Any):
    text = "\n\n".join(f"# Part {part}\n\n" + f"Gull {part} eats fish. " * 30 for part in range(3))
    library = open_library({"gulls.md": text})
    for hit in library.search("Which gull eats fish?", 3, "cfic"):
        passage = next(catalog.evidence(library.store, [(hit.key, 0)], "", ""))
        assert passage.span.start <= hit.span.start < passage.span.end
        assert hit.heading == passage.heading != ""


def test_the_same_question_gets_the_same_quotes_from_kept_sessions(open_library: Any):
    texts = {"penguins.txt": PENGUINS, "canals.txt": CANALS}
    first = open_library(texts).search(QUESTION, 3, "cfic")
    assert open_library().search(QUESTION, 3, "cfic") == first


def test_no_more_is_returned_than_was_asked_for(open_library: Any):
    library = open_library({"penguins.txt": PENGUINS, "canals.txt": CANALS})
    assert len(library.search(QUESTION, 1, "cfic")) == 1


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n.!? "), min_size=1, max_size=120),
        min_size=1,
        max_size=3,
    ),
    st.text("abc é\u0301.?", min_size=1, max_size=20).filter(str.strip),
)
def test_every_quote_equals_the_stored_text(tmp_path_factory: Any, texts: list[str], question: str):
    folder = tmp_path_factory.mktemp("any")
    (folder / "source").mkdir()
    for number, text in enumerate(texts):
        (folder / "source" / f"{number}.txt").write_text(f"{text}\n{question}", encoding="utf-8", newline="")
    with Library(folder / "library", settings=Settings(embedder="hash"), model=ByteModel()) as library:
        library.add(folder / "source")
        assert_verbatim(library, library.search(question, 3, "cfic"))


def test_an_empty_library_has_no_evidence(open_library: Any):
    assert open_library().search("Who?", 3, "cfic") == []


@pytest.mark.parametrize("text", ["a", "Yes.", "é", "日本語。"])
def test_a_document_of_one_token_is_quoted_whole(open_library: Any, text: str):
    library = open_library({"one.txt": text})
    assert [hit.quote for hit in library.search(text, 3, "cfic")] == [text]


def test_repeated_sentences_are_one(open_library: Any):
    library = open_library({"gulls.txt": "Gulls eat fish. " * 40})
    found = library.search("Who eats fish?", 3, "cfic")
    assert len(found) == 1
    assert_verbatim(library, found)


@pytest.mark.slow
def test_a_paragraph_of_five_megabytes_is_read_in_windows(open_library: Any):
    text = (
        "Nothing is said here of tolls. " * 1000
        + "The toll of Suez is high. "
        + "Nothing at all is said here. " * 170_000
    )
    library = open_library({"long.txt": text[:5_000_000]}, max_file_bytes=20_000_000)
    found = library.search("How high is the toll of Suez?", 3, "cfic")
    assert found
    assert_verbatim(library, found)
    assert all(len(hit.quote) < 5000 for hit in found)


def test_text_without_a_full_stop_or_a_space_is_cut_and_still_verbatim(open_library: Any):
    library = open_library({"dna.txt": "toll " + "acgt" * 5000})
    found = library.search("toll", 3, "cfic")
    assert found
    assert_verbatim(library, found)


def unable() -> LanguageModel:
    raise ModelError("the model is not on this machine", fix="run: evidentia model get")


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (ScriptedModel([]), "does not show its scores"),
        (ByteModel(context=300), "too few for a document"),
        (None, "not on this machine"),
    ],
)
def test_without_a_model_the_reader_chooses_and_why_says_so(
    open_library: Any, model: LanguageModel | None, reason: str, monkeypatch: pytest.MonkeyPatch
):
    library = open_library({"penguins.txt": PENGUINS}, model)
    if model is None:
        monkeypatch.setattr(library, "model", unable)
    found = library.search(QUESTION, 3, "cfic")
    assert found[0].quote == "The oldest emperor penguin on record was 40 years old."
    assert "by the embedded reader" in found[0].why
    assert reason in found[0].why
    assert_verbatim(library, found)


def test_ask_shows_it_alone(open_library: Any):
    library = open_library({"penguins.txt": PENGUINS, "canals.txt": CANALS})
    answer = library.ask(QUESTION, retriever="cfic")
    assert [step.name for step in answer.trace][:2] == ["route", "cfic"]


def quoted(window: Window, first: int, last: int, score: float) -> QuotedSentences:
    return QuotedSentences(window, first, last, score, Prefix(first, score, 1), "bytes")


def test_quotes_that_overlap_are_merged_and_others_are_not():
    one, other = (
        Window(Document(uri, uri, "", "", ""), tuple((at, at + 1) for at in range(9)), 1.0) for uri in ("/a", "/b")
    )
    spans = merge_quotes([quoted(one, 2, 3, -1), quoted(one, 5, 6, -2), quoted(other, 2, 3, -3), quoted(one, 3, 4, -4)])
    assert [(quote.window.document.uri, quote.first, quote.last, quote.score) for quote in spans] == [
        ("/a", 2, 4, -1),
        ("/a", 5, 6, -2),
        ("/b", 2, 3, -3),
    ]
    bridged = merge_quotes([quoted(one, 0, 1, -1), quoted(one, 3, 4, -2), quoted(one, 1, 3, -3)])
    assert [(quote.first, quote.last, quote.score) for quote in bridged] == [(0, 4, -1)]
