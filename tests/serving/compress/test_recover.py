"""What was cut learns from the whole model again: nothing else moves, a stopped run goes on, and merging is the same as
running with the change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.compress import steps
from evidentia.serving.compress.divergence import ROWS, distance
from evidentia.serving.compress.pipeline import compress
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.recover import FILE, recover, share_of_rate, share_ranks, turns, with_changes

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated")  # peft asks for it
SMALL = Recipe(keep=0.5, multiple=8, ridge=1e-6, recover=0.05, rank=4)


@pytest.fixture
def single(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock by which every step takes a second."""
    ticks = iter(range(10**6))
    monkeypatch.setattr("time.process_time", lambda: float(next(ticks)))


def cut(model: Any, windows: torch.Tensor) -> Any:
    compress(model, windows, replace(SMALL, recover=0.0), four_bits=False)
    return model


def apart(model: Any, dense: Any, windows: torch.Tensor) -> float:
    with torch.no_grad():
        return float(distance(model(windows).logits, dense(windows).logits))


@pytest.mark.parametrize("architecture", ["llama", "qwen3"])
@pytest.mark.parametrize("ranks", ["importance", "equal"])
def test_the_distance_falls_and_only_matrices_of_layers_move(
    architecture: str, ranks: Any, tiny: Callable[..., Any], windows: torch.Tensor, tmp_path: Path, single: None
) -> None:
    dense = tiny(architecture, torch.float32)
    model = cut(copy.deepcopy(dense), windows)
    before, start = {name: one.clone() for name, one in model.named_parameters()}, apart(model, dense, windows)
    asked = replace(SMALL, ranks=ranks, recover=0.5)
    merged, learnt = recover(model, dense, windows, asked, tmp_path)
    assert learnt.steps >= 10
    assert apart(merged, dense, windows) < start
    after = dict(merged.named_parameters())
    assert after.keys() == before.keys()
    moved = {name for name, one in after.items() if not torch.equal(one, before[name])}
    assert moved == {name for name in before if name.endswith("_proj.weight")}


@pytest.mark.parametrize("fastest", [torch.bfloat16, torch.float32])
def test_it_computes_in_what_is_fastest_and_gives_full_numbers(
    fastest: torch.dtype,
    tiny: Callable[..., Any],
    windows: torch.Tensor,
    tmp_path: Path,
    single: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("evidentia.serving.compress.recover.fastest_dtype", lambda device: fastest)
    dense = tiny(dtype=torch.float32)
    model = cut(copy.deepcopy(dense), windows)
    taught, seen = copy.deepcopy(dense), []
    taught.lm_head.register_forward_hook(lambda module, inputs, scores: seen.append(scores.dtype))
    start = apart(model, dense, windows)
    merged, _ = recover(model, taught, windows, replace(SMALL, recover=0.5), tmp_path)
    assert set(seen) == {fastest}
    assert {one.dtype for one in merged.parameters()} == {torch.float32}
    assert apart(merged, dense, windows) < start


def test_a_stopped_run_goes_on_where_it_was(
    tiny: Callable[..., Any], windows: torch.Tensor, tmp_path: Path, single: None
) -> None:
    dense = tiny(dtype=torch.float32)
    model = cut(copy.deepcopy(dense), windows)
    short, long = replace(SMALL, recover=0.2), replace(SMALL, recover=0.4)
    _, first = recover(copy.deepcopy(model), dense, windows, short, tmp_path)
    assert (tmp_path / FILE).is_file()
    assert not list(tmp_path.rglob("*.pt")), "nothing is pickled"
    merged, both = recover(copy.deepcopy(model), dense, windows, long, tmp_path)
    assert both.steps > first.steps
    assert both.first == first.first
    again, same = recover(copy.deepcopy(model), dense, windows, long, tmp_path)
    assert same.steps == both.steps
    for one, other in zip(merged.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def test_merging_is_the_same_as_running_with_the_changes(tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    model = tiny()
    before = model(windows).logits.detach()
    adapted = with_changes(model, [1, 4, 7], seed=0)
    assert torch.equal(adapted(windows).logits, before), "a change is zero at first"
    with torch.no_grad():
        for name, one in adapted.named_parameters():
            if "lora_B" in name:
                one.normal_(0, 0.1)
    changed = adapted(windows).logits.detach()
    assert float((changed - before).abs().max()) > 0.1
    torch.testing.assert_close(adapted.merge_and_unload()(windows).logits.detach(), changed, rtol=0, atol=1e-8)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=12), st.integers(1, 32))
def test_ranks_add_up_and_follow_importance(importance: list[float], rank: int) -> None:
    found = share_ranks(importance, rank)
    assert sum(found) == rank * len(importance)
    assert min(found) >= 1
    for one, other in zip(range(len(found) - 1), range(1, len(found)), strict=True):
        if importance[one] == importance[other]:
            assert abs(found[one] - found[other]) <= 1
    assert share_ranks([1.0] * 5, 7) == [7] * 5


def test_a_layer_that_does_nothing_turns_nothing(tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    model = tiny()
    with torch.no_grad():
        model.model.layers[1].mlp.down_proj.weight.zero_()
        model.model.layers[1].self_attn.o_proj.weight.zero_()
    found = turns(model, windows)
    assert found[1] == pytest.approx(0, abs=1e-4)
    assert found[0] > 0.01


def test_the_distance_is_that_of_kullback_and_leibler() -> None:
    one, two = torch.randn(2, 3, 7), torch.randn(2, 3, 7)
    p, q = one.softmax(-1), two.softmax(-1)
    expected = (q * (q / p).log()).sum(-1).mean()
    torch.testing.assert_close(distance(one, two), expected)
    assert float(distance(one, one)) == pytest.approx(0, abs=1e-6)


def test_the_gradient_of_the_distance_is_that_of_the_formula() -> None:
    functional = torch.nn.functional
    scores, wanted = (3 * torch.randn(2, ROWS + 3, 50) for _ in range(2))
    plain, ours = (scores.clone().requires_grad_(True) for _ in range(2))
    said, told = (functional.log_softmax(one.flatten(0, 1), -1) for one in (plain, wanted))
    functional.kl_div(said, told, log_target=True, reduction="batchmean").mul(2).backward()
    (2 * distance(ours, wanted)).backward()
    torch.testing.assert_close(ours.grad, plain.grad)


def test_the_learning_rate_rises_and_falls() -> None:
    at = [share_of_rate(done) for done in (0, 0.03, 0.05, 0.5, 1)]
    assert at[0] < at[1] < at[2] == 1 > at[3] > at[4] == 0


def test_the_order_of_steps_is_held() -> None:
    done: list[str] = []
    for step in steps.ORDER:
        done = steps.follow(done, step)
    assert done == list(steps.ORDER)
    with pytest.raises(InputError, match="recover would undo what quantise did"):
        steps.follow(["prune", "quantise"], "recover")
    assert steps.follow(["prune"], "prune") == ["prune", "prune"]
