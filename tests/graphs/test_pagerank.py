from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from evidentia.graphs.pagerank import personalised_pagerank, transition

_SIZES = st.integers(1, 8)


@st.composite
def _graphs(draw):
    size = draw(_SIZES)
    cells = st.floats(0, 5).map(lambda weight: 0.0 if weight < 1 else weight)
    weights = draw(st.lists(cells, min_size=size * size, max_size=size * size))
    reset = draw(st.lists(st.floats(0, 1), min_size=size, max_size=size))
    return np.asarray(weights).reshape(size, size), np.asarray(reset)


@settings(deadline=None, max_examples=100)
@given(_graphs(), st.sampled_from([0.3, 0.5, 0.85]))
def test_it_sums_to_one_and_solves_the_linear_system(graph, damping):
    weights, reset = graph
    size = len(reset)
    mass = personalised_pagerank(transition(sparse.csr_array(weights)), reset, damping, 1e-12)
    start = reset / reset.sum() if reset.sum() > 0 else np.full(size, 1 / size)
    sums = weights.sum(axis=1, keepdims=True)
    # A node without edges sends everybody back to the start.
    rows = np.where(sums > 0, weights / np.where(sums > 0, sums, 1), start)
    solved = np.linalg.solve(np.eye(size) - damping * rows.T, (1 - damping) * start)
    assert mass.sum() == pytest.approx(1)
    assert (mass >= 0).all()
    np.testing.assert_allclose(mass, solved, atol=1e-9)


def test_mass_stays_within_what_can_be_reached():
    edges = sparse.csr_array(([1.0, 1.0], ([0, 1], [1, 0])), shape=(4, 4))
    mass = personalised_pagerank(transition(edges), np.asarray([1.0, 0, 0, 0]))
    assert mass[0] > mass[1] > 0
    assert mass[2:].sum() == 0


def test_heavier_edges_carry_more():
    edges = sparse.csr_array(([3.0, 1.0], ([0, 0], [1, 2])), shape=(3, 3))
    mass = personalised_pagerank(transition(edges), np.asarray([1.0, 0, 0]))
    assert mass[1] == pytest.approx(3 * mass[2])


def test_an_empty_graph_has_no_mass_to_give():
    assert personalised_pagerank(transition(sparse.csr_array((0, 0))), np.zeros(0)).shape == (0,)
