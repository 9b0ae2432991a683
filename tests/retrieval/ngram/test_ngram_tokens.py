from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.ngram.tokens import UNKNOWN, WordTokenizer


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in WordTokenizer().learn(text).spans.tolist()]


def test_words_are_cut_at_what_is_no_letter_or_digit():
    assert _words("It's 3.5 km_h — naïve café!") == ["It", "s", "3", "5", "km", "h", "naïve", "café"]


def test_combining_marks_belong_to_their_letter_and_to_the_composed_word():
    tokenizer = WordTokenizer()
    composed, combining = tokenizer.learn("café").ids, tokenizer.learn("cafe\u0301").ids
    assert composed.tolist() == combining.tolist()


def test_words_that_were_never_learnt_are_unknown():
    tokenizer = WordTokenizer()
    tokenizer.learn("one two")
    assert tokenizer.encode("Two three").ids.tolist() == [1, UNKNOWN]
    assert tokenizer.size == 2


@given(st.text())
def test_offsets_are_in_the_text_as_it_was_given(text: str):
    tokenizer = WordTokenizer()
    ids, spans = tokenizer.learn(text)
    assert len(ids) == len(spans)
    for number, (start, end) in zip(ids.tolist(), spans.tolist(), strict=True):
        assert tokenizer.encode(text[start:end]).ids.tolist() == [number]
