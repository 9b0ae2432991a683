from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.retrieval.ngram import fm
from evidentia.retrieval.ngram.bits import pack
from evidentia.retrieval.ngram.index import NgramIndex, build
from evidentia.retrieval.ngram.segments import Segments, segment
from evidentia.retrieval.ngram.suffix import join, suffix_array
from evidentia.retrieval.ngram.tokens import Tokens

SIZE = 5
DOCUMENT = st.lists(st.integers(0, SIZE - 1), max_size=12)
CORPUS = st.lists(st.one_of(DOCUMENT, st.lists(st.just(1), min_size=1, max_size=20)), max_size=8)
NGRAM = st.lists(st.integers(0, SIZE), max_size=5)
"""May hold a token that no document has."""


def _places(documents: dict[int, list[int]], ngram: list[int]) -> list[tuple[int, int]]:
    return [
        (key, at)
        for key, ids in documents.items()
        for at in range(len(ids) - len(ngram) + (1 if ngram else 0))
        if ids[at : at + len(ngram)] == ngram
    ]


def _followers(documents: dict[int, list[int]], ngram: list[int]) -> dict[int, int]:
    places = _places(documents, ngram)
    following = ((documents[key], at + len(ngram)) for key, at in places)
    return dict(sorted(Counter(ids[at] for ids, at in following if at < len(ids)).items()))


def _index(documents: list[list[int]], size: int = SIZE) -> NgramIndex:
    return build(join([np.asarray(ids, np.int64) for ids in documents], size), size)


def _tokens(ids: list[int]) -> Tokens:
    return Tokens(
        np.asarray(ids, np.int64), np.asarray([(at, at + 1) for at in range(len(ids))], np.uint32).reshape(-1, 2)
    )


def _as_dict(found: tuple[np.ndarray, np.ndarray]) -> dict[int, int]:
    return dict(zip(found[0].tolist(), found[1].tolist(), strict=True))


def _as_pairs(found: tuple[np.ndarray, np.ndarray]) -> list[tuple[int, int]]:
    return sorted(zip(found[0].tolist(), found[1].tolist(), strict=True))


@pytest.mark.parametrize("make", [build, fm.build])
@given(CORPUS, NGRAM, st.sets(st.integers(0, 7), max_size=3))
def test_one_index_answers_as_reading_every_document_would(
    make: Callable[..., NgramIndex | fm.FmIndex], corpus: list[list[int]], ngram: list[int], gone: set[int]
):
    gone = {number for number in gone if number < len(corpus)}
    index = make(join([np.asarray(ids, np.int64) for ids in corpus], SIZE), SIZE)
    assert [index.document(number).tolist() for number in range(len(corpus))] == corpus
    index = index.without(gone)
    documents = {number: ids for number, ids in enumerate(corpus) if number not in gone}
    interval = index.interval(ngram)
    assert index.count(interval) == len(_places(documents, ngram))
    assert _as_dict(index.continuations(interval)) == _followers(documents, ngram)
    assert _as_pairs(index.locate(interval)) == _places(documents, ngram)


@settings(max_examples=60)
@given(st.lists(CORPUS, max_size=4), NGRAM, st.sets(st.integers(0, 31), max_size=6), st.booleans())
def test_several_segments_answer_as_one(corpora: list[list[list[int]]], ngram: list[int], gone: set[int], merged: bool):
    segments, documents, key = Segments(), {}, 0
    for corpus in corpora:
        keys = list(range(key, key + len(corpus)))
        segments = segments.plus(segment([_tokens(ids) for ids in corpus], keys, keys, SIZE))
        documents |= dict(zip(keys, corpus, strict=True))
        key += len(corpus)
    segments = segments.without(gone)
    documents = {key: ids for key, ids in documents.items() if key not in gone}
    if merged:
        segments = segments.merge(SIZE)
    intervals = segments.interval(ngram)
    assert segments.count(intervals) == len(_places(documents, ngram))
    assert _as_dict(segments.continuations(intervals)) == _followers(documents, ngram)
    assert _as_pairs(segments.locate(intervals)) == _places(documents, ngram)
    assert segments.longest_match(ngram)[0] == max(
        n for n in range(len(ngram) + 1) if n == 0 or _places(documents, ngram[:n])
    )
    assert {
        key: segments.tokens_of(*place[:2]).ids.tolist() for key, place in segments.documents().items()
    } == documents
    for key, (place, number, _) in segments.documents().items():
        assert segments.tokens_of(place, number).spans.tolist() == _tokens(documents[key]).spans.tolist()


