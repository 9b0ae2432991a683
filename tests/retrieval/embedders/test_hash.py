"""The test double: deterministic, instant, and texts that share words are near each other."""

from __future__ import annotations

import numpy as np

from evidentia.retrieval.embedders.hash import HashEmbedder


def test_rows_have_unit_length_even_without_words() -> None:
    vectors = HashEmbedder().encode(["some words", "", "..."])
    assert vectors.shape == (3, 256)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)


def test_texts_that_share_words_are_nearer_than_texts_that_do_not() -> None:
    first, near, far = HashEmbedder().encode(["the cat sat down", "The cat ran", "graph theory paper"])
    assert first @ near > first @ far


def test_the_same_text_gives_the_same_vector_in_another_instance() -> None:
    np.testing.assert_array_equal(HashEmbedder().encode(["a b c"]), HashEmbedder().encode(["a b c"]))


def test_no_texts_give_an_empty_matrix() -> None:
    assert HashEmbedder(dimension=8).encode([]).shape == (0, 8)
