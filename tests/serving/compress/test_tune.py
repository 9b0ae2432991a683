"""What a rounded model learns behind the rounding: its scales, its middles and its norms, and nothing leaves the grid."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from evidentia.serving.compress.quantise import linears, quantise, scales_of
from evidentia.serving.compress.recover import distance
from evidentia.serving.compress.rounding import nearest
from evidentia.serving.compress.tune import OnGrid, tune
from evidentia.serving.network.grid import grid_of

WIDE = {"num_attention_heads": 4, "num_key_value_heads": 4}
"""Every matrix has rows enough for the grid."""


@pytest.fixture
def single(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock by which every step takes a second."""
    ticks = iter(range(10**6))
    monkeypatch.setattr("time.process_time", lambda: float(next(ticks)))


def gridded(weight: torch.Tensor) -> Any:
    grid = grid_of(nearest(weight))
    assert grid is not None
    return grid


def wholes(model: Any) -> dict[str, torch.Tensor]:
    found = {}
    for name, one in linears(model).items():
        grid = grid_of(one.weight.detach().to(torch.bfloat16))
        assert grid is not None, name
        found[name] = grid.whole.clone()
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
    model = copy.deepcopy(dense)
    quantise(model, windows)
    before, start = wholes(model), copy.deepcopy(model)
    learnt = tune(model, dense, windows, 40.0, tmp_path, lambda stage, done, total: None)
    assert learnt.steps >= 10
    with torch.no_grad():
        wanted = dense(windows).logits
        assert distance(model(windows).logits, wanted) < distance(start(windows).logits, wanted)
    after = wholes(model)
    assert all(torch.equal(after[name], whole) for name, whole in before.items())
    assert torch.equal(model.lm_head.weight, dense.lm_head.weight)
    assert not any(one.requires_grad for one in model.parameters())
    assert model.state_dict().keys() == dense.state_dict().keys()


def test_a_matrix_on_no_grid_stays_as_it_is(
    tiny: Callable[..., Any], windows: torch.Tensor, tmp_path: Path, single: None
) -> None:
    model = tiny(dtype=torch.float32)
    before = copy.deepcopy(model)
    tune(model, copy.deepcopy(model), windows, 5.0, tmp_path, lambda stage, done, total: None)
    moved = {name for name, one in model.state_dict().items() if not torch.equal(one, before.state_dict()[name])}
    assert all("norm" in name for name in moved)


def test_what_moved_a_little_is_rounded_onto_the_grid_that_it_lay_on(
    tiny: Callable[..., Any], windows: torch.Tensor
) -> None:
    model = tiny(dtype=torch.float32, **WIDE)
    quantise(model, windows)
    scales = scales_of(model)
    assert scales.keys() == linears(model).keys()
    still, moved = copy.deepcopy(model), copy.deepcopy(model)
    quantise(still, windows, scales=scales)
    assert all(torch.equal(whole, wholes(model)[name]) for name, whole in wholes(still).items())
    made = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for one in linears(moved).values():
            step = one.weight.unflatten(1, (-1, 32)).amax(-1).repeat_interleave(32, 1) / 8
            one.weight += 0.1 * step * torch.randn(one.weight.shape, generator=made)
        wanted = moved(windows).logits
    anew = copy.deepcopy(moved)
    quantise(anew, windows)
    quantise(moved, windows, scales=scales)
    with torch.no_grad():
        assert distance(moved(windows).logits, wanted) < distance(anew(windows).logits, wanted)
