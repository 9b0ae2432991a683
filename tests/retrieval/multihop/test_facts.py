from __future__ import annotations

from evidentia.corpus.phrases.names import Titles, mentions, text_words
from evidentia.retrieval.multihop.facts import kin, nearness


def _nearness(text, **asked):
    words = text_words(text)
    return {found.phrase: nearness(asked, words, found) for found in mentions(text, words, Titles({}))}


def test_the_name_behind_the_word_that_is_asked_for_is_nearest():
    found = _nearness("It is a film directed by Michael Curtiz and starring Laura La Plante.", director=1.0)
    assert found["michael curtiz"] > found["laura la plante"] > 0


def test_a_word_weighs_what_it_is_worth():
    text = "It is a film by Ann Lee."
    assert _nearness(text, film=1.0)["ann lee"] == 2 * _nearness(text, film=0.5)["ann lee"]


def test_without_any_word_of_the_question_nothing_is_near():
    assert _nearness("It was directed by Ann Lee.", born=1.0) == {"ann lee": 0.0}


def test_forms_of_one_word_are_kin_and_chance_is_not():
    assert kin("director", "directed")
    assert kin("film", "films")
    assert not kin("born", "borrowed")
    assert not kin("a", "an")
