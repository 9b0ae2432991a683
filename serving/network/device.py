"""To a GPU and back: what the host sends is not waited for, what is timed is. Knows nothing of what is computed."""

from __future__ import annotations

from typing import Any


def stage(tensor: Any, device: Any) -> Any:
    """``tensor``, just made on the host, where ``device`` can fetch it by itself: a copy from memory that may be paged
    out waits until a GPU has done everything before it."""
    return tensor.pin_memory() if device.type == "cuda" else tensor


def send(tensor: Any, device: Any) -> Any:
    """``tensor``, just made on the host, on ``device``."""
    return stage(tensor, device).to(device, non_blocking=device.type == "cuda")


def indices(numbers: Any, device: Any) -> Any:
    """``numbers``, or rows of them, as a tensor of int64 on ``device``."""
    import torch

    return send(torch.tensor(numbers, dtype=torch.long), device)


def wait_for(device: Any) -> None:
    """Returns once a GPU has done all that it was given."""
    if device.type == "cuda":
        import torch

        torch.cuda.synchronize(device)
