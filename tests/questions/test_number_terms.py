"""Terms that are numbers or ranges of numbers."""

from __future__ import annotations

import pytest

from evidentia.questions.number_terms import is_number_term, numbers_of_term


@pytest.mark.parametrize(
    ("question", "term", "numbers"),
    [
        ("what is port 8443", "8443:", ("8443",)),
        ("what are gates 30-49 for", "30-49", ("30-49",)),
        ("what is gate 35", "**30–49**", ("35",)),
        ("what is gate 50", "30-49", ()),
        ("what are gates 31-40 for", "30-49", ()),
        ("what is gate 35", "Gates 30-49 and others", ()),
        ("what is COVID-19", "19", ()),
    ],
)
def test_a_term_is_or_holds_a_number_of_the_question(question, term, numbers) -> None:
    assert numbers_of_term(question, term) == numbers


def test_a_term_with_words_is_none() -> None:
    assert is_number_term("## 404:")
    assert not is_number_term("error 404")
