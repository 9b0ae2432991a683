"""Which network runs a transformers model: the lean one where it gives the same scores, else the hooked one, else none.

Knows nothing of requests.
"""

from __future__ import annotations

import logging
from typing import Any

from .cache import KVCache
from .cuda_graphs import with_graphs
from .hooks import HookedNetwork, has_plain_cache
from .lean import LeanNetwork, is_lean
from .network import TOLERANCE, CausalNetwork, SequenceInput, apart, tolerance

PROBE = 24
"""Tokens on which a network is held to transformers' own scores before it is used."""
_ROUNDED = 0.15
"""What may lie ``apart`` where weights are rounded to eight bits, or kept by another library, whose kernels may round
what they multiply by the width of the pass."""

_log = logging.getLogger(__name__)


def network_for(model: Any, kind: str, like: CausalNetwork | None = None) -> CausalNetwork | None:
    """``kind`` is how weights are multiplied (``linear.py``); ``like`` is the network of a model that shares most of
    its weights. ``None`` for a model that keeps something else than keys and values of its whole past."""
    if is_lean(model):
        lean = LeanNetwork(model, kind, like if isinstance(like, LeanNetwork) else None)
        if agrees(model, lean):
            return with_graphs(model, lean) if lean.shape.device.type == "cuda" else lean
        _log.warning("the lean forward disagrees with transformers on this model; transformers' own is used")
    if has_plain_cache(model):
        hooked = HookedNetwork(model)
        if agrees(model, hooked):
            return hooked
    return None


def agrees(model: Any, network: CausalNetwork) -> bool:
    """Whether ``network`` scores a probe like ``model``: read at once, and as a last token behind the others."""
    import torch

    ids = [(7919 * at + 13) % min(network.vocabulary, 32_000) for at in range(PROBE)]
    try:
        with torch.inference_mode():
            own = model(torch.tensor([ids], device=model.device), use_cache=False).logits[0]
            memory = KVCache(network.shape)
            first = network.forward([SequenceInput(memory, ids[:-1])]).logits
            last = network.forward([SequenceInput(memory, ids[-1:])]).logits
    except (RuntimeError, TypeError, ValueError, IndexError, AttributeError, KeyError) as error:
        _log.info("%s cannot run the model: %s", type(network).__name__, error)
        return False
    rounded = getattr(network, "kind", "") == "int8" or getattr(model, "is_quantized", False)
    half = getattr(network, "kind", "") == "int4"  # narrow steps take their input in bf16, whatever the model's dtype
    most = _ROUNDED if rounded else TOLERANCE["bfloat16"] if half else tolerance(network.shape)
    return apart(torch.cat([first, last]), own) <= most
