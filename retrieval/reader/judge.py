"""How likely a statement carries a claim: the reader's network, trained to judge that.

Claim and statement are read as one sequence (a cross-encoder, as in natural language inference, Bowman et al., 2015).
Knows nothing of documents; the exact rules for numbers and names are in ``agents``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..embedders import weights
from .network import open_network

CLS, SEP = 101, 102
CLAIM_TOKENS, PAIR_TOKENS = 64, 200
"""WordPieces of a claim, and of both with their marks; what is longer is cut, of a statement its beginning."""


class Judge:
    """Judges whether statements carry claims. ``file``: other trained weights than the packaged ones."""

    def __init__(self, cache: Path, file: Path | None = None) -> None:
        self._cache = cache
        self._network = open_network(cache, file)

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Gives for each claim and statement the log-odds that the statement carries the claim.

        Raises ``ModelError`` when the weights are missing.
        """
        claims = self._tokenizer.encode_batch([claim for claim, _ in pairs], add_special_tokens=False)
        statements = self._tokenizer.encode_batch([statement for _, statement in pairs], add_special_tokens=False)
        ids = [pair_ids(claim.ids, statement.ids) for claim, statement in zip(claims, statements, strict=True)]
        return self._network.judge(ids)

    @cached_property
    def _tokenizer(self) -> Any:
        return weights.tokenizer(self._cache)


def pair_ids(claim: Sequence[int], statement: Sequence[int]) -> list[int]:
    """The ids of ``[CLS] claim [SEP] statement [SEP]``; what governs a statement stands before it and is cut first."""
    said = claim[:CLAIM_TOKENS]
    room = PAIR_TOKENS - len(said) - 3
    return [CLS, *said, SEP, *statement[-room:], SEP]
