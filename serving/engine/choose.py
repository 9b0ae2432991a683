"""Which network runs a transformers model: the lean one where it gives the same scores, else the hooked one, else none.

Knows nothing of requests.
"""

from __future__ import annotations

import logging
from typing import Any

from .hooks import HookedNetwork, has_plain_cache
from .lean import LeanNetwork, is_lean
from .memory import Memory
from .network import Network, Part

PROBE = 24
"""Tokens on which a network is held to transformers' own scores before it is used."""
_TOLERANCE = {"float64": 1e-6, "float32": 1e-4, "bfloat16": 0.08, "float16": 0.02}
"""Largest root mean square of the differences, as a share of the scores' own."""
_ROUNDED = 0.15
"""The same for weights that are rounded to eight bits."""

_log = logging.getLogger(__name__)


def network_for(model: Any, kind: str, like: Network | None = None) -> Network | None:
    """``kind`` is how weights are multiplied (``linear.py``); ``like`` is the network of a model that shares most of
    its weights. ``None`` for a model that keeps something else than keys and values of its whole past."""
    if is_lean(model):
        lean = LeanNetwork(model, kind, like if isinstance(like, LeanNetwork) else None)
        if agrees(model, lean):
            return lean
        _log.warning("the lean forward disagrees with transformers on this model; transformers' own is used")
    if has_plain_cache(model):
        hooked = HookedNetwork(model)
        if agrees(model, hooked):
            return hooked
    return None


def agrees(model: Any, network: Network) -> bool:
    """Whether ``network`` scores a probe like ``model``: read at once, and as a last token behind the others."""
    import torch

    ids = [(7919 * at + 13) % min(network.vocabulary, 32_000) for at in range(PROBE)]
    try:
        with torch.inference_mode():
            own = model(torch.tensor([ids], device=model.device), use_cache=False).logits[0].float()
            memory = Memory(network.shape)
            first = network.forward([Part(memory, ids[:-1])]).logits.float()
            last = network.forward([Part(memory, ids[-1:])]).logits.float()
    except (RuntimeError, TypeError, ValueError, IndexError, AttributeError, KeyError) as error:
        _log.info("%s cannot run the model: %s", type(network).__name__, error)
        return False
    ours = torch.cat([first, last])
    apart = (ours - own).square().mean().sqrt() / own.square().mean().sqrt()
    rounded = getattr(network, "kind", "") == "int8"
    return bool(apart <= (_ROUNDED if rounded else _TOLERANCE[str(network.shape.dtype).removeprefix("torch.")]))
