from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.ngram.scoring import Key, by_first, candidates, question_keys, score
from evidentia.retrieval.ngram.segments import Segments, segment
from evidentia.retrieval.ngram.tokens import Tokens

WORD = st.integers(0, 5)
DOCUMENTS = st.lists(st.lists(WORD, min_size=1, max_size=12), min_size=1, max_size=6)


def _segments(documents: list[list[int]]) -> Segments:
    tokens = [Tokens(np.asarray(ids, np.int64), np.zeros((len(ids), 2), np.uint32)) for ids in documents]
    return Segments((segment(tokens, range(len(documents)), range(len(documents)), 10),))


def _scored(keys: list[Key], ids: list[int], mean: float = 5) -> tuple[float, list[tuple[int, ...]]]:
    total, used = score(by_first(keys), ids, mean)
    return total, [key.tokens for key in used]


@given(DOCUMENTS, st.lists(WORD, min_size=1, max_size=8))
def test_keys_are_the_ngrams_of_the_question_that_occur(documents: list[list[int]], question: list[int]):
    def ngrams(ids: list[int]) -> set[tuple[int, ...]]:
        return {tuple(ids[at:to]) for at in range(len(ids)) for to in range(at + 1, len(ids) + 1)}

    there = set().union(*map(ngrams, documents))
    keys = question_keys(_segments(documents), question)
    assert {key.tokens for key in keys} == ngrams(question) & there
    assert [key.weight for key in keys] == sorted((key.weight for key in keys), reverse=True)
    holders = {number for number, ids in enumerate(documents) if set(ids) & set(question)}
    assert set(candidates(_segments(documents), keys).tolist()) == holders


@given(DOCUMENTS, st.lists(WORD, min_size=1, max_size=8))
def test_no_token_of_a_document_counts_twice(documents: list[list[int]], question: list[int]):
    keys = question_keys(_segments(documents), question)
    for ids in documents:
        total, used = _scored(keys, ids)
        assert sum(map(len, used)) <= len(ids)
        assert len(set(used)) == len(used)
        assert (total > 0) == bool(set(ids) & set(question))


def test_a_phrase_counts_more_than_its_words_apart():
    keys = question_keys(_segments([[1, 2, 3], [2, 3, 1], [1, 3, 2]]), [1, 2])
    together, apart = _scored(keys, [4, 1, 2, 5]), _scored(keys, [4, 2, 5, 1])
    assert together[1] == [(1, 2)]
    assert together[0] > apart[0] > 0


def test_a_longer_document_with_the_same_words_scores_less():
    keys = question_keys(_segments([[1, 2, 3]]), [1])
    assert _scored(keys, [1, 4, 5])[0] > _scored(keys, [1, 4, 5, 6, 7, 8])[0]
    assert _scored(keys, [1, 1, 4])[0] == _scored(keys, [1, 5, 4])[0]


def test_keys_do_not_start_or_end_with_stopwords():
    segments = _segments([[0, 1, 0, 2, 0]])
    assert {key.tokens for key in question_keys(segments, [0, 1, 0, 2], {0})} == {(1,), (2,), (1, 0, 2)}
    assert {key.tokens for key in question_keys(segments, [0], {0})} == {(0,)}
    assert question_keys(segments, [0, 9], {0}) == []
