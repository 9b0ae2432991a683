"""Every way to multiply gives what the plain product gives, in narrow passes and wide ones."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.serving.network import head
from evidentia.serving.network import linear as linear_module
from evidentia.serving.network.grid import ALIGNED, GROUP, grid_of
from evidentia.serving.network.head import can_pack_eight, eight_bits
from evidentia.serving.network.linear import NARROW, WIDER, can_pack_four, linear, narrow_rows, round_to_int8


def on_grid(rows: int, width: int, seed: int, spread: float = 0.05) -> torch.Tensor:
    """Weights as GGUF's Q4_1 keeps them, widened to bf16: every group holds its least and its largest step."""
    made = torch.Generator().manual_seed(seed)
    whole = torch.randint(0, 16, (rows, width // GROUP, GROUP), generator=made)
    whole[..., 0], whole[..., 1] = 0, 15
    scale = (torch.rand(rows, width // GROUP, 1, generator=made) + 0.1).half().float() * spread
    least = -8 * scale + torch.randn(scale.shape, generator=made) * spread
    return (whole * scale + least).view(rows, width).to(torch.bfloat16)


def apart(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    return float((ours.float() - theirs.float()).norm() / theirs.float().norm())


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 99), st.floats(1e-3, 10.0))
def test_a_grid_is_found_and_gives_the_same_weights(tall: int, wide: int, seed: int, spread: float) -> None:
    weight = on_grid(tall * ALIGNED, wide * GROUP, seed, spread)
    grid = grid_of(weight)
    assert grid is not None
    assert int(grid.whole.min()) == 0
    assert int(grid.whole.max()) == 15
    assert apart(grid.wide, weight) < 0.005


def test_a_group_of_equal_weights_is_on_a_grid() -> None:
    weight = torch.full((ALIGNED, GROUP), 0.25, dtype=torch.bfloat16)
    grid = grid_of(weight)
    assert grid is not None
    assert torch.equal(grid.wide, weight)


def test_weights_on_no_grid_are_left_alone() -> None:
    weight = torch.randn(ALIGNED, 2 * GROUP, generator=torch.Generator().manual_seed(1)).to(torch.bfloat16)
    assert grid_of(weight) is None
    mixed = on_grid(8 * ALIGNED, 2 * GROUP, 1)
    mixed[-1, 5] += 0.3 * float(mixed[-1].abs().max())
    assert grid_of(mixed) is None


@pytest.mark.parametrize("shape", [(ALIGNED - 1, GROUP), (ALIGNED, GROUP + 1)])
def test_shapes_that_the_kernel_does_not_take_are_left_alone(shape: tuple[int, int]) -> None:
    assert grid_of(torch.zeros(shape, dtype=torch.bfloat16)) is None


def test_other_dtypes_are_left_alone() -> None:
    assert grid_of(on_grid(ALIGNED, GROUP, 1).float()) is None


@pytest.mark.skipif(not can_pack_four(), reason="this build of torch has no kernel for four bits")
@pytest.mark.parametrize("rows", [1, 2, NARROW["int4"], NARROW["int4"] + 1, 40])
@pytest.mark.parametrize("with_bias", [False, True])
def test_four_bits_multiply_like_the_weights(rows: int, with_bias: bool) -> None:
    weight = on_grid(2 * ALIGNED, 8 * GROUP, 3)
    bias = torch.linspace(-1, 1, len(weight)).to(torch.bfloat16) if with_bias else None
    x = torch.randn(rows, weight.shape[1], generator=torch.Generator().manual_seed(rows)).to(torch.bfloat16)
    assert apart(linear(weight, bias, "int4")(x), torch.nn.functional.linear(x, weight, bias)) < 0.01


@pytest.mark.skipif(not can_pack_four(), reason="this build of torch has no kernel for four bits")
@pytest.mark.parametrize("rows", [1, NARROW["int4"], NARROW["int4"] + 1])
def test_a_model_of_fp32_takes_four_bits_too(rows: int) -> None:
    weight = on_grid(2 * ALIGNED, 8 * GROUP, 3).float()
    x = torch.randn(rows, weight.shape[1], generator=torch.Generator().manual_seed(rows))
    ours = linear(weight, None, "int4")(x)
    assert ours.dtype is torch.float32
    assert apart(ours, torch.nn.functional.linear(x, weight)) < 0.01


@pytest.mark.skipif(not can_pack_four(), reason="this build of torch has no kernel for four bits")
@pytest.mark.parametrize("most", [NARROW["int4"], WIDER])
def test_four_bits_are_multiplied_as_such_up_to_the_rows_that_were_measured(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear_module, "narrow_rows", lambda dtype: most)
    weight = on_grid(2 * ALIGNED, 8 * GROUP, 3).float()
    x = torch.randn(WIDER, weight.shape[1], generator=torch.Generator().manual_seed(1))
    product = linear(weight, None, "int4")
    for rows in range(1, WIDER + 1):  # only the kernel of four bits takes its input in bf16
        same = torch.equal(product(x[:rows]), product(x[:rows].bfloat16().float()))
        assert same == (rows <= most)


@pytest.mark.skipif(not can_pack_four(), reason="this build of torch has no kernel for four bits")
def test_what_is_measured_is_one_of_two_widths() -> None:
    assert narrow_rows(torch.float32) in (NARROW["int4"], WIDER)


@pytest.mark.parametrize("rows", [1, 2])
def test_weights_that_bf16_does_not_hold_are_left_to_torch(rows: int) -> None:
    made = torch.Generator().manual_seed(4)
    weight, x = torch.randn(ALIGNED, 2 * GROUP, generator=made), torch.randn(rows, 2 * GROUP, generator=made)
    assert torch.equal(linear(weight, None, "int4")(x), torch.nn.functional.linear(x, weight))


@pytest.mark.parametrize("rows", [1, NARROW["int8"] + 1])
@pytest.mark.parametrize("kind", ["plain", "packed", "int8", "int4"])
def test_weights_on_no_grid_multiply_like_the_weights(kind: str, rows: int) -> None:
    made = torch.Generator().manual_seed(2)
    weight = torch.randn(ALIGNED, 2 * GROUP, generator=made).to(torch.bfloat16)
    x = torch.randn(rows, weight.shape[1], generator=made).to(torch.bfloat16)
    ours, theirs = linear(weight, None, kind)(x), torch.nn.functional.linear(x, weight)
    assert apart(ours, theirs) < (0.02 if kind == "int8" else 0.005)


@pytest.mark.skipif(not can_pack_eight(), reason="this build of torch has no products in whole numbers")
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("with_bias", [False, True])
def test_a_head_in_eight_bits_rounds_its_weights_and_hardly_its_input(dtype: torch.dtype, with_bias: bool) -> None:
    made = torch.Generator().manual_seed(5)
    weight = torch.randn(512, 96, generator=made).to(dtype)
    bias = torch.linspace(-1, 1, len(weight)).to(dtype) if with_bias else None
    x = torch.randn(40, 96, generator=made).to(dtype)
    x[:, 7] *= 100  # one channel carries most of the energy, as in the packaged model
    whole, scale = round_to_int8(weight)
    rounded = whole.float() * scale.float()[:, None]
    ours = eight_bits(weight, bias)(x)
    wanted = torch.nn.functional.linear(x.float(), rounded, None if bias is None else bias.float())
    assert ours.dtype is dtype
    assert apart(ours, wanted) < (5e-4 if dtype is torch.float32 else 5e-3)


@pytest.mark.skipif(not can_pack_eight(), reason="this build of torch has no products in whole numbers")
def test_the_scores_of_a_row_in_eight_bits_do_not_depend_on_the_others() -> None:
    made = torch.Generator().manual_seed(6)
    scores, x = eight_bits(torch.randn(512, 96, generator=made), None), torch.randn(17, 96, generator=made)
    assert all(torch.equal(scores(x[at : at + 1])[0], scores(x)[at]) for at in range(len(x)))


@pytest.mark.skipif(not (can_pack_four() and can_pack_eight()), reason="this build of torch lacks a kernel")
def test_a_head_is_rounded_only_for_int4_where_it_is_large_and_that_is_clearly_faster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = torch.nn.Linear(64, head.LARGE // 64, bias=False)
    x = torch.ones(1, 64)
    plain, rounded = large(x), eight_bits(large.weight.detach(), None)(x)
    monkeypatch.setattr(head, "_is_faster", lambda *_: True)
    assert torch.equal(head.head_product(large, "int4")(x), rounded)
    assert torch.equal(head.head_product(large, "plain")(x), plain)
    small = torch.nn.Linear(64, 64, bias=False)
    assert torch.equal(head.head_product(small, "int4")(x), linear(small.weight.detach(), None, "int4")(x))
    monkeypatch.setattr(head, "_is_faster", lambda *_: False)
    usual = linear(large.weight.detach(), None, "int4")(x)
    assert torch.equal(head.head_product(large, "int4")(x), usual)
    assert not torch.equal(usual, rounded)
