"""What is to be done to a model, in plain numbers: as written into the manifest of the result.

Knows no tensors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from ...errors import InputError, NotFoundError


@dataclass(frozen=True, slots=True)
class Recipe:
    strategy: str = "ziplm"
    keep: float = 0.75
    """Share of the feed-forward channels that stays."""
    solve: Literal["none", "bias", "squares", "affine", ""] = ""
    """Empty: the strategy's own."""
    toward: Literal["dense", "own"] = "own"
    """Whether least squares make good for what the layers before did, or for this layer alone."""
    block: int = 1
    """Channels that stay or go together; 32 in a row keep a grid of four bits as it is."""
    heads: float = 1.0
    """Share of the groups of key and value heads that stays."""
    by_layer: bool = False
    """Whether widths differ from layer to layer, by the strategy's budget; the checkpoint is then filled up with zeros
    to the widest, and only our engine leaves them out."""
    rows: int = 0
    """Rows of the vocabulary that stay, the commonest in the text; 0: all."""
    multiple: int = 64
    """Widths are multiples of it."""
    ridge: float = 1e-3
    """Share of the mean diagonal that is added before moments are inverted."""
    windows: int = 64
    length: int = 512
    """Calibration text: so many windows of so many tokens."""
    seed: int = 0
    recover: float = 0.0
    """Minutes of processor time in which the cut model learns from the dense one; 0: none."""
    rank: int = 16
    """Of the changes of low rank by which a model off the grid of four bits learns, on average over layers."""
    ranks: Literal["importance", "equal"] = "importance"
    """Whether a layer that turns its input more gets more of the rank."""

    def __post_init__(self) -> None:
        for name in ("keep", "heads"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(f"{name} must be above 0 and at most 1", where=str(getattr(self, name)))
        least = {"block": 1, "windows": 1, "length": 2, "ridge": 0, "rows": 0, "recover": 0, "rank": 1}
        if any(getattr(self, name) < least_ for name, least_ in least.items()):
            raise InputError("a recipe's numbers must be positive", where=json.dumps(asdict(self)))

    @property
    def digest(self) -> str:
        """Short name of these very settings."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


RECIPES = {"light": Recipe(keep=0.875), "small": Recipe(), "smaller": Recipe(keep=0.625)}


def fitting(bytes_: int, size_of: Callable[[Recipe], int]) -> Recipe:
    """The recipe that takes least away among those whose model has at most ``bytes_`` by ``size_of``. Raises
    ``InputError`` with the smallest that there is."""
    sizes = {name: size_of(one) for name, one in RECIPES.items()}
    found = [name for name, size in sizes.items() if size <= bytes_]
    if not found:
        name = min(sizes, key=sizes.__getitem__)
        raise InputError(
            f"no recipe makes this model as small as {bytes_ / 1e6:.0f} MB",
            where=f"{name}: {sizes[name] / 1e6:.0f} MB",
            fix="give it more room, keep fewer --rows, or begin with a smaller model",
        )
    return RECIPES[max(found, key=sizes.__getitem__)]


def recipe(name: str) -> Recipe:
    """The recipe of that name. Raises ``NotFoundError`` with the names that there are."""
    if name not in RECIPES:
        raise NotFoundError("no such recipe", where=name, fix=f"choose one of {', '.join(RECIPES)}")
    return RECIPES[name]
