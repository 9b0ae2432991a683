from __future__ import annotations

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.ngram.scoring import Key
from evidentia.retrieval.ngram.segments import Segments
from evidentia.retrieval.seal.decode import Written
from evidentia.retrieval.seal.weights import ALPHA, OWN, log_odds, together, weigh


@given(st.floats(-30, -1e-6), st.integers(1, 5000))
def test_the_weight_is_the_log_odds_ratio_of_question_and_corpus(score: float, count: int):
    asked, corpus = exp(score), (count + 5) / (10_000 + 5)
    expected = log(asked / (1 - asked)) - log(corpus / (1 - corpus))
    assert log_odds(score, count, 10_000) == pytest.approx(max(0.0, expected), abs=1e-6)


@pytest.mark.parametrize(("score", "count", "total"), [(0.0, 1, 10), (-1e-12, 5, 5), (-900.0, 1, 1), (-1.0, 0, 0)])
def test_certain_impossible_and_empty_are_numbers(score: float, count: int, total: int):
    assert 0 <= log_odds(score, count, total) < float("inf")


def test_a_key_that_the_corpus_explains_has_no_weight_and_a_key_written_twice_counts_as_the_likelier():
    written = [
        Written((5, 6), -9.0, 1, ()),
        Written((5, 6), -1.0, 1, ()),
        Written((7,), -2.0, 1, ()),
        Written((8,), -5.0, 900, ()),
    ]
    keys = weigh(Segments(), written, 1000)
    assert [key.tokens for key in keys] == [(5, 6), (7,)]
    assert keys[0].weight == log_odds(-1.0, 1, 1000) ** ALPHA
    assert keys[1].weight == log_odds(-2.0, 1, 1000)


def test_the_questions_own_keys_join_with_the_greater_weight():
    written = [Key((1, 2), 0, 1, 50.0, ()), Key((3,), 0, 1, 5.0, ())]
    own = [Key((3,), 0, 1, 40.0, ()), Key((1, 2), 0, 1, 1.0, ()), Key((4,), 0, 1, 7.0, ())]
    assert {key.tokens: key.weight for key in together(written, own)} == {
        (1, 2): 50.0,
        (3,): 40.0 * OWN,
        (4,): 7.0 * OWN,
    }
