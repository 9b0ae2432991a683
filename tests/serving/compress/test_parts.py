"""Each part of the skeleton against brute force, or against another library's answer."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.serving.compress import scores, solve
from evidentia.serving.compress.choice import best, greedy
from evidentia.serving.compress.groups import indices
from evidentia.serving.compress.moments import Moments, add_damping
from evidentia.serving.compress.rounding import nearest, on_grid
from evidentia.serving.compress.scores import GroupWeights
from evidentia.serving.network.grid import ALIGNED, GROUP, grid_of

WIDTH, OUT, TOKENS = 12, 5, 200


def drawn(width: int = WIDTH, out: int = OUT, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, Moments]:
    """Inputs that hang together, a weight, and their moments."""
    made = torch.Generator().manual_seed(seed)
    mixed = torch.randn(width, width, generator=made)
    x = torch.randn(TOKENS, width, generator=made) @ mixed + torch.randn(width, generator=made)
    weight = torch.randn(out, width, generator=made)
    moments = Moments(width, out)
    x, weight = x.double(), weight.double()
    for part in x.split(64):
        moments.add(part, part @ weight.T)
    return x, weight, moments


def lost(x: torch.Tensor, weight: torch.Tensor, kept: torch.Tensor, new: torch.Tensor) -> float:
    """Squared error per token."""
    return float((x @ weight.T - x[:, kept] @ new.T).square().sum(1).mean())


KEPT = torch.tensor([7, 0, 3, 10, 5])


def test_least_squares_are_those_of_lstsq() -> None:
    x, weight, moments = drawn()
    new, bias = solve.squares(weight, moments, KEPT, 0)
    expected = torch.linalg.lstsq(x[:, KEPT], x @ weight.T).solution.T
    assert bias is None
    torch.testing.assert_close(new, expected, rtol=1e-4, atol=1e-4)


def test_no_step_makes_least_squares_better() -> None:
    """The gradient of the error is zero there."""
    _, weight, moments = drawn()
    new, _ = solve.squares(weight, moments, KEPT, 0)
    gradient = new @ moments.second[KEPT][:, KEPT] - moments.cross[KEPT].T
    assert float(gradient.abs().max()) < 1e-9 * float(moments.cross.abs().max())


def test_affine_least_squares_are_those_with_a_column_of_ones() -> None:
    x, weight, moments = drawn()
    new, bias = solve.affine(weight, moments, KEPT, 0)
    ones = torch.cat([x[:, KEPT], torch.ones(TOKENS, 1, dtype=torch.float64)], 1)
    expected = torch.linalg.lstsq(ones, x @ weight.T).solution.T
    torch.testing.assert_close(torch.cat([new, bias[:, None]], 1), expected, rtol=1e-3, atol=1e-3)


def test_keeping_everything_changes_nothing() -> None:
    _, weight, moments = drawn()
    everything = torch.arange(WIDTH)
    assert torch.equal(solve.none(weight, moments, everything, 0)[0], weight)
    torch.testing.assert_close(solve.squares(weight, moments, everything, 1e-8)[0], weight, rtol=0, atol=1e-6)
    assert float(solve.bias(weight, moments, everything, 0)[1].abs().max()) == 0


def test_a_large_ridge_leaves_the_columns_as_they_were() -> None:
    _, weight, moments = drawn()
    torch.testing.assert_close(solve.squares(weight, moments, KEPT, 1e9)[0], weight[:, KEPT], rtol=0, atol=1e-6)


def test_the_bias_is_what_the_others_gave_on_average() -> None:
    x, weight, moments = drawn()
    gone = torch.tensor([one for one in range(WIDTH) if one not in KEPT.tolist()])
    _, bias = solve.bias(weight, moments, KEPT, 0)
    torch.testing.assert_close(bias, (x[:, gone] @ weight[:, gone].T).mean(0), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("columns", [1, 3])
def test_the_surgeons_loss_is_the_error_that_is_left(columns: int) -> None:
    x, weight, moments = drawn()
    found = scores.surgeon(GroupWeights(weight, (), columns), moments, 0)
    for unit in range(WIDTH // columns):
        kept = torch.tensor([one for one in range(WIDTH) if one // columns != unit])
        new, _ = solve.squares(weight, moments, kept, 0)
        assert float(found[unit]) == pytest.approx(lost(x, weight, kept, new), rel=1e-3)


@pytest.mark.parametrize(("columns", "step"), [(1, 1), (1, 4), (3, 1)])
def test_going_one_after_the_other_ends_in_joint_least_squares(columns: int, step: int) -> None:
    x, weight, moments = drawn()
    left, errors = greedy(weight, moments.second, columns, 6 // columns, step=step)
    kept = indices(left, columns)
    new, _ = solve.squares(weight, moments, kept, 0)
    assert errors[-1] == pytest.approx(lost(x, weight, kept, new), rel=1e-3)
    assert errors == sorted(errors)


def test_the_first_that_goes_is_the_one_whose_loss_is_least() -> None:
    x, weight, moments = drawn()
    left, _ = greedy(weight, moments.second, 1, WIDTH - 1, step=1)
    trials = {}
    for gone in range(WIDTH):
        kept = torch.tensor([one for one in range(WIDTH) if one != gone])
        trials[gone] = lost(x, weight, kept, solve.squares(weight, moments, kept, 0)[0])
    assert set(range(WIDTH)) - set(left.tolist()) == {min(trials, key=trials.__getitem__)}


def test_leverage_orders_as_the_inverse_does() -> None:
    _, weight, moments = drawn()
    found = scores.leverage(GroupWeights(weight, (), 1), moments, 0.1)
    inverse = torch.linalg.inv(add_damping(moments.second, 0.1))
    assert torch.equal(found.argsort(), (1 / inverse.diagonal()).argsort())
    exact = moments.second @ inverse
    torch.testing.assert_close(found, exact.diagonal(), rtol=1e-9, atol=1e-9)


def test_fluctuation_is_weight_times_variance() -> None:
    x, weight, moments = drawn()
    found = scores.fluctuation(GroupWeights(weight, (), 1), moments, 0)
    torch.testing.assert_close(found, x.var(0, correction=0) * weight.square().sum(0), rtol=1e-4, atol=1e-4)


def test_the_score_of_cfsps_formula_is_the_activation_alone() -> None:
    """Its three terms are each normalised over the dimension that is averaged over afterwards."""
    _x, weight, moments = drawn()
    made = torch.Generator().manual_seed(4)
    gate, up = torch.rand(WIDTH, OUT, generator=made), torch.rand(WIDTH, OUT, generator=made)
    norm = moments.second.diagonal().sqrt()
    down = weight.abs() * norm
    terms = down / down.sum(0) + (up / up.sum(1, keepdim=True)).T + (gate / gate.sum(1, keepdim=True)).T
    released = terms.mean(0) * norm
    found = scores.activation(GroupWeights(weight, (gate, up), 1), moments, 0)
    torch.testing.assert_close(released / released.sum(), found / found.sum(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["wanda", "fluctuation", "activation", "leverage", "surgeon"])
def test_other_names_for_the_channels_give_the_same_scores(name: str) -> None:
    x, weight, moments = drawn()
    order = torch.randperm(WIDTH, generator=torch.Generator().manual_seed(3))
    turned = Moments(WIDTH, OUT)
    turned.add(x[:, order], x @ weight.T)
    score = getattr(scores, name)
    one, other = (
        score(GroupWeights(weight, (), 1), moments, 1e-3),
        score(GroupWeights(weight[:, order], (), 1), turned, 1e-3),
    )
    torch.testing.assert_close(one[order], other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["wanda", "fluctuation", "surgeon"])
def test_a_channel_that_is_scaled_and_scaled_back_keeps_its_score(name: str) -> None:
    x, weight, moments = drawn()
    scale = torch.linspace(0.5, 2, WIDTH, dtype=torch.float64)
    other = Moments(WIDTH, OUT)
    other.add(x * scale, x @ weight.T)
    score = getattr(scores, name)
    one, two = score(GroupWeights(weight, (), 1), moments, 0), score(GroupWeights(weight / scale, (), 1), other, 0)
    torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-5)


def test_the_best_are_kept_in_their_order() -> None:
    assert best(torch.tensor([1.0, 5.0, 5.0, 2.0]), 2).tolist() == [1, 2]
    assert best(torch.tensor([3.0, 3.0, 3.0]), 2).tolist() == [0, 1]


def test_blocks_score_what_their_columns_score_together() -> None:
    _, weight, moments = drawn()
    single = scores.wanda(GroupWeights(weight, (), 1), moments, 0)
    torch.testing.assert_close(scores.wanda(GroupWeights(weight, (), 4), moments, 0), single.view(-1, 4).sum(1))


def weights_and_second(seed: int, rows: int = ALIGNED, groups: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    made = torch.Generator().manual_seed(seed)
    width = groups * GROUP
    x = torch.randn(4 * width, width, generator=made) @ torch.randn(width, width, generator=made)
    return torch.randn(rows, width, generator=made), (x.T @ x / len(x)).double()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 99))
def test_what_is_rounded_lies_on_the_grid_that_the_engine_finds(seed: int) -> None:
    weight, second = weights_and_second(seed)
    found = on_grid(weight, second)
    grid = grid_of(found)
    assert grid is not None
    assert float((grid.wide.float() - found.float()).norm() / found.float().norm()) < 0.01


def test_gptqs_order_is_nearer_than_the_nearest() -> None:
    weight, second = weights_and_second(1)

    def error(rounded: torch.Tensor) -> float:
        change = rounded.double() - weight
        return float((change @ second @ change.T).trace())

    assert error(on_grid(weight, second)) < 0.8 * error(nearest(weight))


def test_with_inputs_that_do_not_hang_together_it_is_the_nearest() -> None:
    weight, _ = weights_and_second(2)
    assert torch.equal(on_grid(weight, 3 * torch.eye(weight.shape[1], dtype=torch.float64)), nearest(weight))


def test_what_lies_on_the_grid_stays_there() -> None:
    weight, second = weights_and_second(3)
    once = on_grid(weight, second)
    again = nearest(once)
    assert float((again.float() - once.float()).norm() / once.float().norm()) < 0.01


def test_nystroms_matrix_is_the_least_squares_one() -> None:
    _, weight, moments = drawn()
    second = moments.second
    nystrom = torch.linalg.solve(second[KEPT][:, KEPT], second[KEPT]) @ weight.T
    torch.testing.assert_close(solve.squares(weight, moments, KEPT, 0)[0], nystrom.T, rtol=1e-4, atol=1e-4)


def test_moments_of_inputs_are_those_of_a_pass() -> None:
    _, weight, moments = drawn()
    found = Moments.of_inputs(moments.count, moments.total, moments.square, weight)
    torch.testing.assert_close(found.cross, moments.cross, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found.target, moments.target, rtol=1e-4, atol=1e-4)
