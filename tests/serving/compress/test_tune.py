"""Recovery on the grid: scales and middles learn, and nothing leaves it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from evidentia.serving.compress import card
from evidentia.serving.compress.divergence import distance
from evidentia.serving.compress.rounding import nearest
from evidentia.serving.compress.tune import MATRICES, OnGrid, tune
from evidentia.serving.network.grid import grid_of

WIDE = {"num_attention_heads": 4, "num_key_value_heads": 4}
"""Every matrix has rows enough for the grid."""


@pytest.fixture
def single(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock by which every step takes a second."""
    ticks = iter(range(10**6))
    monkeypatch.setattr("time.process_time", lambda: float(next(ticks)))


def quiet(stage: str, done: int, total: int) -> None:
    pass


def gridded(weight: torch.Tensor) -> Any:
    grid = grid_of(nearest(weight))
    assert grid is not None
    return grid


def on_the_grid(model: Any) -> Any:
    """``model`` with every matrix of its layers rounded."""
    with torch.no_grad():
        for layer in model.model.layers:
            for name in MATRICES:
                weight = layer.get_submodule(name).weight
                weight.copy_(nearest(weight))
    return model


def wholes(model: Any) -> list[torch.Tensor]:
    found = []
    for layer in model.model.layers:
        for name in MATRICES:
            grid = grid_of(layer.get_submodule(name).weight.detach().to(torch.bfloat16))
            assert grid is not None, name
            found.append(grid.whole.clone())
    return found


def test_without_a_change_the_weights_are_those_of_the_grid() -> None:
    grid = gridded(torch.randn(64, 96))
    wide, on = grid.wide.float().clone(), OnGrid(grid)
    made = on(on.right_inverse(wide))
    assert torch.equal(made.to(torch.bfloat16).float(), wide)


def test_the_gradient_is_that_of_the_formula() -> None:
    on = OnGrid(gridded(torch.randn(64, 96)))
    change = (0.1 * torch.randn(2, 64, 3)).requires_grad_(True)
    wanted = torch.randn(64, 96)
    found = torch.autograd.grad((on(change) * wanted).sum(), change)
    scale, middle = on.scale * (1 + change[0]), on.middle + on.scale * change[1]
    plain = (on.whole * scale[..., None] + middle[..., None]).flatten(1)
    torch.testing.assert_close(found, torch.autograd.grad((plain * wanted).sum(), change))


def test_the_distance_falls_on_the_grid(
    tiny: Callable[..., Any], windows: torch.Tensor, tmp_path: Path, single: None
) -> None:
    dense = tiny(dtype=torch.float32, **WIDE)
    model = on_the_grid(copy.deepcopy(dense))
    before, start = wholes(model), copy.deepcopy(model)
    learnt = tune(model, copy.deepcopy(dense), windows, 1.0, kept=tmp_path, progress=quiet)
    assert learnt.steps >= 10
    with torch.no_grad():
        wanted = dense(windows).logits
        assert distance(model(windows).logits, wanted) < distance(start(windows).logits, wanted)
    assert all(torch.equal(after, whole) for after, whole in zip(wholes(model), before, strict=True))
    assert torch.equal(model.lm_head.weight, dense.lm_head.weight)
    assert not any(one.requires_grad for one in model.parameters())
    assert model.state_dict().keys() == dense.state_dict().keys()


def test_only_a_matrix_on_the_grid_moves(
    tiny: Callable[..., Any], windows: torch.Tensor, tmp_path: Path, single: None
) -> None:
    model = tiny(dtype=torch.float32)
    down = model.model.layers[0].mlp.down_proj.weight
    with torch.no_grad():
        down.copy_(nearest(down))
    before = copy.deepcopy(model)
    tune(model, copy.deepcopy(model), windows, 0.1, kept=tmp_path, progress=quiet)
    moved = {name for name, one in model.state_dict().items() if not torch.equal(one, before.state_dict()[name])}
    assert moved == {"model.layers.0.mlp.down_proj.weight"}


def test_a_model_on_the_grid_is_worth_the_same_as_it_is_served(tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    model = on_the_grid(tiny(dtype=torch.float32, **WIDE))
    alone = card.surprises(model, windows[:4])
    assert card.served_surprises(model, windows[:4]) == pytest.approx(alone, rel=0.02)
