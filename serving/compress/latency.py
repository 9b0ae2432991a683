"""How long a pass takes by the width of the feed-forward, on this machine and as the engine multiplies; and the widest
one that is so many times faster (ZipLM's target, arXiv 2302.04089).

Measured on the first layers of the model, cut to blocks of 32 channels, which need no rounding. Processor time, the
widths taking turns, so that other jobs count little. Knows nothing of what a width costs in quality.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import linear_regression
from types import SimpleNamespace
from typing import Any

from ...errors import InputError
from ..network.dtype import fastest_dtype
from ..network.lean import LeanNetwork
from ..network.network import SequenceInput

FEW, MANY = 1, 5
"""Layers of the two models whose difference is a layer's time."""
TURNS, CONTEXT, WIDEST = 9, 256, 8
"""Measurements of each width, tokens behind which a token is read, and how many widths are measured."""


@dataclass(frozen=True, slots=True)
class LatencyTable:
    """Seconds of a pass over one token."""

    layers: int
    rest: float
    """What is no layer: head and embedding."""
    layer: Mapping[int, float]
    """By the width of its feed-forward."""

    def seconds(self, width: int) -> float:
        """A pass of the whole model at one width; widths that were not measured lie on the line between others."""
        return self.rest + self.layers * self._layer(width)

    def _layer(self, width: int) -> float:
        known = sorted(self.layer)
        if width <= known[0] or len(known) == 1:
            return self.layer[known[0]]
        above = next((one for one in known if one >= width), known[-1])
        below = known[max(0, known.index(above) - 1)]
        share = (width - below) / (above - below)
        return self.layer[below] + share * (self.layer[above] - self.layer[below])

    def faster(self, width: int) -> float:
        """How many times faster than the widest."""
        return self.seconds(max(self.layer)) / self.seconds(width)

    def width_for(self, target: float, multiple: int) -> int:
        """The widest multiple that is ``target`` times faster. Raises ``InputError`` with the most that can be had."""
        widths = range(max(self.layer) // multiple * multiple, 0, -multiple)
        found = next((width for width in widths if self.faster(width) >= target), None)
        if found is None:
            most = self.faster(multiple)
            raise InputError(
                f"no width of the feed-forward makes this model {target:g} times faster on this machine",
                where=f"{multiple} channels: {most:.2f} times",
                fix=f"ask for at most {int(100 * most + 1e-6) / 100:g}, or keep fewer --rows as well",
            )
        return found


def latency_table(model: Any, multiple: int) -> LatencyTable:
    """The table of transformers' ``model``, in a minute."""
    full = int(model.config.intermediate_size)
    steps = range(multiple, full + 1, multiple)
    widths = sorted({*steps[:: max(1, len(steps) // WIDEST)], multiple, full})
    kinds: list[tuple[int, int]] = [(FEW, full), *((MANY, width) for width in widths)]
    model = copy.deepcopy(model).to(fastest_dtype("cpu"))
    networks: dict[tuple[int, int], LeanNetwork] = {}
    for kind in kinds:
        networks[kind] = network_of(model, *kind, like=networks.get(kinds[0]))
    found: dict[tuple[int, int], list[float]] = {kind: [] for kind in kinds}
    for _ in range(TURNS):
        for kind, network in networks.items():
            found[kind].append(_seconds(network))
    return table_of({kind: min(times[1:]) for kind, times in found.items()}, full, model.config.num_hidden_layers)


def table_of(seconds: Mapping[tuple[int, int], float], full: int, layers: int) -> LatencyTable:
    """The table, from seconds by number of layers and width: the line through what was measured, since a pass takes as
    long as it reads weights, and what single widths differ by is the noise of a busy machine."""
    one = (seconds[MANY, full] - seconds[FEW, full]) / (MANY - FEW)
    rest = max(0.0, seconds[FEW, full] - FEW * one)
    times = {width: (time_ - rest) / MANY for (many, width), time_ in seconds.items() if many == MANY}
    if len(times) < 2:
        return LatencyTable(layers, rest, times)
    slope, start = linear_regression([*times], [*times.values()])
    return LatencyTable(layers, rest, {width: start + max(0.0, slope) * width for width in times})


def network_of(model: Any, layers: int, width: int, like: LeanNetwork | None) -> LeanNetwork:
    """The first layers, with the first channels of their feed-forward, as they are served."""
    config, kept = copy.deepcopy(model.config), [copy.deepcopy(layer) for layer in model.model.layers[:layers]]
    config.num_hidden_layers, config.intermediate_size = layers, width
    for layer in kept:
        for name in ("gate_proj", "up_proj"):
            _cut(layer.mlp.get_submodule(name), rows=width)
        _cut(layer.mlp.down_proj, columns=width)
    body = SimpleNamespace(layers=kept, norm=model.model.norm, rotary_emb=model.model.rotary_emb)
    small = SimpleNamespace(
        config=config,
        model=body,
        get_input_embeddings=model.get_input_embeddings,
        get_output_embeddings=model.get_output_embeddings,
    )
    return LeanNetwork(small, "int4", like)


def _cut(module: Any, rows: int | None = None, columns: int | None = None) -> None:
    from .cut import put

    bias = None if module.bias is None else module.bias.detach()[:rows]
    put(module, module.weight.detach()[:rows, :columns], bias)


def _seconds(network: LeanNetwork) -> float:
    memory = network.memory(CONTEXT + 2)
    network.forward([SequenceInput(memory, [5] * CONTEXT)], rows=[CONTEXT - 1])
    began = time.process_time()
    network.forward([SequenceInput(memory, [5])], rows=[0])
    return time.process_time() - began
