"""What the words around a name say of it: a person, something else, or nothing."""

from __future__ import annotations

import pytest

from evidentia.corpus.phrases.names import Titles, mentions, text_words
from evidentia.corpus.phrases.persons import is_person, sign_of


def _sign(text: str, name: str, says: str = "") -> int:
    words = text_words(text)
    found = next(one for one in mentions(text, words, Titles({})) if one.phrase == name)
    return sign_of(text, words, found, says)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The meeting ended when Mr. Otto Lind came.", "mr otto lind"),
        ("It was his brother Otto Lind who came.", "otto lind"),
        ("Then Otto laughed.", "otto"),
        ("Anna Berg (born 3 May 1950) is known.", "anna berg"),
        ("ANNA BERG: Thank you all.", "anna berg"),
        ("Thank you, Anna.", "anna"),
        ("Anna Berg was born in Oslo.", "anna berg"),
    ],
)
def test_what_only_people_are_or_do_speaks_for_a_person(text: str, name: str):
    assert _sign(text, name) > 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("They live in Oslo.", "oslo"),
        ("They study at Lund University.", "lund university"),
        ("Nobody saw the Nile.", "nile"),
        ("They had a daughter, Anna, and three sons.", "anna"),
        ("They read the Nordic Catalogue of Ships.", "nordic catalogue of ships"),
    ],
)
def test_a_place_an_article_and_a_last_word_speak_against_it(text: str, name: str):
    assert _sign(text, name) < 0


def test_a_definition_tells():
    assert _sign("Anna Berg is an American film director.", "anna berg", "an American film director") > 0
    assert _sign("Anna Berg is a ferry.", "anna berg", "a ferry") < 0


def test_one_weak_sign_makes_no_person_and_doubt_outweighs():
    assert not is_person(1, 0)
    assert is_person(4, 2)
    assert not is_person(4, 3)
