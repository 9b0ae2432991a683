"""Two thin matrices for one: as near as the singular values say, and never more numbers than before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from evidentia.serving.compress.lowrank import cost, even, factors, ranks, split


def drawn() -> tuple[torch.Tensor, torch.Tensor]:
    made = torch.Generator().manual_seed(0)
    x = torch.randn(400, 16, generator=made).double() @ torch.randn(16, 16, generator=made).double()
    return torch.randn(12, 16, generator=made).double(), x


def test_the_error_is_that_of_the_values_that_go() -> None:
    weight, _ = drawn()
    up, down = factors(weight, 5)
    values = torch.linalg.svdvals(weight)
    assert float((up @ down - weight).square().sum()) == pytest.approx(float(values[5:].square().sum()))


def test_with_moments_the_outputs_are_nearer() -> None:
    weight, x = drawn()
    second = x.T @ x / len(x)

    def error(pair: tuple[torch.Tensor, torch.Tensor]) -> float:
        return float((x @ (pair[0] @ pair[1] - weight).T).square().mean())

    assert error(factors(weight, 5, second)) < error(factors(weight, 5))


def test_full_rank_is_the_matrix_itself() -> None:
    weight, x = drawn()
    for second in (None, x.T @ x / len(x)):
        up, down = factors(weight, 12, second)
        torch.testing.assert_close(up @ down, weight, rtol=0, atol=1e-6)


def test_one_threshold_keeps_what_was_asked_for() -> None:
    made = torch.Generator().manual_seed(2)
    thin = torch.randn(40, 3, generator=made) @ torch.randn(3, 60, generator=made)
    weights = [thin + 0.01 * torch.randn(40, 60, generator=made), torch.randn(40, 60, generator=made)]
    found = ranks(weights, 0.6)
    held = sum(cost((40, 60), rank or 40) for rank in found)
    assert held <= 0.6 * 2 * 2400
    assert found[0] is not None
    assert found[0] < (found[1] or 40)


def test_a_matrix_that_is_cheaper_whole_stays_whole() -> None:
    assert even((40, 60)) == 24
    assert cost((40, 60), 30) == 2400
    assert ranks([torch.eye(8) + torch.diag(torch.linspace(0, 1, 8))], 1.0) == [None]


def test_a_split_model_gives_nearly_the_same_where_nearly_all_is_kept(tiny: Callable[..., Any]) -> None:
    model, ids = tiny(), torch.arange(12)[None]
    with torch.no_grad():
        for layer in model.model.layers:
            thin = layer.mlp.up_proj.weight
            thin.copy_(thin[:, :3] @ torch.randn(3, thin.shape[1], dtype=thin.dtype))
        expected = model(ids).logits
        low, whole = split(model, 0.9)
        found = model(ids).logits
    assert "0.mlp.up_proj" in low
    assert not set(low) & set(whole)
    assert len(low) + len(whole) == 3 * 7
    assert isinstance(model.model.layers[0].mlp.up_proj, torch.nn.Sequential)
    assert float((found - expected).norm() / expected.norm()) < 1
