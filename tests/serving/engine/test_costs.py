"""What a pass costs by its width and by what stands before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.engine.costs import BEFORE, ENDS, FAR, STEP, Prices, prices
from evidentia.serving.network.lean import ROWS

from ..drafting.networks import network


def test_a_wider_pass_is_dearer_behind_a_long_text() -> None:
    found = Prices({1: 10.0, 16: 20.0}, token=0.001, pair=0.002)
    assert found.at(BEFORE)(16) == 2.0
    assert found.at(BEFORE + 4 * STEP)(16) > found.at(BEFORE + STEP)(16) > 2.0


def test_without_slopes_length_does_not_matter() -> None:
    found = Prices({1: 10.0, 16: 20.0})
    assert found.at(0) is found.at(100_000)


@given(st.integers(0, 200_000), st.floats(0, 0.01), st.floats(0, 0.01))
def test_any_length_has_costs_that_make_sense(length: int, token: float, pair: float) -> None:
    costs = Prices({1: 10.0, 4: 11.0, 64: 30.0}, token, pair).at(length)
    assert costs(1) == 1.0
    assert all(costs(width) > 0 for width in range(1, 65))


def test_senseless_seconds_are_refused() -> None:
    with pytest.raises(InputError):
        Prices({1: 0.0})


def test_a_network_is_measured_at_two_lengths_where_its_context_allows() -> None:
    far = prices(network(), FAR + ENDS[-1])
    assert set(far.seconds) == set(ROWS)
    assert min(far.token, far.pair) >= 0
    near = prices(network(), FAR)
    assert near.token == near.pair == 0
