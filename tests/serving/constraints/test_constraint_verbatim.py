"""Replies that stand in given texts: quotes, sentences, and any index that says what goes on."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.verbatim import Sentences, Stretches, Within, quote, sentence

TOKENS = st.lists(st.integers(2, 6), min_size=1, max_size=9)


def test_a_quote_is_a_stretch_of_one_text(words: Vocabulary, encode: Any, accepts: Any) -> None:
    constraint = quote(words, [encode("the cat sat"), encode("the dog ran")])
    for text in ("the cat sat", "cat", "e dog", "n"):
        assert accepts(constraint, text)
    for text in ("", "the rat", "sat the", "cat sat the"):
        assert not accepts(constraint, text)


def test_a_sentence_is_written_whole(words: Vocabulary, encode: Any, accepts: Any) -> None:
    constraint = sentence(words, [encode("It rains."), encode("It rains. Often."), encode("No.")])
    assert accepts(constraint, "It rains.")
    assert accepts(constraint, "It rains. Often.")
    assert not accepts(constraint, "It rains")
    assert not accepts(constraint, "rains.")


@given(runs=st.lists(TOKENS, min_size=1, max_size=4), seed=st.integers(0, 10**6), whole=st.booleans())
@settings(max_examples=80, deadline=None)
def test_what_comes_out_stands_in_the_texts_and_the_guide_keeps_its_word(
    words: Vocabulary, runs: list[list[int]], seed: int, whole: bool
) -> None:
    chance = random.Random(seed)
    guide = (sentence if whole else quote)(words, runs).start()
    written: list[int] = []
    while True:
        mask = guide.mask()
        assert [guide.allows(token) for token in range(words.size)] == mask.tolist()
        assert guide.at_end == (np.flatnonzero(mask).tolist() == [1])
        for token in guide.forced_tokens()[:1]:
            assert np.flatnonzero(mask).tolist() == [token]
        if written and chance.random() < 0.2:
            count = chance.randint(1, len(written))
            guide.back(count)
            del written[-count:]
            continue
        token = chance.choice(np.flatnonzero(mask).tolist())
        guide.advance(token)
        if token == 1:
            break
        written.append(token)
    stretches = {tuple(run[start:end]) for run in runs for start in range(len(run)) for end in range(start + 1, 10)}
    assert tuple(written) in ({tuple(run) for run in runs} if whole else stretches)
    guide.back(1)
    assert guide.allows(1)


def test_what_is_forced_goes_on_until_there_is_a_choice(words: Vocabulary) -> None:
    guide = Within(words, Sentences([[2, 3, 4, 5], [2, 3, 4, 6]])).start()
    assert guide.forced_tokens() == [2, 3, 4]


def test_a_quote_may_be_given_a_least_length(words: Vocabulary) -> None:
    guide = Within(words, Stretches([[2, 3, 4]], least=2)).start()
    guide.advance(2)
    assert not guide.allows(1)
    guide.advance(3)
    assert guide.allows(1)


def test_nothing_goes_on_behind_an_end(words: Vocabulary) -> None:
    guide = quote(words, [[2, 3]]).start()
    guide.advance(2)
    guide.advance(1)
    assert guide.at_end
    assert guide.forced_tokens() == []
    assert np.flatnonzero(guide.mask()).tolist() == [1]
    guide.back(2)
    assert guide.allows(3)


@pytest.mark.parametrize("runs", [[], [[]]])
def test_no_text_is_refused(words: Vocabulary, runs: list[list[int]]) -> None:
    for kind in (quote, sentence):
        with pytest.raises(InputError):
            kind(words, runs)


def test_tokens_of_another_vocabulary_are_refused(words: Vocabulary) -> None:
    with pytest.raises(InputError, match="vocabulary"):
        quote(words, [[5, 9_999]])


def test_a_token_that_does_not_go_on_is_refused(words: Vocabulary) -> None:
    with pytest.raises(InputError, match="not allowed"):
        quote(words, [[2, 3]]).start().advance(4)
