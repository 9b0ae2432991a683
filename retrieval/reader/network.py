"""The reader's network: MiniLM's lower layers from its package, the trained upper layers and heads from ours.

Two roads as for the embedder: numpy, so that a cold command needs no torch, and torch where it is loaded anyway. Knows
nothing of questions and passages, only of token ids.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...corpus.cancellation import check
from ...errors import ModelError
from ..embedders import minilm, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..embedders.bert_torch import TorchBert

    Array = NDArray[np.float32]

DIGEST = "d21c346f64b4f5ddc61123b90f0d5ae0fb60cf3e3de380a253fe2e96214b4d25"
"""SHA-256 of ``weights.safetensors``."""
HEADS = ("span", "sentence", "answer")


@dataclass(frozen=True, slots=True)
class Logits:
    """The logits of one sequence of ``n`` tokens; position 0 stands for "no answer"."""

    span: Array
    """``[n, 2]``: answer starts here, ends here."""
    sentence: Array
    """``[n]``: belongs to the sentence that answers."""
    answer: float
    """Log-odds that the passage answers at all."""


class ReaderNetwork:
    def __init__(self, cache: Path, file: Path | None = None) -> None:
        """``file``: other trained weights than the packaged ones."""
        self._cache, self._file = cache, file

    def __call__(self, ids: Sequence[Sequence[int]]) -> list[Logits]:
        """Raises ``ModelError`` when weights are missing, ``DigestMismatch`` when they were changed."""
        found: dict[int, Logits] = {}
        torch_loaded = "torch" in sys.modules
        bert = self._torch if torch_loaded else self._numpy
        for rows in minilm.batches([len(text) for text in ids], 2048 if torch_loaded else 1024):
            check()
            for row, states in zip(rows, bert.states([ids[row] for row in rows]), strict=True):
                span, sentence, answer = (self._head(name, states) for name in HEADS)
                found[row] = Logits(span, sentence[:, 0], float(answer[0, 0]))
        return [found[row] for row in range(len(ids))]

    def judge(self, ids: Sequence[Sequence[int]]) -> list[float]:
        """The log-odds for each sequence that its statement carries its claim."""
        return self._log_odds("support", self._judging, ids, 1024)

    def rank(self, ids: Sequence[Sequence[int]]) -> list[float]:
        """The log-odds for each sequence that its statement answers its question, against that nothing does."""
        if "torch" in sys.modules:
            return self._log_odds("rank", self._ranking_torch, ids, 2048)
        return self._log_odds("rank", self._ranking_numpy, ids, 1024)

    def _log_odds(self, head: str, bert: weights.Bert, ids: Sequence[Sequence[int]], tokens: int) -> list[float]:
        """The first output of ``head`` at each sequence's first position; ``tokens`` of a batch."""
        found: dict[int, float] = {}
        for rows in minilm.batches([len(text) for text in ids], tokens):
            check()
            odds = self._head(head, bert.first_states([ids[row] for row in rows]))
            found |= dict(zip(rows, map(float, odds[:, 0]), strict=True))
        return [found[row] for row in range(len(ids))]

    def _head(self, name: str, states: Array) -> Array:
        product: Array = states @ self._tensors[f"{name}.weight"].T + self._tensors[f"{name}.bias"]
        return product

    @cached_property
    def _tensors(self) -> dict[str, Array]:
        return weights.tensors(weights.published_file(minilm.MODEL, self._cache)) | self._trained_weights()

    def _trained_weights(self) -> dict[str, Array]:
        if self._file is not None:
            return read_half(self._file)
        with as_file(files(__package__) / "weights.safetensors") as file:
            weights.verify(file, DIGEST, self._cache)
            return read_half(file)

    def _weights(self, task: str) -> dict[str, Array]:
        """The network with the changes of low rank (LoRA, Hu et al., 2021) that it was trained for a task with."""
        return self._tensors | changed_weights(self._tensors, task)

    @cached_property
    def _judging(self) -> weights.Bert:
        from ..embedders.bert_numpy import NumpyBert

        return NumpyBert(self._weights("support"))

    @cached_property
    def _ranking_numpy(self) -> weights.Bert:
        from ..embedders.bert_numpy import NumpyBert

        return NumpyBert(self._weights("rank"))

    @cached_property
    def _ranking_torch(self) -> TorchBert:
        changed = changed_weights(self._tensors, "rank")
        layers = {int(name.split(".")[2]) for name in changed}
        return self._torch.with_layers(self._tensors | changed, layers)

    @cached_property
    def _numpy(self) -> weights.Bert:
        from ..embedders.bert_numpy import NumpyBert

        return NumpyBert(self._tensors)

    @cached_property
    def _torch(self) -> TorchBert:
        from ..embedders.bert_torch import TorchBert

        return TorchBert(self._tensors)


@lru_cache(maxsize=2)
def open_network(cache: Path, file: Path | None) -> ReaderNetwork:
    """The process's one network of these weights: reading, judging and ranking share what they do not change."""
    return ReaderNetwork(cache, file)


PARTS = {
    "fused": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "out": ("attention.output.dense",),
    "up": ("intermediate.dense",),
    "down": ("output.dense",),
}
"""The matrices that judging and ranking change, and those of the checkpoint that make them up."""


def changed_weights(tensors: Mapping[str, Array], task: str) -> dict[str, Array]:
    """The weights that a task (``support``, ``rank``) replaces, by their names: each its own and the product of two
    narrow ones."""
    found: dict[str, Array] = {}
    for name, narrow in tensors.items():
        if not (name.startswith(f"{task}.layer.") and name.endswith(".down")):
            continue
        _, _, number, part, _ = name.split(".")
        change = tensors[f"{name.removesuffix('.down')}.up"] @ narrow
        for whole, rows in zip(PARTS[part], np.split(change, len(PARTS[part])), strict=True):
            key = f"encoder.layer.{number}.{whole}.weight"
            found[key] = tensors[key] + rows
    return found


def read_half(file: Path) -> dict[str, Array]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return {name: values.astype(np.float32) for name, values in load_file(file).items()}
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"the reader's weights cannot be read ({error})", where=str(file), fix="reinstall evidentia"
        ) from error
