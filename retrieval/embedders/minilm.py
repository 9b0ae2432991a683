"""The default embedder: all-MiniLM-L6-v2 from its package's files, without transformers or sentence-transformers.

Two roads of the same forward: numpy for a question or a dozen sentences (a cold command never imports torch, which
takes over a second), torch for bulk, there in eight bits where the processor has no bf16. Their vectors agree to a
cosine of 0.999, in eight bits 0.997, so they share one fingerprint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ...corpus.cancellation import check
from ...errors import InputError
from . import weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...settings import Settings

MODEL = "model.safetensors"
MAX_TOKENS = 256
"""What the model was trained with (its sentence_bert_config.json), special tokens included; the rest is not read."""


BULK_TOKENS = 16_384
"""From here on it pays to find out whether products in eight bits are faster here, which takes about a second."""
WARM_TOKENS = 48
"""Up to here the numpy road is the faster one even when torch is loaded: a question, but no list of sentences."""


class MiniLM:
    """all-MiniLM-L6-v2, the packaged embedder. ``few_tokens``: calls with at most that many tokens take the numpy road
    (0.2 ms per token, against two seconds until torch is ready and 0.04 ms per token then). A long-lived process may
    set it low, a benchmark to 0. ``bits``: 8 multiplies in eight bits in bulk where that is clearly faster (vectors
    agree to a cosine of 0.99 and more), 32 never."""

    dimension = 384
    fingerprint = f"all-MiniLM-L6-v2 {weights.PUBLISHED[MODEL][:12]} mean {MAX_TOKENS}"

    def __init__(self, cache: Path, *, few_tokens: int = 4096, bits: int = 8) -> None:
        self.few_tokens, self.bits = few_tokens, bits
        self.forward_seconds = 0.0
        """Time inside the model's forward since the start, in seconds."""
        self._cache = cache

    @classmethod
    def from_settings(cls, name: str, settings: Settings) -> MiniLM:
        """Raises ``InputError`` for a number of bits that there is not."""
        if settings.embedding_bits not in (8, 32):
            raise InputError("EVIDENTIA_EMBEDDING_BITS must be 8 or 32", where=str(settings.embedding_bits))
        return cls(settings.cache, bits=settings.embedding_bits)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Gives float32 ``[len(texts), 384]``, rows of unit length. ``progress`` gets the number of texts just
        finished.

        Raises ``ModelError`` when the model's package is missing, ``DigestMismatch`` when its file was changed.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        bert, batch_tokens = self._road(sum(map(len, ids)))
        for rows in batches([len(text) for text in ids], batch_tokens):
            check()
            start = perf_counter()
            vectors[rows] = bert.mean_vectors([ids[row] for row in rows])
            self.forward_seconds += perf_counter() - start
            if progress is not None:
                progress(len(rows))
        return vectors

    def _road(self, tokens: int) -> tuple[weights.Bert, int]:
        """The network for a call of so many tokens, and how many a batch has."""
        most = WARM_TOKENS if "_torch" in self.__dict__ else self.few_tokens
        if tokens <= most or find_spec("torch") is None:
            return self._numpy, 1024
        bert = self._torch
        if self.bits == 8 and (tokens >= BULK_TOKENS or "_eight_bits" in self.__dict__):
            bert = self._eight_bits or bert
        return bert, bert.batch_tokens

    @cached_property
    def tokenizer(self) -> Any:
        tokenizer = weights.tokenizer(self._cache)
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer

    @cached_property
    def _numpy(self) -> weights.Bert:
        from .bert_numpy import NumpyBert

        return NumpyBert(self._tensors())

    @cached_property
    def _torch(self) -> Any:
        from .bert_torch import TorchBert

        return TorchBert(self._tensors())

    @cached_property
    def _eight_bits(self) -> Any:
        """The torch road in eight bits; ``None`` where that is no gain."""
        from .bert_eight import round_bert
        from .probe import TEXTS

        return round_bert(self._torch, [encoding.ids for encoding in self.tokenizer.encode_batch(list(TEXTS))])

    def _tensors(self) -> Mapping[str, NDArray[np.float32]]:
        """The weights, named as in a Hugging Face BERT checkpoint."""
        return weights.tensors(weights.published_file(MODEL, self._cache))


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Puts indices in groups whose padded size (longest × count) stays within ``budget`` tokens. Texts of a length
    share a group, and long and short groups come mixed, so that the first ones tell how long the rest will take."""
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    groups, start = [], 0
    while start < len(order):
        size = max(1, budget // lengths[order[start]])
        groups.append(order[start : start + size])
        start += size
    Random(0).shuffle(groups)  # noqa: S311  (the same order every time)
    yield from groups
