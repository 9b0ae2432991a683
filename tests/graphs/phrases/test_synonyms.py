from __future__ import annotations

from evidentia.graphs.phrases.synonyms import MOST_ALIKE, synonyms


def _joined(*phrases):
    return [(phrases[a], phrases[b]) for a, b in synonyms(phrases).T.tolist()]


def test_an_initial_stands_for_a_name():
    assert _joined("william e bell", "ann lee", "william edwin bell") == [("william e bell", "william edwin bell")]


def test_a_middle_name_may_be_left_out():
    assert _joined("jean tangye", "jean everald tangye") == [("jean tangye", "jean everald tangye")]


def test_other_middle_names_are_other_people():
    assert _joined("john adam smith", "john bert smith") == []


def test_what_too_many_share_joins_nothing():
    assert _joined(*(f"the {letter * 3} film" for letter in "abcdefghijk"[: MOST_ALIKE + 1]), "the film") == []


def test_no_phrases_have_no_synonyms():
    assert synonyms([]).shape == (2, 0)
