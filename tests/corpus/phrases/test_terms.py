from __future__ import annotations

import pytest

from evidentia.corpus.phrases.abbreviations import definitions
from evidentia.corpus.phrases.names import Titles, mentions, text_words
from evidentia.corpus.phrases.terms import terms


def _terms(text: str) -> dict[str, bool]:
    words = text_words(text)
    taken = {at for one in mentions(text, words, Titles({})) for at in range(one.first, one.last)}
    return {found.phrase: sure for found, sure in terms(text, words, taken)}


def test_a_run_behind_a_determiner_is_surely_a_noun_phrase():
    assert _terms("the undertaker and the chief mourner") == {"undertaker": True, "chief mourner": True}


def test_a_run_that_nothing_introduces_is_in_doubt():
    assert _terms("gross margin") == {"gross margin": False}


def test_a_verb_ends_a_term():
    assert _terms("the board approved the merger") == {"board": True, "merger": True}


def test_a_shorter_term_inside_a_longer_one_does_not_count():
    assert set(_terms("the cloud gross margin percentage")) == {"cloud gross margin percentage"}


@pytest.mark.parametrize("text", ["don't", "that's it", "it was done", "very quickly", "42", "", "…"])
def test_what_is_no_noun_is_no_term(text: str):
    assert not any(_terms(text).values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We use constant currency (CC) here.", [("cc", "constant currency")]),
        ("retrieval-augmented generation (RAG)", [("rag", "retrieval augmented generation")]),
        ("the Bank of England (BoE)", [("boe", "bank of england")]),
        ("GDP (gross domestic product) grew", [("gdp", "gross domestic product")]),
        ("The Federal Bureau of Investigation (FBI)", [("fbi", "federal bureau of investigation")]),
        ("he left (see ABC) and she stayed", []),
        ("Anna Berg (NY)", []),
        ("prices (USD) rose", []),
    ],
)
def test_an_abbreviation_is_defined_by_the_first_letters_of_its_words(text: str, found: list[tuple[str, str]]):
    assert list(definitions(text)) == found
