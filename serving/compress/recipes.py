"""What is to be done to a model, in plain numbers: as written into the manifest of the result.

Knows no tensors.
"""

from __future__ import annotations

import hashlib
import json
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

    def __post_init__(self) -> None:
        for name in ("keep", "heads"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(f"{name} must be above 0 and at most 1", where=str(getattr(self, name)))
        if self.block < 1 or self.windows < 1 or self.length < 2 or self.ridge < 0 or self.rows < 0:
            raise InputError("a recipe's numbers must be positive", where=json.dumps(asdict(self)))

    @property
    def digest(self) -> str:
        """Short name of these very settings."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


RECIPES = {"light": Recipe(keep=0.875), "small": Recipe(), "smaller": Recipe(keep=0.625)}


def recipe(name: str) -> Recipe:
    """The recipe of that name. Raises ``NotFoundError`` with the names that there are."""
    if name not in RECIPES:
        raise NotFoundError("no such recipe", where=name, fix=f"choose one of {', '.join(RECIPES)}")
    return RECIPES[name]