@given(st.lists(st.integers(0, 300), max_size=60))
def test_suffixes_are_sorted_by_token_and_not_by_byte(ids: list[int]):
    text = np.asarray(ids, np.uint16)
    assert suffix_array(text).tolist() == sorted(range(len(ids)), key=lambda at: ids[at:])


@pytest.mark.parametrize(("size", "width"), [(65_535, 2), (65_536, 4), (20_000_000, 4)])
def test_ids_are_as_wide_as_the_vocabulary_needs(size: int, width: int):
    index = _index([[0, size - 1, 0], [size - 1]], size)
    assert index.text.itemsize == width
    assert index.count(index.interval([size - 1])) == 2
    assert index.locate(index.interval([size - 1, 0]))[1].tolist() == [1]


def test_the_small_form_answers_alike_on_a_text_of_many_blocks_and_takes_less():
    draw = np.random.default_rng(0)
    size, ids = 3000, draw.zipf(1.3, (400, 120)) % 3000
    text = join(list(ids), size)
    large, small = build(text, size), fm.build(text, size)
    for document in ids[:20]:
        for length in (1, 2, 3):
            ngram = document[:length].tolist()
            one, other = large.interval(ngram), small.interval(ngram)
            assert _as_pairs(large.locate(one)) == _as_pairs(small.locate(other))
            assert _as_dict(large.continuations(one)) == _as_dict(small.continuations(other))
    assert large.without([3]).count(large.root()) == small.without([3]).count(small.root()) == 399 * 120
    assert small.resident_bytes < 0.75 * large.resident_bytes


@given(st.lists(st.booleans(), max_size=900))
def test_rank_counts_the_bits_before_a_place(bits: list[bool]):
    packed, before = pack(np.array(bits, bool)), [0, *np.cumsum(bits).tolist()] if bits else [0]
    assert packed.rank(np.arange(len(bits) + 1)).tolist() == before
    assert packed.get(np.arange(len(bits))).tolist() == bits
    assert packed.zeros == bits.count(False)


def test_no_ngram_crosses_documents():
    index = _index([[1, 2], [3, 4]])
    assert index.count(index.interval([2, 3])) == 0
    assert _as_dict(index.continuations(index.interval([2]))) == {}


def test_an_empty_corpus_has_no_ngrams():
    for index in (_index([]), _index([[], []])):
        assert index.count(index.root()) == 0
        assert _as_dict(index.continuations(index.root())) == {}
    assert Segments().longest_match([1]) == (0, ())
    assert _as_dict(Segments().continuations(())) == {}


def test_one_word_repeated_half_a_million_times_is_one_more_document():
    index = _index([[1] * 500_000, [1, 2]])
    deep = index.interval([1] * 1000)
    assert index.count(deep) == 499_001
    assert _as_dict(index.continuations(deep)) == {1: 499_000}


def test_continuations_of_large_intervals_are_kept_and_stay_right():
    index = _index([[1, 2] * 9000])
    before = index.resident_bytes
    assert _as_dict(index.continuations(index.interval([1]))) == {2: 9000}
    assert index.resident_bytes > before
    assert _as_dict(index.continuations(index.interval([1]))) == {2: 9000}
    assert _as_dict(index.without([0]).continuations(index.interval([1]))) == {}


def test_small_segments_are_merged_and_dead_ones_go():
    segments = Segments()
    for key in range(40):
        segments = segments.plus(segment([_tokens([1, 2, 3])], [key], [key], SIZE)).merge(SIZE)
    assert len(segments.parts) <= 6
    assert segments.without(range(40)).merge(SIZE).parts == ()
    assert segments.without(range(20)).merge(SIZE).count(segments.without(range(20)).merge(SIZE).interval([1])) == 20
