from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.dense.audit.orders import order, sorted_by_source
from evidentia.retrieval.dense.hnsw import ORDERS, unit

VECTORS = unit(np.random.default_rng(0).standard_normal((300, 12)).astype(np.float32))


@pytest.mark.parametrize("name", ORDERS)
@given(st.lists(st.sampled_from("abc"), min_size=300, max_size=300))
def test_every_order_is_a_permutation(name: str, sources: list[str]):
    assert sorted(order(name, VECTORS, sources)) == list(range(300))


def test_descending_is_ascending_read_backwards_by_lid():
    up, down = (order(name, VECTORS, [""] * 300) for name in ("ascending", "descending"))
    assert up[0] == down[-1]


def test_by_source_keeps_the_order_within_a_source():
    assert order("source", VECTORS[:4], ["b", "a", "b", "a"]).tolist() == [1, 3, 0, 2]


def test_an_unknown_order_is_refused():
    with pytest.raises(KeyError):
        order("best", VECTORS, [""] * 300)


@pytest.mark.parametrize(("sources", "grouped"), [("aabb", True), ("abab", False), ("aaaa", False), ("abbc", True)])
def test_rows_whose_sources_stand_together_are_sorted_by_source(sources: str, grouped: bool):
    assert sorted_by_source(list(sources)) is grouped
