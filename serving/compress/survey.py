"""What the dense model says of each feed-forward on a calibration text: what budgets that differ by layer go by.

Knows nothing of what budgets make of it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from .budgets import Survey, equal
from .choice import greedy
from .cut import slice_off
from .divergence import distance
from .groups import Group, groups
from .moments import Moments, add_damping
from .pipeline import Progress, moments_of, weights_of
from .recipes import Recipe
from .solve import squares
from .strategies import strategy
from .stream import Stream, turn

FEW, APART = 2, 2
"""Windows on which the price of a cut is heard, and how far apart their tokens are."""


def survey_layers(
    model: Any,
    windows: Any,
    recipe: Recipe,
    progress: Progress = lambda stage, done, total: None,
    known: Callable[[Group], Moments] | None = None,
) -> list[Survey]:
    """One survey for each layer of transformers' ``model``. Moments are those of ``windows`` unless ``known``."""
    chosen, found = strategy(recipe.strategy), []
    stream = Stream(model, windows)
    heard = Listener(model, windows[:FEW]) if chosen.greedy else None
    for group in groups(model.config, "ffn"):
        progress("survey", group.layer, model.config.num_hidden_layers)
        layer, before = model.model.layers[group.layer], stream.hidden.clone()
        stream.advance(stream.half(group.layer, "kv"))
        moments = known(group) if known else moments_of(stream, layer, group, None)
        scores = chosen.score(weights_of(layer, group), moments, recipe.ridge)
        losses = heard.losses(group, moments, recipe) if heard else {}
        stream.advance(stream.half(group.layer, "ffn"))
        found.append(Survey(scores.tolist(), *turn(before, stream.hidden), losses))
    return found


class Listener:
    """What a model says worse when one layer alone is cut; asked layer after layer."""

    def __init__(self, model: Any, windows: Any) -> None:
        self.model, self.stream = model, Stream(model, windows)
        self.wanted = self._say(self.stream, 0)

    def losses(self, group: Group, moments: Moments, recipe: Recipe) -> dict[int, float]:
        """The distance in nats from what the dense model says, by how many channels are kept: measured where all
        layers keep the same, elsewhere as the squared error of the layer's output grows."""
        weight = self.model.model.layers[group.layer].get_submodule(group.consumer).weight.detach()
        second = add_damping(moments.second, recipe.ridge)
        left = range(group.units, 0, -recipe.multiple)
        _, errors = greedy(weight, second, 1, left[-1], step=recipe.multiple)
        curve = dict(zip(left, [0.0, *errors], strict=True))
        width = equal(group.units, min(recipe.keep, 1 - recipe.multiple / group.units), recipe.multiple)
        units, _ = greedy(weight, second, 1, width)
        price = self._price(group, units, squares(weight, moments, units, recipe.ridge)[0]) / curve[width]
        return {kept: price * error for kept, error in curve.items()}

    def _price(self, group: Group, units: Any, weight: Any) -> float:
        layers, number = self.model.model.layers, group.layer
        self.stream.advance(self.stream.half(number, "kv"))
        trial, dense = copy.copy(self.stream), layers[number]
        trial.hidden = trial.hidden.clone()
        layers[number] = copy.deepcopy(dense)
        try:
            slice_off(layers[number], group, units, weight)
            trial.advance(trial.half(number, "ffn"))
        finally:
            layers[number] = dense
        self.stream.advance(self.stream.half(number, "ffn"))
        return float(distance(self._say(trial, number + 1), self.wanted))

    def _say(self, stream: Stream, first: int) -> Any:
        """Scores ``[tokens, vocabulary]`` of the hidden states before the layer ``first``."""
        import torch

        rest = copy.copy(stream)
        rest.hidden = stream.hidden.clone()
        for number in range(first, len(self.model.model.layers)):
            rest.advance(rest.half(number, "kv"))
            rest.advance(rest.half(number, "ffn"))
        with torch.no_grad():
            return self.model.get_output_embeddings()(self.model.model.norm(rest.hidden[:, ::APART])).flatten(0, 1)
