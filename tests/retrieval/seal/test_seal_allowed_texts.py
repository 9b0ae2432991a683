"""The n-gram index as a constraint on replies: whatever is written stands in some passage."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.retrieval.ngram.segments import Segments, segment
from evidentia.retrieval.ngram.tokens import Tokens
from evidentia.retrieval.seal.allowed_texts import Passages
from evidentia.retrieval.seal.tokens import MARKS, TITLE
from evidentia.serving.constraints import constrain
from evidentia.serving.constraints.grammar import Vocabulary

END = 9
WORDS = Vocabulary(10, (END,), None, str)
PASSAGE = st.lists(st.integers(0, 4), max_size=8)


def passages(*batches: list[list[int]]) -> Passages:
    segments = Segments()
    for number, batch in enumerate(batches):
        keys = [100 * number + place for place in range(len(batch))]
        ids = [np.asarray([TITLE, *(token + MARKS for token in one), TITLE], np.int64) for one in batch]
        tokens = [Tokens(one, np.zeros((len(one), 2), np.uint32)) for one in ids]
        segments = segments.plus(segment(tokens, keys, keys, WORDS.size + MARKS))
    return Passages(segments, WORDS.size)


@settings(max_examples=60, deadline=None)
@given(batches=st.lists(st.lists(PASSAGE, min_size=1, max_size=3), min_size=1, max_size=3), seed=st.integers(0, 10**6))
def test_what_is_written_stands_in_a_passage_and_never_crosses_a_mark(batches: list[list[list[int]]], seed: int):
    chance, texts = random.Random(seed), [one for batch in batches for one in batch]
    guide, reply = constrain("texts", WORDS, passages(*batches)).start(), []
    while not guide.at_end:
        choices = np.flatnonzero(guide.mask()).tolist()
        following = {
            one[at + len(reply)]
            for one in texts
            for at in range(len(one) - len(reply))
            if one[at : at + len(reply)] == reply
        }
        assert set(choices) == following | ({END} if reply else set())
        token = chance.choice(choices)
        guide.advance(token)
        if token != END:
            reply.append(token)
    assert any(one[at : at + len(reply)] == reply for one in texts for at in range(len(one) + 1))
