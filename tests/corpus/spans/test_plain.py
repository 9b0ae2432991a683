"""Plain text: paragraphs, and long ones as runs of whole sentences."""

from __future__ import annotations

from typing import Any

SENTENCE = "The quick brown fox jumps over the lazy dog near the river."


def test_a_document_of_one_paragraph_is_one_passage(cut: Any) -> None:
    paragraph = " ".join([SENTENCE] * 20)
    assert [text for _, text in cut(paragraph, "text/plain")] == [paragraph]


def test_paragraphs_that_fill_a_passage_are_not_joined(cut: Any) -> None:
    paragraph = " ".join([SENTENCE] * 12)
    assert [text for _, text in cut("\n\n".join([paragraph] * 3), "text/plain")] == [paragraph] * 3


def test_a_long_paragraph_becomes_runs_of_whole_sentences_of_about_equal_length(cut: Any) -> None:
    found = [text for _, text in cut(" ".join([SENTENCE] * 60), "text/plain")]
    assert len(found) > 2
    assert {text[:3] for text in found} == {"The"}
    assert {text[-6:] for text in found} == {"river."}
    assert max(map(len, found)) < 1.6 * min(map(len, found))
