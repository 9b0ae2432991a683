"""All that can be guessed without training, in one tree: copies from prompt and reply, copies from texts beside them,
and recycled scores of the model, weighed together by what each brought so far.

Knows nothing of models or text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..network import session_file
from . import prior, seed
from .drafter import Texts
from .recycling import Recycled, RecycledRows
from .side_texts import Beside, Shelf
from .suffix import Copying
from .tree_growth import Growing, GuessSource, KindWeights


class Union:
    """The drafter. What it learns is kept between requests; others can tell from the speed of their replies what was
    written before, so every tenant and library should have one of its own."""

    name = "union"
    layers: Sequence[int] = ()

    def __init__(self, *, vocabulary: int) -> None:
        self.memory, self._shelf = RecycledRows(vocabulary), Shelf()
        self._weights = {
            "suffix": KindWeights(prior.copying()),
            "recycling": KindWeights(prior.recycling()),
            "texts": KindWeights(prior.copying()),
        }

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Growing:
        sources: list[GuessSource] = [Copying(prompt), Recycled(self.memory, prompt)]
        if any(beside):
            sources.append(Beside(self._shelf.automaton(beside), prompt))
        return Growing(sources, [self._weights[source.name] for source in sources])

    @property
    def has_learnt(self) -> bool:
        return self.memory.request > 0

    def plant(self, fingerprint: str, own: Path | None = None) -> None:
        """See ``LearningDrafter``."""
        seed.plant(self.memory, fingerprint, own)

    def save(self, path: Path, fingerprint: str) -> None:
        """Writes tables and weights (19 MB at 49,152 tokens). Raises ``StorageError``."""
        arrays = {name: np.array([weights.values, weights.seen]) for name, weights in self._weights.items()}
        session_file.write(path, fingerprint, (), self.memory.arrays() | arrays)

    def load(self, path: Path, fingerprint: str) -> None:
        """Takes over what ``save`` wrote for the model of this fingerprint. Raises ``StorageError`` for a damaged or
        missing file, ``ModelError`` for one of another model."""
        _, arrays = session_file.read(path, fingerprint)
        self.memory.restore(arrays)
        for name, weights in self._weights.items():
            weights.values, weights.seen = arrays[name].tolist()
