from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.corpus.phrases.names import Titles, find, mentions, normal, text_words, title_forms


def _phrases(text, *titles):
    return [mention.phrase for mention in mentions(text, text_words(text), Titles(dict.fromkeys(titles)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was directed by Michael Curtiz.", ["michael curtiz"]),
        ("She married Louis of the Netherlands there.", ["louis of the netherlands"]),
        ("The Treaty of Verdun ended it.", ["treaty of verdun"]),
        ("Sung by Ann Lee, Bob Ray and Carl May.", ["sung", "ann lee", "bob ray", "carl may"]),
        ("He died on 11 November 875 there.", ["11 november 875"]),
        ("He died on November 11, 875 there.", ["11 november 875"]),
        ('it holds "the lost key" and more', ["the lost key"]),
        ("it holds 6119 passages", ["6119 passages"]),
        ("nothing here has a name", []),
        ("", []),
    ],
)
def test_phrases_are_found_by_their_form(text, expected):
    assert _phrases(text) == expected


def test_the_longest_title_of_the_library_wins():
    titles = ("gods gift", "gods gift to women")
    assert _phrases("A print of God's Gift to Women survives.", *titles)[0] == "gods gift to women"


def test_a_title_is_found_with_the_s_of_an_owner():
    assert _phrases("This is Teutberga's abbey.", "teutberga") == ["teutberga"]


def test_a_title_inside_running_text_needs_a_capital():
    assert _phrases("they walk in the snow", "snow") == []


def test_a_question_may_be_read_regardless_of_case():
    words = text_words("who directed the goose woman")
    forms = {"the goose woman": None}
    assert [found.phrase for found in find(words, forms, lambda word: 12, any_case=True)] == ["the goose woman"]


def test_accents_case_and_punctuation_make_no_difference():
    assert normal("Bråk, Señor  O'Brien!") == normal("BRAK senor OBrien")


def test_a_title_is_also_known_without_its_brackets():
    assert title_forms("Dark River (2017 film)") == ["dark river 2017 film", "dark river"]


def test_a_title_of_stopwords_names_nothing():
    assert title_forms("It") == []


@given(st.text(max_size=200))
def test_mentions_lie_in_the_text_and_do_not_overlap(text):
    words = text_words(text)
    taken: set[int] = set()
    for mention in mentions(text, words, Titles({"a b": None})):
        places = set(range(mention.first, mention.last))
        assert places
        assert places <= set(range(len(words)))
        assert not places & taken
        taken |= places
        assert mention.phrase == " ".join(mention.phrase.split())
