"""BERT's encoder in numpy, float32, for a question or a few dozen sentences: no import heavier than numpy.

Texts are packed end to end, so nothing is spent on padding, and shared out among the processors, each of which computes
its own texts to the end. Knows nothing of tokenizers, files or pooling choices but the mean.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

HEADS = 12
FEWEST = 64
"""Tokens below which a second processor is not worth its thread."""
ROWS = 64
"""Rows of the widest layer that stay in a processor's cache while GELU passes over them."""
EPSILON = 1e-12
# erf(x / sqrt 2) as tanh(x P(x²)): least maximum error of GELU over all x is 3.5e-6 with these five terms.
_GELU = (0.7978281366994113, 3.646878666894176e-2, -1.2485857422653727e-4, -3.058164796371639e-5, 1.119120817600752e-6)


class NumpyBert:
    """BERT in numpy. ``tensors`` are named as in a Hugging Face BERT checkpoint."""

    def __init__(self, tensors: Mapping[str, Array]) -> None:
        self._tensors = tensors
        self._layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
        # A second BLAS thread waits for its core by spinning: on a busy machine that made 0.3 ms products take 14 ms.
        self._threads = ThreadpoolController()
        # The limit holds for the whole process: two callers at once would restore each other's.
        self._one_at_a_time = Lock()

    def mean_vectors(self, ids: Sequence[Sequence[int]]) -> Array:
        """Turns token ids per text (special tokens included) into float32 ``[texts, width]``, each row of unit
        length."""
        means = np.stack([states.mean(axis=0) for states in self.states(ids)])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return means

    def states(self, ids: Sequence[Sequence[int]]) -> list[Array]:
        """Turns token ids per text (special tokens included) into the last layer's states, float32 ``[tokens, width]``
        each."""
        return self._shared_out(self._states, ids)

    def first_states(self, ids: Sequence[Sequence[int]]) -> Array:
        """Turns token ids per text into the last layer's state at each text's first token, float32
        ``[texts, width]``: that layer is computed for these alone."""
        return np.stack(self._shared_out(self._first_states, ids))

    def _shared_out(
        self, compute: Callable[[Sequence[Sequence[int]]], list[Array]], ids: Sequence[Sequence[int]]
    ) -> list[Array]:
        groups = shared_out([len(text) for text in ids], _processors())
        with self._one_at_a_time, self._threads.limit(limits=1, user_api="blas"):
            if len(groups) == 1:
                return compute(ids)
            with ThreadPoolExecutor(len(groups)) as pool:
                parts = list(pool.map(compute, [[ids[row] for row in group] for group in groups]))
        found = dict(zip(chain(*groups), chain(*parts), strict=True))
        return [found[row] for row in range(len(ids))]

    def _states(self, ids: Sequence[Sequence[int]]) -> list[Array]:
        hidden, stretches = self._below_last(ids)
        hidden = self._layer(self._last, hidden, stretches, stretches)
        return [hidden[stretch] for stretch in stretches]

    def _first_states(self, ids: Sequence[Sequence[int]]) -> list[Array]:
        hidden, stretches = self._below_last(ids)
        firsts = [slice(stretch.start, stretch.start + 1) for stretch in stretches]
        return list(self._layer(self._last, hidden, stretches, firsts))

    def _below_last(self, ids: Sequence[Sequence[int]]) -> tuple[Array, list[slice]]:
        """The states below the last layer ``[tokens, width]`` of all texts, and where each text's lie."""
        ends = np.cumsum([len(text) for text in ids])
        stretches = [slice(end - len(text), end) for text, end in zip(ids, ends.tolist(), strict=True)]
        hidden = self._embed(ids)
        for layer in range(self._layers - 1):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, stretches, stretches)
        return hidden, stretches

    def _embed(self, ids: Sequence[Sequence[int]]) -> Array:
        words, places = np.concatenate(ids), np.concatenate([np.arange(len(text)) for text in ids])
        hidden: Array = self._tensors["embeddings.word_embeddings.weight"][words]
        hidden += self._tensors["embeddings.position_embeddings.weight"][places]
        hidden += self._tensors["embeddings.token_type_embeddings.weight"][0]
        return self._normalise("embeddings.LayerNorm", hidden)

    @property
    def _last(self) -> str:
        return f"encoder.layer.{self._layers - 1}"

    def _layer(self, name: str, hidden: Array, stretches: Sequence[slice], wanted: Sequence[slice]) -> Array:
        """The states of the tokens ``wanted`` of each text, end to end."""
        key, value = (self._linear(f"{name}.attention.self.{part}", hidden) for part in ("key", "value"))
        if wanted is not stretches:
            hidden = np.concatenate([hidden[place] for place in wanted])
        query = self._linear(f"{name}.attention.self.query", hidden)
        query *= np.float32((query.shape[1] // HEADS) ** -0.5)
        mixed, at = np.empty_like(query), 0
        for stretch, place in zip(stretches, wanted, strict=True):
            own = slice(at, at + place.stop - place.start)
            mixed[own] = _attend(query[own], key[stretch], value[stretch])
            at = own.stop
        hidden = self._normalise(
            f"{name}.attention.output.LayerNorm", hidden + self._linear(f"{name}.attention.output.dense", mixed)
        )
        wide = gelu(self._linear(f"{name}.intermediate.dense", hidden))
        return self._normalise(f"{name}.output.LayerNorm", hidden + self._linear(f"{name}.output.dense", wide))

    def _linear(self, name: str, values: Array) -> Array:
        product: Array = values @ self._tensors[f"{name}.weight"].T
        product += self._tensors[f"{name}.bias"]
        return product

    def _normalise(self, name: str, values: Array) -> Array:
        """Layer normalisation, in place."""
        values -= values.mean(axis=1, keepdims=True)
        values /= np.sqrt(np.einsum("ij,ij->i", values, values)[:, None] / values.shape[1] + EPSILON)
        values *= self._tensors[f"{name}.weight"]
        values += self._tensors[f"{name}.bias"]
        return values


def shared_out(lengths: Sequence[int], processors: int) -> list[list[int]]:
    """Shares the texts' indices out among the processors, about equally many tokens each; one group for what is too
    short."""
    count = max(1, min(processors, len(lengths), sum(lengths) // FEWEST))
    groups: list[list[int]] = [[] for _ in range(count)]
    sizes = [0] * count
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        least = sizes.index(min(sizes))
        groups[least].append(index)
        sizes[least] += lengths[index]
    return groups if count > 1 else [list(range(len(lengths)))]


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _attend(query: Array, key: Array, value: Array) -> Array:
    """Scaled queries ``[tokens asking, width]``, keys and values ``[tokens, width]`` of one text to the mixed values
    ``[tokens asking, width]``."""
    heads = [part.reshape(len(part), HEADS, -1).transpose(1, 0, 2) for part in (query, key, value)]
    scores: Array = heads[0] @ heads[1].transpose(0, 2, 1)
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    mixed: Array = scores @ heads[2]
    mixed /= scores.sum(axis=-1, keepdims=True)
    return mixed.transpose(1, 0, 2).reshape(query.shape)


def gelu(values: Array) -> Array:
    """GELU in its exact (erf) form to within 3.5e-6, in place; numpy has a vectorised tanh, and no erf."""
    for first in range(0, len(values), ROWS):
        some = values[first : first + ROWS]
        squares = some * some
        powers = np.full_like(some, _GELU[-1])
        for term in _GELU[-2::-1]:
            powers *= squares
            powers += np.float32(term)
        powers *= some
        np.tanh(powers, out=powers)
        powers += 1
        powers *= 0.5
        some *= powers
    return values
