"""All matrices of a model's layers onto the grid of four bits, after recovery has moved them off it: each by the second
moments of what goes into it, the layers before it being on the grid already.

Pruning alone moves only ``down``, which ``pipeline.py`` rounds on its way. Embeddings and head are never moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from ..network.grid import GROUP
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


def quantise(model: Any, windows: Any, progress: Progress = lambda stage, done, total: None) -> None:
    """Rounds ``model`` (transformers') where it stands, by the text ``windows`` ``[windows, tokens]``."""
    stream, layers = Stream(model, windows), model.model.layers
    for number, layer in enumerate(layers):
        progress("quantise", number, len(layers))
        for kind, readers in READERS.items():
            half = stream.half(number, kind)
            for names, second in _seconds(stream, layer, half, readers):
                for name in names:
                    weight = layer.get_submodule(name).weight
                    if weight.shape[1] % GROUP == 0:
                        weight.data = on_grid(weight.detach(), second).to(weight)
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
