"""Widths add up to what was asked for, in whole steps; the knapsack is the exhaustive search."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.serving.compress.budgets import Survey, cheapest, equal, sigmoid, softmax, standardise, uniform
from evidentia.serving.compress.knapsack import lightest

BUDGETS = [uniform, standardise, sigmoid, softmax]
UNITS, MULTIPLE = 64, 8

surveys = st.lists(
    st.tuples(
        st.lists(st.floats(0, 100), min_size=UNITS, max_size=UNITS),
        st.floats(0, 0.5),
        st.floats(0, 1),
    ).map(lambda one: Survey(one[0], one[1], one[2])),
    min_size=2,
    max_size=5,
)


@pytest.mark.parametrize("budget", BUDGETS)
@settings(max_examples=20, deadline=None)
@given(found=surveys, keep=st.floats(0.3, 0.95))
def test_widths_are_whole_steps_within_bounds_and_add_up(budget, found, keep) -> None:  # type: ignore[no-untyped-def]
    widths = budget(found, keep, MULTIPLE)
    assert all(MULTIPLE <= width <= UNITS and width % MULTIPLE == 0 for width in widths)
    assert sum(widths) == sum(uniform(found, keep, MULTIPLE))


@pytest.mark.parametrize("budget", BUDGETS)
def test_layers_in_another_order_get_the_same_widths(budget) -> None:  # type: ignore[no-untyped-def]
    found = [Survey([float((at * layer) % 17) for at in range(UNITS)], layer / 10, layer / 5) for layer in range(1, 5)]
    widths = budget(found, 0.6, MULTIPLE)
    assert budget(found[::-1], 0.6, MULTIPLE)[::-1] == pytest.approx(widths, abs=MULTIPLE)


def test_a_layer_that_turns_its_input_more_keeps_more() -> None:
    found = [Survey([1.0] * UNITS, turned, turned) for turned in (0.1, 0.2, 0.3)]
    for budget in (sigmoid, softmax):
        widths = budget(found, 0.6, MULTIPLE)
        assert widths == sorted(widths)
        assert widths[0] < widths[-1]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(1, 50), min_size=3, max_size=3), min_size=3, max_size=3), st.floats(0.3, 0.95))
def test_what_costs_least_goes_where_losses_grow_faster_the_more_is_cut(steps: list[list[int]], keep: float) -> None:
    """The exhaustive search finds nothing cheaper."""
    found = []
    for one in steps:
        rises = list(itertools.accumulate(sorted(one)))  # a step costs more than the one before
        losses = dict(zip((32, 24, 16, 8), itertools.accumulate([0, *rises]), strict=True))
        found.append(Survey([1.0] * 32, losses=losses))
    widths, wanted = cheapest(found, keep, 8), sum(uniform(found, keep, 8))
    assert sum(widths) == wanted
    fits = [one for one in itertools.product((8, 16, 24, 32), repeat=3) if sum(one) == wanted]

    def lost(one: Sequence[int]) -> float:
        return sum(survey.losses[width] for survey, width in zip(found, one, strict=True))

    assert lost(widths) == min(map(lost, fits))


def test_equal_keeps_at_least_a_step() -> None:
    assert equal(64, 0.01, 16) == 16
    assert equal(64, 1.0, 16) == 64


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(1, 50), min_size=4, max_size=4), min_size=3, max_size=3), st.floats(0.35, 1))
def test_the_knapsack_is_the_exhaustive_search(losses: list[list[int]], share: float) -> None:
    widths = (0, 8, 16, 24)
    errors = [dict(zip(widths, sorted(map(float, one), reverse=True), strict=True)) for one in losses]
    seconds = [{width: 1.0 + width + layer for width in widths} for layer in range(3)]
    most = share * sum(times[24] for times in seconds)
    chosen = lightest(errors, seconds, most)
    fits = [
        one
        for one in itertools.product(widths, repeat=3)
        # as the ticks count: each time is rounded up by less than one of them
        if sum(times[width] for times, width in zip(seconds, one, strict=True)) <= most * (1 - 3 / 4096)
    ]
    assert sum(times[width] for times, width in zip(seconds, chosen, strict=True)) <= most
    best = min(sum(one[width] for one, width in zip(errors, found, strict=True)) for found in fits)
    assert sum(one[width] for one, width in zip(errors, chosen, strict=True)) <= best


def test_a_target_that_cannot_be_met_says_the_nearest() -> None:
    with pytest.raises(ValueError, match="2"):
        lightest([{0: 1.0}, {0: 1.0}], [{0: 1.0}, {0: 1.0}], 1.5)


def test_one_threshold_is_that_of_flaps_released_code() -> None:
    """Each layer's scores less their mean over their deviation, pooled; the best of the pool stay."""
    import torch

    scores = torch.rand(4, UNITS, generator=torch.Generator().manual_seed(2)) * torch.tensor([[1], [2], [3], [4]])
    scores[1] = scores[1] ** 3
    level = (scores - scores.mean(1, keepdim=True)) / scores.std(1, keepdim=True)
    threshold = level.flatten().sort(descending=True).values[round(0.625 * level.numel()) - 1]
    expected = (level >= threshold).sum(1).tolist()
    assert standardise([Survey(row.tolist()) for row in scores], 0.625, 1) == expected


def test_shares_are_those_of_cfsps_description() -> None:
    import torch

    turned, units = torch.tensor([0.05, 0.1, 0.2, 0.12]), 10_000
    share = torch.sigmoid(13.1072 * (turned - turned.mean()))
    expected = 0.6 * share / share.mean()
    found = sigmoid([Survey([1.0] * units, float(one)) for one in turned], 0.6, 1)
    assert [one / units for one in found] == pytest.approx(expected.tolist(), abs=1e-4)
