"""What a retriever and an embedder are. Knows nothing of databases and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ..corpus.document import Evidence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Retriever(Protocol):
    @property
    def name(self) -> str: ...

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds at most ``k`` hits, best first. Never raises for an empty library: returns ``[]``."""
        ...


class Embedder(Protocol):
    """Turns text into vectors. ``fingerprint`` names weights and settings: vectors of different fingerprints never
    mix."""

    fingerprint: str
    dimension: int

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Gives a float32 array of shape ``[len(texts), dimension]``, rows of unit length. ``progress`` is called with
        the number of texts that were just finished."""
        ...


@runtime_checkable
class TokenEmbedder(Embedder, Protocol):
    """An embedder to which texts can be given as tokens, too."""

    @property
    def tokenizer(self) -> Any:
        """One of the ``tokenizers`` library."""
        ...
