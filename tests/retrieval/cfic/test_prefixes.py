"""The trie of sentence prefixes: each prefix identifies its sentence, and none is longer than it must be."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.cfic.prefixes import END, Trie, build

sequences = st.lists(st.lists(st.integers(0, 3), max_size=6), max_size=8)


def spelled(trie: Trie, steps: list[tuple[int, int]]) -> list[int]:
    """The tokens of a prefix, each checked to stand where the one before it led."""
    for (before, token), (node, _) in pairwise(steps):
        assert (trie.parents[node], trie.tokens[node]) == (before, token)
    return [token for _, token in steps]


@given(sequences)
def test_a_prefix_is_the_shortest_that_identifies_its_sentence(texts: list[list[int]]):
    trie = build(texts)
    closed = {(*text, END) for text in texts if text}
    for at, steps in trie.prefixes.items():
        prefix = tuple(spelled(trie, steps))
        assert prefix == tuple([*texts[at], END][: len(prefix)])
        assert [text for text in closed if text[: len(prefix)] == prefix] == [(*texts[at], END)]
        assert len(prefix) == 1 or sum(text[: len(prefix) - 1] == prefix[:-1] for text in closed) > 1


@given(sequences)
def test_of_sentences_that_read_alike_the_first_stands_for_all(texts: list[list[int]]):
    firsts = {texts.index(text) for text in texts if text}
    assert set(build(texts).prefixes) == firsts == set(build(texts, whole=True).prefixes)


@given(sequences)
def test_whole_sentences_are_spelled_to_their_ends(texts: list[list[int]]):
    trie = build(texts, whole=True)
    for at, steps in trie.prefixes.items():
        assert spelled(trie, steps) == [*texts[at], END]


@given(sequences)
def test_every_node_comes_after_its_parent(texts: list[list[int]]):
    trie = build(texts)
    assert all(parent < node for node, parent in enumerate(trie.parents))
    assert len(trie.parents) == len(set(zip(trie.parents, trie.tokens, strict=True)))


def test_nothing_to_tell_apart():
    assert build([]).prefixes == {}
    assert build([[]]).prefixes == {}
    assert build([[5, 6]]).prefixes == {0: [(-1, 5)]}
