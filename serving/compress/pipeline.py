"""A model goes through the skeleton: moments, scores, units, least squares, rounding, layer by layer.

What is left of a layer meets a text that went through the layers before it as they are now, so that each makes good for
what the last did. Knows nothing of files, except that a finished layer is handed to ``Kept``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from ...corpus.cancellation import check
from ...errors import InputError
from . import budgets
from .choice import best, greedy
from .cut import slice_off
from .groups import Group, Kind, groups, indices
from .moments import Moments, add_damping, widen
from .recipes import Recipe
from .rounding import on_grid
from .scores import GroupWeights
from .strategies import strategy
from .strategy import SOLVES
from .stream import BATCH, Heard, Stream, watch

Progress = Callable[[str, int, int], None]
Carry = Callable[[Group, Any, Moments], None]
"""Told of each cut half: its group, the columns that stay, and the moments, for what hangs on the weights."""


class Kept(Protocol):
    """Finished layers of a run that was stopped."""

    def layer(self, number: int) -> dict[str, Any] | None:
        """Tensors by their name in the layer."""
        ...

    def keep(self, number: int, tensors: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Cut:
    """What was done to one half of a layer."""

    layer: int
    kind: Kind
    units: int
    """Columns of the consumer that stay."""


def compress(
    model: Any,
    windows: Any,
    recipe: Recipe,
    *,
    four_bits: bool,
    widths: Sequence[int] | None = None,
    kept: Kept | None = None,
    carry: Carry | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> list[Cut]:
    """Cuts ``model`` (transformers', of the Llama family) where it stands. ``windows`` ``[windows, tokens]`` are ids of
    the calibration text; with ``four_bits`` the consumers are rounded onto the engine's grid; ``widths`` are units of
    the feed-forward by layer, the same everywhere unless given."""
    import torch

    chosen = strategy(recipe.strategy)
    solve = recipe.solve or chosen.solve
    if chosen.random_text:
        made = torch.Generator().manual_seed(recipe.seed)
        windows = torch.randint(model.config.vocab_size, windows.shape, generator=made)
    plan = _groups(model.config, recipe, widths)
    stream = Stream(model, windows)
    dense = Stream(model, windows) if recipe.toward == "dense" and solve in ("squares", "affine") else None
    finished = kept is not None and kept.layer(len(plan) - 1) is not None  # no text is needed any more
    cuts: list[Cut] = []
    for number, halves in enumerate(plan):
        progress("layers", number, len(plan))
        layer, done = model.model.layers[number], kept.layer(number) if kept else None
        for kind, wanted in halves.items():
            if dense is not None and not finished:
                dense.advance(dense.half(number, kind))
            if wanted is not None and done is None:
                group, keep = wanted
                moments = moments_of(stream, layer, group, dense)
                cuts.append(
                    _cut(layer, group, keep=keep, moments=moments, recipe=recipe, four_bits=four_bits, carry=carry)
                )
            elif wanted is not None and done is not None:
                restore(layer, wanted[0], done)
            if not finished:
                stream.advance(stream.half(number, kind))
        if kept is not None and done is None:
            kept.keep(number, tensors(layer, [wanted[0] for wanted in halves.values() if wanted]))
    progress("layers", len(plan), len(plan))
    fit_config(model)
    return cuts


def cut_at_once(
    model: Any,
    moments: Callable[[Group], Moments],
    recipe: Recipe,
    *,
    four_bits: bool,
    widths: Sequence[int] | None = None,
) -> list[Cut]:
    """Cuts all layers by ``moments`` of the dense model, as FLAP's and CFSP's released codes do: no layer makes good
    for the ones before it, and many models can be cut from one pass over the text."""
    cuts = [
        _cut(
            model.model.layers[group.layer],
            group,
            keep=keep,
            moments=moments(group),
            recipe=recipe,
            four_bits=four_bits,
            carry=None,
        )
        for halves in _groups(model.config, recipe, widths)
        for wanted in halves.values()
        if wanted is not None
        for group, keep in [wanted]
    ]
    fit_config(model)
    return cuts


def compress_groups(
    model: Any,
    found: Sequence[Group],
    windows: Any,
    recipe: Recipe,
    *,
    kept: Kept,
    progress: Progress = lambda stage, done, total: None,
) -> None:
    """Cuts the feed-forwards ``found`` (``traced.py``), named from ``model`` onwards, in their order: each meets the
    text as the ones before it now leave it. The settings stay as they were."""
    for group in found:
        progress("layers", group.layer, len(found))
        if (done := kept.layer(group.layer)) is not None:
            restore(model, group, done)
            continue
        keep = budgets.equal(group.units, recipe.keep, recipe.multiple)
        moments = heard_moments(model, group, windows)
        _cut(model, group, keep=keep, moments=moments, recipe=recipe, four_bits=False, carry=None)
        kept.keep(group.layer, tensors(model, [group]))
    progress("layers", len(found), len(found))


def _groups(config: Any, recipe: Recipe, widths: Sequence[int] | None) -> list[dict[Kind, tuple[Group, int] | None]]:
    """The two halves of each layer in their order, each with its group and how many units stay; ``None``: all of
    them."""
    plan: list[dict[Kind, tuple[Group, int] | None]] = []
    for ffn, heads in zip(groups(config, "ffn"), groups(config, "kv"), strict=True):
        keep = widths[ffn.layer] if widths else budgets.equal(ffn.units, recipe.keep, recipe.multiple)
        blocks = ffn.blocks(recipe.block)
        left = max(1, round(recipe.heads * heads.units))
        plan.append(
            {
                "kv": (heads, left) if left < heads.units else None,
                "ffn": (blocks, keep // recipe.block) if keep < ffn.units else None,
            }
        )
    return plan


def moments_of(stream: Stream, layer: Any, group: Group, dense: Stream | None) -> Moments:
    """The moments of the consumer's input. Wanted is what it adds now, or what brings the text where the dense model
    has it."""
    consumer = layer.get_submodule(group.consumer)
    moments = Moments(group.width, consumer.out_features)
    with watch(consumer) as seen:
        for part, after in stream.batches(stream.half(group.layer, group.kind)):
            goal = after if dense is None else dense.hidden[part]
            wanted = widen(goal) - widen(stream.hidden[part])
            if consumer.bias is not None:
                wanted = wanted - widen(consumer.bias.detach())
            moments.add(seen[0].flatten(0, 1), wanted.flatten(0, 1))
    return moments


def heard_moments(model: Any, group: Group, windows: Any) -> Moments:
    """The moments of the consumer's input, of a model of which nothing is known but that it reads ``windows``. Wanted
    is what the consumer gives now."""
    import torch

    consumer = model.get_submodule(group.consumer)
    moments = Moments(group.width, consumer.out_features)
    with torch.no_grad(), watch(consumer, stop=True) as seen:
        for start in range(0, len(windows), BATCH):
            check()
            with suppress(Heard):
                model(windows[start : start + BATCH], use_cache=False)
            inputs = seen[0].flatten(0, -2)
            moments.add(inputs, torch.nn.functional.linear(inputs, consumer.weight))
    return moments


def weights_of(layer: Any, group: Group) -> GroupWeights:
    producers = [layer.get_submodule(name).weight.detach() for name, _ in group.producers]
    return GroupWeights(layer.get_submodule(group.consumer).weight.detach(), producers, group.columns)


def _cut(
    layer: Any, group: Group, keep: int, moments: Moments, recipe: Recipe, four_bits: bool, carry: Carry | None
) -> Cut:
    """Raises ``InputError`` for moments that cannot be inverted: a channel that the text never reaches."""
    import torch

    try:
        return _cut_invertible(layer, group, keep, moments=moments, recipe=recipe, four_bits=four_bits, carry=carry)
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        raise InputError(
            "the calibration text never reaches some channels, so nothing can be fitted to it",
            where=f"layer {group.layer}, {group.consumer}",
            fix="give more text, or a recipe with a larger ridge",
        ) from error


def _cut_invertible(
    layer: Any, group: Group, keep: int, *, moments: Moments, recipe: Recipe, four_bits: bool, carry: Carry | None
) -> Cut:
    chosen, weights = strategy(recipe.strategy), weights_of(layer, group)
    if chosen.greedy:
        units, _ = greedy(weights.consumer, add_damping(moments.second, recipe.ridge), group.columns, keep)
    else:
        units = best(chosen.score(weights, moments, recipe.ridge), keep)
    solve = recipe.solve or chosen.solve
    if four_bits and solve in ("squares", "affine") and group.kind == "ffn":
        # Channels may stand in any order: those that matter most are rounded first, and the rest make good for it.
        energy = moments.second.diagonal().view(-1, group.columns).sum(1)
        units = units[energy[units].argsort(descending=True)]
    columns = indices(units, group.columns)
    weight, bias = SOLVES[solve](weights.consumer, moments, columns, recipe.ridge)
    if four_bits and (solve in ("squares", "affine") or group.columns % 32):
        weight = on_grid(weight, moments.second[columns][:, columns]).double()
    if carry is not None:
        carry(group, units, moments)
    slice_off(layer, group, units, weight, bias)
    return Cut(group.layer, group.kind, len(columns))


def tensors(layer: Any, cut: Sequence[Group]) -> dict[str, Any]:
    """The weights and biases of what belongs to ``cut``, by their names in the layer."""
    names = [name for group in cut for name in (*(one for one, _ in group.producers), group.consumer)]
    return {
        f"{name}.{part}": value.detach()
        for name in names
        for part in ("weight", "bias")
        if (value := getattr(layer.get_submodule(name), part)) is not None
    }


def restore(layer: Any, group: Group, held: dict[str, Any]) -> None:
    """Puts what ``tensors`` gave back into a layer that is still whole."""
    from .cut import put

    for name in (*(one for one, _ in group.producers), group.consumer):
        put(layer.get_submodule(name), held[f"{name}.weight"], held.get(f"{name}.bias"))


def fit_config(model: Any) -> None:
    """The settings of the model say what its first layer is like."""
    layer, config = model.model.layers[0], model.config
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    config.head_dim = size
    config.intermediate_size = layer.mlp.down_proj.in_features
    config.num_attention_heads = layer.self_attn.q_proj.out_features // size
    config.num_key_value_heads = layer.self_attn.k_proj.out_features // size
