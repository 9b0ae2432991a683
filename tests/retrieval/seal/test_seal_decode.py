from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.retrieval.ngram.segments import Segments, segment
from evidentia.retrieval.ngram.tokens import Tokens
from evidentia.retrieval.seal.decode import Written, write_keys
from evidentia.retrieval.seal.tokens import MARKS, TITLE, ModelTokenizer
from evidentia.serving.models.scripted import ByteModel
from evidentia.serving.sampling import log_softmax

MODEL = ByteModel()
TOKENIZER = ModelTokenizer(MODEL, 257)
PROMPT = MODEL.encode("Question: who?\nPassage:")


def _segments(*batches: list[list[int]]) -> Segments:
    segments = Segments()
    for number, batch in enumerate(batches):
        keys = [100 * number + place for place in range(len(batch))]
        tokens = [Tokens(np.asarray(ids, np.int64), np.zeros((len(ids), 2), np.uint32)) for ids in batch]
        segments = segments.plus(segment(tokens, keys, keys, TOKENIZER.size))
    return segments


def _texts(*texts: str) -> list[list[int]]:
    return [TOKENIZER.encode(text).ids.tolist() for text in texts]


def _forced(key: Written) -> float:
    """log p of the key, token by token behind the prompt."""
    session, total = MODEL.start(), 0.0
    scores = session.feed(PROMPT)
    for token in key.tokens:
        total += float(log_softmax(scores[-1:])[0, token - MARKS])
        scores = session.feed([token - MARKS])
    return total


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.text("abc d", max_size=30), max_size=4), min_size=1, max_size=3))
def test_every_key_stands_in_the_corpus_as_often_as_it_says_with_the_models_own_score(batches: list[list[str]]):
    ids = [_texts(*batch) for batch in batches]
    segments = _segments(*ids)
    documents = [one for batch in ids for one in batch]
    keys = write_keys(MODEL, PROMPT, segments, 5, beams=3)
    assert len({key.tokens for key in keys}) == len(keys)
    for key in keys:
        length = len(key.tokens)
        places = [one for one in documents for at in range(len(one)) if tuple(one[at : at + length]) == key.tokens]
        assert key.count == len(places) > 0
        assert segments.count(key.intervals(segments)) == key.count
        assert key.score == pytest.approx(_forced(key), abs=1e-3)


def test_one_step_gives_every_token_of_a_small_corpus():
    ids = _texts("abca", "bd")
    keys = write_keys(MODEL, PROMPT, _segments(ids), 1)
    assert {key.tokens[0] for key in keys} == {token for one in ids for token in one}
    assert [key.score for key in keys] == sorted((key.score for key in keys), reverse=True)


def test_keys_of_all_lengths_come_out_of_one_search():
    segments = _segments(_texts(*["penguins swim in cold water"] * 2))
    assert {len(key.tokens) for key in write_keys(MODEL, PROMPT, segments, 6)} == {1, 2, 3, 4, 5, 6}


def test_a_key_that_occurs_once_is_complete():
    segments = _segments(_texts("abcdef", "abxyz"))
    keys = {TOKENIZER.text(key.tokens): key for key in write_keys(MODEL, PROMPT, segments, 4, beams=50)}
    assert keys["abc"].count == 1
    assert "abcd" not in keys


def test_titles_start_and_end_at_their_marks():
    titles = [[TITLE, *ids, TITLE] for ids in _texts("cold water", "cold", "warm land")]
    segments = _segments([title + body for title, body in zip(titles, _texts("old", "dam", "war"), strict=True)])
    keys = write_keys(MODEL, PROMPT, segments, 15, start=[TITLE], end=TITLE, beams=50)
    assert {TOKENIZER.text(key.tokens) for key in keys} == {"cold water", "cold", "warm land"}


def test_an_empty_corpus_lets_nothing_be_written():
    assert write_keys(MODEL, PROMPT, Segments(), 3) == []
    assert write_keys(MODEL, PROMPT, _segments([[]]), 3) == []
