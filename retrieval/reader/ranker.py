"""How likely a statement answers a question: the reader's network, trained to on questions that people ask of manuals.

Question and statement are read as one sequence (a cross-encoder, Nogueira and Cho, *Passage Re-ranking with BERT*,
2019), the statement below what governs it. Knows nothing of passages and of how statements were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..embedders import weights
from .network import open_network

CLS, SEP = 101, 102
QUESTION_TOKENS, ABOVE_TOKENS, STATEMENT_TOKENS = 40, 32, 80
"""WordPieces that are read: of question and statement the first, of what governs it the last."""

Governed = tuple[Sequence[str], str]
"""What stands above a statement, the outermost first, and the statement."""


class Ranker:
    """Ranks statements by whether they answer. ``file``: other trained weights than the packaged ones."""

    def __init__(self, cache: Path, file: Path | None = None) -> None:
        self._cache = cache
        self._network = open_network(cache, file)

    def rank(self, question: str, statements: Sequence[Governed]) -> list[float]:
        """The log-odds for each statement that it answers, against that none does; far apart where the network is sure.

        Raises ``ModelError`` when the weights are missing.
        """
        return self._network.rank(pair_ids(self._tokenizer, question, statements))

    @cached_property
    def _tokenizer(self) -> Any:
        return weights.tokenizer(self._cache)


def pair_ids(tokenizer: Any, question: str, statements: Sequence[Governed]) -> list[list[int]]:
    """The ids of ``[CLS] question [SEP] governors statement [SEP]`` for each statement."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
    above = tokenizer.encode_batch([text_above(governors) for governors, _ in statements], add_special_tokens=False)
    said = tokenizer.encode_batch([statement for _, statement in statements], add_special_tokens=False)
    return [
        [CLS, *asked, SEP, *governing.ids[-ABOVE_TOKENS:], *one.ids[:STATEMENT_TOKENS], SEP]
        for governing, one in zip(above, said, strict=True)
    ]


def text_above(governors: Sequence[str]) -> str:
    return " . ".join(filter(None, governors))
