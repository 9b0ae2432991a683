from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.dense.audit.lid import dimensions, distances, nearest
from evidentia.retrieval.dense.hnsw import unit


@pytest.mark.parametrize("dimension", [2, 5, 10])
def test_a_uniform_ball_has_about_its_own_dimension(dimension: int):
    """The distances to uniform points around a centre have the density of r ** (d - 1)."""
    draw = np.random.default_rng(0)
    radii = np.sort(draw.random((400, 2000)) ** (1 / dimension), axis=1)[:, :100]
    assert np.median(dimensions(radii)) == pytest.approx(dimension, rel=0.1)


def test_points_on_a_sphere_of_few_directions_show_these_whatever_the_space():
    draw = np.random.default_rng(1)
    vectors = np.zeros((4000, 64), np.float32)
    vectors[:, :4] = draw.standard_normal((4000, 4))
    vectors = unit(vectors)
    rows = np.arange(200)
    found = dimensions(distances(nearest(vectors[rows], vectors, 100, rows).cosines))
    assert np.median(found) == pytest.approx(3, rel=0.2)  # the sphere in 4 directions is a surface of 3


def test_copies_of_a_point_are_not_counted():
    radii = np.array([[0.0, 0.0, 0.5, 1.0], [0.25, 0.5, 0.5, 1.0]])
    assert dimensions(radii)[0] == pytest.approx(-2 / np.log(0.5))


def test_a_point_with_nothing_but_copies_or_equal_distances_has_no_dimension():
    assert np.isnan(dimensions(np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 1.0]]))).all()


def test_the_query_itself_is_left_out_even_among_its_copies():
    vectors = unit(np.array([[1, 0], [1, 0], [1, 0], [0, 1]], np.float32))
    found = nearest(vectors[:3], vectors, 2, np.arange(3))
    assert found.rows.shape == (3, 2)
    assert not (found.rows == np.arange(3)[:, None]).any()
    assert np.allclose(found.cosines, 1)


@given(st.integers(0, 2**32 - 1), st.integers(2, 40))
def test_the_exact_neighbours_are_those_of_a_full_sort(seed: int, count: int):
    vectors = unit(np.random.default_rng(seed).standard_normal((count, 8)).astype(np.float32))
    rows = np.arange(count)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    found = nearest(vectors, vectors, 5, rows)
    best = -np.sort(-cosines, axis=1)[:, : min(5, count - 1)]
    assert np.allclose(found.cosines, best, atol=1e-5)
