"""BERT's encoder with its matrices multiplied in eight bits, for processors that have no bf16: torch's own products.

Weights have a scale per row. Inputs have one per matrix, which a probe finds; what norms give, whose channels differ
widely, is divided by channel first and the weights multiplied (SmoothQuant; Xiao et al., 2022). What GELU gives has a
scale per token. So a text's vector does not depend on its neighbours. Attention, norms and GELU stay in float32. It is
used only where it is clearly faster on this machine, and agrees.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional as F

from .bert_torch import HEADS, TorchBert, layer_norm

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    Pair = tuple[Tensor, Tensor]

log = logging.getLogger(__name__)

LEVELS = 255
"""Steps of an input's scale."""
MARGIN = 1.1
"""How much further than the probe's values a scale reaches."""
SMOOTH = 0.7
"""How much of the channels' difference goes into the weights."""
LEAST = -0.17
"""The least value of GELU."""
BELOW = 22
"""Steps of a token's scale that are below zero."""
NEAR, CLEARLY, TURNS, TIMED = 0.98, 1.2, 2, 512
"""How near all vectors of the probe must be to the float32 ones, and how much faster; how often that is timed, on how
many tokens."""

Product = Callable[["Tensor"], "Tensor"]
"""``[tokens, in]`` to ``[tokens, out]``, float32."""


