"""Plain text: paragraphs below their headings, and long ones as runs of whole sentences."""

from __future__ import annotations

from typing import Any

from evidentia.corpus.spans.statements import statements

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


MANUAL = """Chapter 2. Bells

2.1.\u00a0bell_loud

Default: 5

How loud the bell rings.

2.2.\u00a0bell_soft

Default: 2

AGENDA
======

9.15 Welcome of the guests

10.30 Coffee
"""


def test_numbers_and_underlines_tell_the_headings_of_plain_text(cut: Any) -> None:
    found = cut(MANUAL, "text/plain")
    assert [passage.heading for passage, _ in found] == ["Bells > bell_loud", "Bells > bell_soft", "AGENDA"]
    assert "How loud the bell rings." in found[0][1]


def test_a_heading_of_plain_text_governs_what_stands_below_it(cut: Any) -> None:
    text = cut(MANUAL, "text/plain")[0][1]
    told = {text[one.start : one.end]: [text[slice(*place)] for place in one.governors] for one in statements(text)}
    assert told["How loud the bell rings."] == ["Bells", "bell_loud"]


def test_times_of_day_are_no_headings(cut: Any) -> None:
    (passage, text), *_ = [one for one in cut(MANUAL, "text/plain") if "Coffee" in one[1]]
    assert passage.heading == "AGENDA"
    assert [text[one.start : one.end] for one in statements(text) if not one.label][-1] == "10.30 Coffee"
