"""What a model says behind common words, for drafting to begin with before it has answered anything.

The rows were made from replies of the model's own (``training/seed.py``) and stand in the tables of recycling like
those of an earlier request, until others take their places. Models are told by their weights; one that no file was made
for begins with nothing. Knows nothing of text.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .recycling import RecycledRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEEDS = Path(__file__).with_name("seeds")
FINGERPRINTS = "fingerprints"
OWN = "drafting/seed.safetensors"
"""In a checkpoint's folder."""

Rows = tuple["NDArray[np.int64]", "NDArray[np.uint16]"]
"""Keys ``[n]``, and behind each the likeliest next tokens ``[n, BEST]``; the most common keys last."""


def plant(memory: RecycledRows, fingerprint: str, own: Path | None = None) -> None:
    """Fills ``memory`` with what was made for the model of these weights, if anything was, else with the file ``own``
    of its checkpoint, if that is there: a compressed model has that of the one it was made from."""
    from safetensors import safe_open

    path = made_for(fingerprint) or own
    if path is None or not path.is_file():
        return
    with safe_open(path, "np") as file:
        for order in range(1, len(memory.tables) + 1):
            memory.plant(order, file.get_tensor(f"keys{order}"), file.get_tensor(f"rows{order}"))


def made_for(fingerprint: str) -> Path | None:
    """The shipped file of the model of these weights."""
    from safetensors import safe_open

    for path in SEEDS.glob("*.safetensors"):
        with safe_open(path, "np") as file:
            if fingerprint in file.metadata()[FINGERPRINTS].split():
                return path
    return None


def save(path: Path, fingerprints: Iterable[str], orders: Iterable[Rows]) -> None:
    """``orders``: for keys of one token, of two, of three."""
    from safetensors.numpy import save_file

    arrays: dict[str, NDArray[np.generic]] = {}
    for order, (keys, rows) in enumerate(orders, 1):
        arrays |= {f"keys{order}": keys, f"rows{order}": rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, path, {FINGERPRINTS: " ".join(fingerprints)})