class EightBitBert:
    """``bert``, which is float32 on a CPU, in eight bits. ``probe``: token ids of texts of many kinds, by which the
    scales are chosen."""

    batch_tokens = 1024
    """Tokens per forward."""

    def __init__(self, bert: TorchBert, probe: Sequence[Sequence[int]]) -> None:
        self._bert = bert
        with torch.inference_mode():
            padded, real = bert.pad(probe)
            hidden, mask = bert.embed(padded), real[:, None, None]
            self._layers = []
            for layer in bert.layers:
                seen: list[Tensor] = []
                after = _through(hidden, mask, layer, [_watch(pair, seen, real) for pair in _matrices(layer)])
                fused, out, up, down = _matrices(layer)
                products = _smooth(*fused, seen[0]), _one_scale(*out, seen[1]), _smooth(*up, seen[2]), _by_row(*down)
                self._layers.append((layer, products))
                hidden = after

    def mean_vectors(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Turns token ids per text (special tokens included) into float32 ``[texts, width]``, each row of unit
        length."""
        with torch.inference_mode():
            padded, real = self._bert.pad(ids)
            hidden, mask = self._bert.embed(padded), None if bool(real.all()) else real[:, None, None]
            for layer, products in self._layers:
                hidden = _through(hidden, mask, layer, products)
            return F.normalize((hidden * real[..., None]).sum(dim=1), dim=1).numpy()


def round_bert(bert: TorchBert, probe: Sequence[Sequence[int]]) -> EightBitBert | None:
    """``bert`` in eight bits; ``None`` where that is not clearly faster here, or gives other vectors."""
    if bert.device.type != "cpu" or bert.dtype != torch.float32 or not weight_levels():
        return None
    rounded = EightBitBert(bert, probe)
    near = float((rounded.mean_vectors(probe) * bert.mean_vectors(probe)).sum(axis=1).min())
    if near < NEAR:
        log.warning("products in eight bits change the embedder's vectors (cosine %.3f): float32 is used", near)
        return None
    count = max(1, TIMED // max(map(len, probe)))
    best: dict[EightBitBert | TorchBert, float] = {rounded: float("inf"), bert: float("inf")}
    for _ in range(TURNS):
        for way in best:
            since = time.thread_time()
            way.mean_vectors(probe[:count])
            best[way] = min(best[way], time.thread_time() - since)
    log.info("products in eight bits: %.2f times as fast, cosine %.4f", best[bert] / best[rounded], near)
    return rounded if best[bert] >= CLEARLY * best[rounded] else None


def _matrices(layer: Sequence[Pair]) -> list[Pair]:
    """Query-key-value, output, up, down."""
    fused, out, _, up, down, _ = layer
    return [fused, out, up, down]


def _through(hidden: Tensor, mask: Tensor | None, layer: Sequence[Pair], products: Sequence[Product]) -> Tensor:
    """Takes ``hidden`` ``[batch, tokens, width]`` through a layer whose matrices are multiplied by ``products``."""
    batch, tokens, _ = hidden.shape
    fused, out, up, down = products
    query, key, value = fused(hidden).view(batch, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
    mixed = F.scaled_dot_product_attention(query, key, value, mask).transpose(1, 2).reshape(batch, tokens, -1)
    hidden = layer_norm(out(mixed).add_(hidden), layer[2])
    return layer_norm(down(F.gelu(up(hidden))).add_(hidden), layer[5])


def _watch(pair: Pair, seen: list[Tensor], real: Tensor) -> Product:
    """The product in float32, which keeps its input's ``real`` tokens."""

    def multiply(x: Tensor) -> Tensor:
        seen.append(x[real])
        return F.linear(x, *pair)

    return multiply


def _one_scale(weight: Tensor, bias: Tensor, seen: Tensor) -> Product:
    """The product with inputs of one scale, which reaches somewhat further than what was ``seen`` ``[tokens, in]``."""
    packed, multiply = _pack(weight, bias), _multiply()
    least, most = MARGIN * min(0.0, float(seen.min())), MARGIN * max(1e-6, float(seen.max()))
    unit = (most - least) / LEVELS
    zero = round(-least / unit)
    return lambda x: multiply(x, unit, zero, packed)


def _smooth(weight: Tensor, bias: Tensor, seen: Tensor) -> Product:
    """The same, the channels of the input brought nearer to one another first."""
    size = seen.abs().amax(0).clamp_(min=1e-3) ** SMOOTH / weight.abs().amax(0).clamp_(min=1e-4) ** (1 - SMOOTH)
    size = size / size.mean()
    product, inverse = _one_scale(weight * size, bias, seen / size), 1 / size
    return lambda x: product(x * inverse)


def _by_row(weight: Tensor, bias: Tensor) -> Product:
    """The product with what GELU gives, a scale per token."""
    packed, multiply = _pack(weight, None), _multiply()

    def product(x: Tensor) -> Tensor:
        unit = (x.amax(-1, keepdim=True) / (LEVELS - BELOW)).clamp_(min=-LEAST / BELOW)
        return torch.addcmul(bias, multiply(x / unit, 1.0, BELOW, packed), unit)

    return product


def _multiply() -> Any:
    """torch's product of float32 inputs, which it rounds, and packed weights: ``(x, unit, zero, packed)``."""
    return torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32.default


def _pack(weight: Tensor, bias: Tensor | None, levels: int | None = None) -> Any:
    levels = levels or weight_levels()
    scale = (weight.abs().amax(1) / levels).clamp_(min=1e-12)
    whole = (weight / scale[:, None]).round().clamp(-levels, levels).to(torch.int8)
    zeros = torch.zeros(len(whole), dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such tensors may go from torch one day: ``weight_levels`` then says 0
        return torch.ops.quantized.linear_prepack(
            torch._make_per_channel_quantized_tensor(whole, scale, zeros, 0), bias
        )


@cache
def weight_levels() -> int:
    """The largest whole number of a weight: a processor without instructions for such products adds two of them up in
    sixteen bits, which hold only weights of seven bits. 0 where torch has no such products."""
    x = torch.full((4, 64), float(LEVELS))
    for levels in (127, 63):
        weight = torch.full((32, 64), float(levels))
        try:
            found = _multiply()(x, 1.0, 0, _pack(weight, None, levels))
        except (RuntimeError, AttributeError, TypeError):
            return 0
        if torch.allclose(found, x @ weight.t()):
            return levels
    return 0
