"""A BERT with narrower feed-forwards, by the skeleton of ``serving/compress``: the moments of a text, the channels that
the surgeon leaves, least squares with a bias, layer by layer, and no training.

What is left of a layer meets a text that went through the layers before it as they are now, and is fitted to what
brings it where the whole model has it. Knows nothing of files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional as F

from ...corpus.cancellation import check
from ...errors import InputError
from ...serving.compress.calibration import refuse_too_few
from ...serving.compress.choice import greedy
from ...serving.compress.knapsack import lightest
from ...serving.compress.moments import Moments, add_damping
from ...serving.compress.solve import affine
from .bert_torch import TorchBert, attend, feed_forward
from .minilm import batches

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

TOKENS = 4096
"""Of a batch."""
MULTIPLE = 64
"""Widths are multiples of it."""
TURNS = 6
"""How often each width is timed."""
RIDGE = 1e-3
"""Share of the mean diagonal that is added before moments are inverted."""
PRODUCER, CONSUMER = "encoder.layer.{}.intermediate.dense", "encoder.layer.{}.output.dense"


def narrow(
    tensors: Mapping[str, NDArray[np.float32]],
    ids: Sequence[Sequence[int]],
    widths: Sequence[int],
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> tuple[dict[str, NDArray[np.float32]], list[float]]:
    """``tensors`` (named as in a Hugging Face BERT checkpoint) with ``widths`` channels in the feed-forwards, and each
    layer's squared error as a share of what it should add. ``ids`` are token ids per text, special tokens included.
    Raises ``InputError`` for too little text."""
    refuse_too_few(sum(map(len, ids)), max(widths))
    whole = TorchBert(tensors, torch.device("cpu"), torch.float32)
    made, errors = dict(tensors), []
    with torch.no_grad():
        texts = [_Text(whole, [ids[row] for row in rows]) for rows in batches([len(text) for text in ids], TOKENS)]
        for number, (layer, width) in enumerate(zip(whole.layers, widths, strict=True)):
            progress("layers", number, len(widths))
            up, down, norm = layer[3:]
            moments = Moments(len(up[0]), len(down[0]))
            for text in texts:
                check()
                text.attend(layer)
                before = text.own[text.real]
                wanted = F.linear(F.gelu(F.linear(text.whole[text.real], *up)), *down) + text.whole[text.real] - before
                moments.add(F.gelu(F.linear(before, *up)), wanted - down[1])
            if width < len(up[0]):
                up, down, error = _cut(up, down, width, moments)
                errors.append(error)
                for name, pair in ((PRODUCER, up), (CONSUMER, down)):
                    for kind, values in zip(("weight", "bias"), pair, strict=True):
                        made[f"{name.format(number)}.{kind}"] = values.numpy()
            else:
                errors.append(0.0)
            for text in texts:
                check()
                text.whole = feed_forward(text.whole, *layer[3:])
                text.own = feed_forward(text.own, up, down, norm)
    progress("layers", len(widths), len(widths))
    return made, errors


def widths_for(
    tensors: Mapping[str, NDArray[np.float32]], ids: Sequence[Sequence[int]], speed: float
) -> tuple[list[int], list[float]]:
    """The channels of each feed-forward that make the layers ``speed`` times as fast on this machine at the least sum
    of errors (ZipLM's knapsack over measured times), and the seconds of a layer by eighths of its channels. Raises
    ``InputError`` with the most that can be had."""
    whole = TorchBert(tensors, torch.device("cpu"), torch.float32)
    with torch.no_grad():
        texts = [_Text(whole, [ids[row] for row in rows]) for rows in batches([len(text) for text in ids], TOKENS)]
        times = latencies(whole.layers[0], texts[0].whole, texts[0].mask)
        curves = []
        for layer in whole.layers:
            up, down, _ = layer[3:]
            moments = Moments(len(up[0]), len(down[0]))
            for text in texts:
                check()
                text.attend(layer)
                inputs = F.gelu(F.linear(text.whole[text.real], *up))
                moments.add(inputs, F.linear(inputs, down[0]))
                text.whole = text.own = feed_forward(text.whole, *layer[3:])
            curves.append(_curve(down[0], moments))
    seconds = {width: float(np.interp(width, list(times), list(times.values()))) for width in curves[0]}
    most = len(curves) * max(seconds.values())
    try:
        return lightest(curves, [seconds] * len(curves), most / speed), list(times.values())
    except ValueError as error:
        fastest = most / (len(curves) * min(seconds.values()))
        raise InputError(
            "narrower feed-forwards cannot make it so fast", where=f"{speed:g} times", fix=f"ask for {fastest:.2f}"
        ) from error


def latencies(layer: Sequence[tuple[Tensor, Tensor]], hidden: Tensor, mask: Tensor | None) -> dict[int, float]:
    """This thread's least seconds for a layer by the channels of its feed-forward, an eighth of them to all."""
    up, down, norm = layer[3:]
    most = len(up[0])
    found = dict.fromkeys(range(most // 8, most + 1, most // 8), float("inf"))
    for _ in range(TURNS):
        for width in found:
            check()
            narrower = (up[0][:width], up[1][:width]), (down[0][:, :width].contiguous(), down[1])
            since = time.process_time()
            feed_forward(attend(hidden, mask, *layer[:3]), *narrower, norm)
            found[width] = min(found[width], time.process_time() - since)
    return found


def _curve(weight: Tensor, moments: Moments) -> dict[int, float]:
    """The error by the channels that stay, as a share of what all give."""
    left = range(weight.shape[1], 0, -MULTIPLE)
    _, errors = greedy(weight, add_damping(moments.second, RIDGE), 1, left[-1], step=MULTIPLE)
    return {units: error / moments.power for units, error in zip(left, [0.0, *errors], strict=True)}


class _Text:
    """A batch on its way: its states in the whole model and in what is made of it, ``[texts, tokens, width]``."""

    def __init__(self, bert: TorchBert, ids: Sequence[Sequence[int]]) -> None:
        padded, self.real = bert.pad(ids)
        self.mask = None if bool(self.real.all()) else self.real[:, None, None]
        self.whole = self.own = bert.embed(padded)

    def attend(self, layer: Sequence[tuple[Tensor, Tensor]]) -> None:
        same = self.own is self.whole
        self.whole = attend(self.whole, self.mask, *layer[:3])
        self.own = self.whole if same else attend(self.own, self.mask, *layer[:3])


def _cut(up: Any, down: Any, width: int, moments: Moments) -> tuple[Any, Any, float]:
    units, _ = greedy(down[0], add_damping(moments.second, RIDGE), 1, width)
    weight, grown = affine(down[0], moments, units, RIDGE)
    fitted = (weight.float(), (down[1] + grown).float())
    return (up[0][units], up[1][units]), fitted, _error(weight, grown, moments, units)


def _error(weight: Tensor, grown: Tensor, moments: Moments, units: Tensor) -> float:
    """What is left of what was wanted, as far as moments tell: they know the wanted's product with the inputs alone."""
    fitted = (weight @ moments.second[units][:, units] * weight).sum() - 2 * (weight.T * moments.cross[units]).sum()
    fitted = fitted + 2 * grown @ (weight @ moments.mean[units]) + grown @ grown - 2 * grown @ moments.target
    return float(1 + fitted / moments.power)
