"""A short name for the weights of a torch model, whatever changed them. Knows nothing of files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

SAMPLED = 1024
"""Numbers of each tensor that are looked at: a tuned matrix differs nearly everywhere."""


def fingerprint(model: Any) -> str:
    """Hex digest over name, shape, type and ``SAMPLED`` evenly spread numbers of every parameter and buffer."""
    import torch

    digest = hashlib.sha256()
    for whole, kept in sorted({**dict(model.named_parameters()), **dict(model.named_buffers())}.items()):
        for name, tensor in _parts(whole, kept.detach()):
            flat = tensor.flatten()
            places = torch.arange(min(SAMPLED, len(flat)), device=flat.device) * max(1, len(flat) // SAMPLED)
            digest.update(f"{name}{tuple(tensor.shape)}{tensor.dtype}".encode())
            digest.update(flat[places].double().cpu().numpy().tobytes())
    return digest.hexdigest()[:32]


def _parts(name: str, tensor: Any) -> Iterator[tuple[str, Any]]:
    """A quantised tensor consists of others: its whole numbers, their scales."""
    if not hasattr(tensor, "__tensor_flatten__"):
        yield name, tensor
        return
    for part in tensor.__tensor_flatten__()[0]:
        yield from _parts(f"{name}.{part}", getattr(tensor, part))
