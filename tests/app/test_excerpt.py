"""The text around a span: it always puts the stored text back together, and its lines are the document's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.app.excerpt import MAX_SIDE, excerpt
from evidentia.corpus.document import Document, Mark
from evidentia.errors import InputError

TEXTS = st.text(alphabet="ab\n é\r\u2028", max_size=60)


def document(text: str, marks: tuple[Mark, ...] = ()) -> Document:
    return Document("/d", "d", text, "text/plain", "0" * 64, marks=marks)


@given(TEXTS, st.integers(0, 60), st.integers(0, 60), st.integers(0, 5))
def test_the_parts_are_a_stretch_of_the_stored_text(text: str, one: int, other: int, lines: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    part = excerpt(document(text), start, end, lines)
    whole = part.before + part.quote + part.after
    begin = start - len(part.before)
    assert text[begin : begin + len(whole)] == whole
    assert part.quote == text[start:end]
    assert part.more_before == (begin > 0)
    assert part.more_after == (begin + len(whole) < len(text))


@given(TEXTS, st.integers(0, 60), st.integers(0, 5))
def test_it_holds_whole_lines_and_knows_the_number_of_the_first(text: str, at: int, lines: int) -> None:
    at = min(at, len(text))
    part = excerpt(document(text), at, at, lines)
    every, line = text.split("\n"), text.count("\n", 0, at)
    shown = every[max(0, line - lines) : line + lines + 1]
    assert (part.before + part.after).split("\n") == shown
    assert part.first_line == max(0, line - lines) + 1


def test_a_line_without_end_is_cut() -> None:
    text = "x" * (5 * MAX_SIDE)
    part = excerpt(document(text), 2 * MAX_SIDE, 2 * MAX_SIDE + 3, 10)
    assert (len(part.before), part.quote, len(part.after)) == (MAX_SIDE, "xxx", MAX_SIDE)
    assert part.more_before
    assert part.more_after


def test_the_page_of_the_quote_is_told() -> None:
    marks = (Mark(0, page=1), Mark(4, page=2))
    assert excerpt(document("one\ntwo", marks), 4, 7, 0).page == 2


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (2, 1), (0, 4)])
def test_a_span_outside_the_text_is_an_input_error(start: int, end: int) -> None:
    with pytest.raises(InputError, match="lies outside the text"):
        excerpt(document("abc"), start, end, 1)
