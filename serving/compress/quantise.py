"""All matrices of a model's layers onto the grid of four bits, after recovery has moved them off it: each by the second
moments of what goes into it, the layers before it being on the grid already.

Recovery moves a weight by a tenth of a step or so, and a new range costs three tenths: each group stays on the grid
that it lay on where no other is nearer. Embeddings and head are never moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from types import MappingProxyType
from typing import Any

from ..network.grid import GROUP, grid_of
from .groups import Kind
from .moments import widen
from .rounding import on_grid
from .stream import Stream, watch

READERS: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "kv": (("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), ("self_attn.o_proj",)),
    "ffn": (("mlp.gate_proj", "mlp.up_proj"), ("mlp.down_proj",)),
}
"""Matrices that read the same input, by half of a layer."""

Progress = Callable[[str, int, int], None]


def linears(model: Any) -> dict[str, Any]:
    """The linear maps of the layers of ``model`` (transformers') by their names in it."""
    names = [name for kinds in READERS.values() for readers in kinds for name in readers]
    return {
        f"model.layers.{number}.{name}": layer.get_submodule(name)
        for number, layer in enumerate(model.model.layers)
        for name in names
    }


def scales_of(model: Any) -> dict[str, Any]:
    """Scales and middles (``FourBitGrid``) of those of ``linears`` that lie on the grid."""
    import torch

    grids = {name: grid_of(one.weight.detach().to(torch.bfloat16)) for name, one in linears(model).items()}
    return {name: grid.scales for name, grid in grids.items() if grid}


def quantise(
    model: Any,
    windows: Any,
    progress: Progress = lambda stage, done, total: None,
    scales: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Rounds ``model`` (transformers') where it stands, by the text ``windows`` ``[windows, tokens]``. ``scales`` are
    what ``scales_of`` said before it was taught."""
    stream, layers = Stream(model, windows), model.model.layers
    for number, layer in enumerate(layers):
        progress("quantise", number, len(layers))
        for kind, readers in READERS.items():
            half = stream.half(number, kind)
            for names, second in _seconds(stream, layer, half, readers):
                for name in names:
                    weight = layer.get_submodule(name).weight
                    if weight.shape[1] % GROUP == 0:
                        held = scales.get(f"model.layers.{number}.{name}")
                        weight.data = on_grid(weight.detach(), second, scales=held).to(weight)
            stream.advance(half)
    progress("quantise", len(layers), len(layers))


def _seconds(
    stream: Stream, layer: Any, half: Any, readers: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The second moments of each input of ``half``, as the half is now."""
    import torch

    with ExitStack() as stack:
        seen = {names: stack.enter_context(watch(layer.get_submodule(names[0]))) for names in readers}
        sums: dict[tuple[str, ...], Any] = {}
        count = 0
        for part, _ in stream.batches(half):
            count += stream.hidden[part].shape[0] * stream.hidden.shape[1]
            for names, held in seen.items():
                inputs = widen(held[0].flatten(0, 1))
                square = (inputs.T @ inputs).to(torch.float64)
                sums[names] = sums[names] + square if names in sums else square
    for names, square in sums.items():
        yield names, square / count
