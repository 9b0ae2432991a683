"""Copied replies: always a stretch of a given text, and the likeliest one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.serving.engine.copying import continuations, copies
from evidentia.serving.models.scripted import ByteModel

STOP = ord("\n")
TEXTS = st.lists(st.binary(min_size=1, max_size=6), min_size=1, max_size=3)


def _log_probability(prompt: list[int], tokens: list[int]) -> float:
    """Summed one token at a time, each from a fresh session."""
    total = 0.0
    for at, token in enumerate(tokens):
        scores = ByteModel().start().feed(prompt + tokens[:at], rows=1)[0].astype(float)
        total += scores[token] - np.log(np.exp(scores - scores.max()).sum()) - scores.max()
    return total


@given(TEXTS)
@settings(max_examples=25, deadline=None)
def test_a_wide_beam_finds_the_likeliest_of_all_stretches(texts: list[bytes]) -> None:
    prompt = [81, 58]
    session = ByteModel().start()
    scores = session.feed(prompt, rows=1)[0]
    found = copies(session, scores, [list(text) for text in texts], [STOP], beams=64)
    stretches = {text[a:z] for text in texts for a, z in itertools.combinations(range(len(text) + 1), 2)}
    best = max(_log_probability(prompt, [*stretch, STOP]) for stretch in stretches)
    assert found[0].score == pytest.approx(best, abs=1e-3)
    assert all(bytes(copy.tokens) in stretches for copy in found)


def test_the_session_is_left_as_it_was() -> None:
    session = ByteModel().start()
    scores = session.feed([1, 2, 3], rows=1)[0]
    copies(session, scores, [[4, 5]], [STOP])
    continuations(session, scores, [[4, 5], [6]])
    assert list(session.tokens) == [1, 2, 3]


def test_no_text_gives_no_copy() -> None:
    session = ByteModel().start()
    assert copies(session, session.feed([1], rows=1)[0], [], [STOP]) == []


def test_continuations_score_as_if_each_were_fed_alone() -> None:
    session = ByteModel().start()
    scores = session.feed([7, 8], rows=1)[0]
    lines = [[1, 2, 3], [1, 2], [9]]
    expected = [_log_probability([7, 8], line) for line in lines]
    assert continuations(session, scores, lines) == pytest.approx(expected, abs=1e-3)
