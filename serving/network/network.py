"""One pass of a model over several sequences at once: the contract that the engine runs on.

Two networks fulfil it: ``lean.py`` (our own forward of the Llama family) and ``hooks.py`` (any transformers model with
a plain cache). Knows nothing of requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from .cache import CacheShape, KVCache

TOLERANCE = {"float64": 1e-6, "float32": 1e-4, "bfloat16": 0.08, "float16": 0.02}
"""How far two ways to compute the same may be ``apart``, by the dtype that they compute in."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SequenceInput:
    """New tokens of one sequence, which stand behind what ``memory`` holds."""

    memory: KVCache
    tokens: Sequence[int]
    depths: NDArray[np.int64] | None = None
    """``[q]``: position of each token; ``None`` for one after the other."""
    sight: NDArray[np.bool_] | None = None
    """``[q, memory.length + q]``: which columns each token sees; ``None`` for everything before it and itself."""
    held: NDArray[np.int64] | None = None
    """``[memory.length]``: position of each column that is there; ``None`` for one after the other. Models with a
    window need it."""
    chain: int | None = None
    """How many of the tokens come one after the other before a tree of guesses begins; ``None`` says none of them
    where ``sight`` is given, and all where it is not. Long inputs need it."""


class CausalNetwork(Protocol):
    shape: CacheShape
    vocabulary: int
    """Rows of the logits; a tokenizer may know fewer tokens."""

    def memory(self, room: int = 0) -> KVCache:
        """An empty memory for one sequence, with room for so many tokens."""
        ...

    def forward(
        self, parts: Sequence[SequenceInput], rows: Sequence[int] | None = None, layers: Sequence[int] = ()
    ) -> NetworkOutput:
        """Reads the tokens of ``parts``, whose memories then hold them too.

        ``rows`` are places in all the tokens, one part after the other (``None``: every one), whose logits are wanted;
        ``layers`` are those whose outputs are wanted (0 is the embedding).
        """
        ...


@dataclass(frozen=True, slots=True)
class NetworkOutput:
    logits: Any
    """Tensor ``[len(rows), vocabulary]`` in the model's dtype."""
    hidden: Any = None
    """Tensor ``[len(layers), tokens, width]`` when layers were asked for."""


def apart(ours: Any, own: Any) -> float:
    """Root mean square of the differences, as a share of that of ``own``."""
    ours, own = ours.float(), own.float()
    return float((ours - own).square().mean().sqrt() / own.square().mean().sqrt())


def tolerance(shape: CacheShape) -> float:
    """``TOLERANCE`` of the dtype of ``shape``."""
    return TOLERANCE[str(shape.dtype).removeprefix("torch.")]
