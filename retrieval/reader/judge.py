"""Whether a statement carries a claim, and which of the claim's words it does not: the reader's network, trained to.

Claim and statement are read as one sequence (a cross-encoder, as in natural language inference, Bowman et al., 2015).
Knows nothing of documents; the exact rules for numbers and names are in ``agents``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..embedders import weights
from .network import open_network

CLS, SEP = 101, 102
CLAIM_TOKENS, PAIR_TOKENS = 64, 200
"""WordPieces of a claim, and of both with their marks; what is longer is cut, of a statement its beginning."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    carried: float
    """Log-odds that the statement carries the claim."""
    words: tuple[tuple[Place, float], ...]
    """Characters of each WordPiece of the claim, with the log-odds that it is wrong."""

    def wrong(self, place: Place) -> float:
        """Of the characters of the claim in ``place``, the most doubtful; far below 0 where nothing was read."""
        return max((score for (a, z), score in self.words if a < place[1] and place[0] < z), default=-20.0)


class Judge:
    """``file``: other trained weights than the packaged ones."""

    def __init__(self, cache: Path, file: Path | None = None) -> None:
        self._cache = cache
        self._network = open_network(cache, file)

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judged]:
        """One verdict for each claim and statement. Raises ``ModelError`` when the weights are missing."""
        claims = self._tokenizer.encode_batch([claim for claim, _ in pairs], add_special_tokens=False)
        statements = self._tokenizer.encode_batch([statement for _, statement in pairs], add_special_tokens=False)
        ids = [pair_ids(claim.ids, statement.ids) for claim, statement in zip(claims, statements, strict=True)]
        found = []
        for claim, logits in zip(claims, self._network.judge(ids), strict=True):
            places = claim.offsets[:CLAIM_TOKENS]
            scores = logits[1 : 1 + len(places), 1].tolist()
            found.append(Judged(float(logits[0, 0]), tuple(zip(places, scores, strict=True))))
        return found

    @cached_property
    def _tokenizer(self) -> Any:
        return weights.tokenizer(self._cache)


def pair_ids(claim: Sequence[int], statement: Sequence[int]) -> list[int]:
    """``[CLS] claim [SEP] statement [SEP]``; what governs a statement stands before it and is cut first."""
    said = claim[:CLAIM_TOKENS]
    room = PAIR_TOKENS - len(said) - 3
    return [CLS, *said, SEP, *statement[-room:], SEP]
