"""Where in a passage the answer to a question stands, in which sentence, and how likely it stands there at all.

Extractive question answering in the manner of BERT on SQuAD 2.0 (Devlin et al., 2019), with a head for sentences and
one for "no answer". Offsets are carried from the tokenizer: nothing is searched for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...corpus.spans import sentences
from ..embedders import weights
from .network import Logits, open_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLS, SEP = 101, 102
QUESTION_TOKENS, WINDOW, STEP, WINDOWS = 40, 320, 240, 2
"""Of a longer passage, windows of ``WINDOW`` tokens are read, one every ``STEP``: the ``WINDOWS`` that share most with
the question."""
ANSWER_TOKENS = 30

Place = tuple[int, int]
"""Characters of the passage, end exclusive."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one passage says to the question. Scores are log-odds against "this passage does not say"."""

    answered: float
    """That the passage answers."""
    answer: Place
    """The best span, whether or not it is likely."""
    margin: float
    """Of that span."""
    sentences: tuple[tuple[Place, float], ...]
    """Every sentence, in order, with the score that it holds the answer; that of one that was not read is -inf."""


class Reader:
    """Reads passages for their answers. ``file``: other trained weights than the packaged ones."""

    def __init__(self, cache: Path, file: Path | None = None) -> None:
        self._cache = cache
        self._network = open_network(cache, file)

    def read(self, question: str, passages: Sequence[str], kinds: Sequence[str] = ()) -> list[Reading]:
        """Gives one reading per passage. ``kinds``: how each is split into sentences (``section`` unless given).

        Raises ``ModelError`` when the weights are missing.
        """
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
        encoded = self._tokenizer.encode_batch(list(passages), add_special_tokens=False)
        windows = [(row, first) for row, one in enumerate(encoded) for first in _windows(asked, one.ids)]
        ids = [[CLS, *asked, SEP, *encoded[row].ids[first : first + WINDOW], SEP] for row, first in windows]
        found: list[list[Reading]] = [[] for _ in passages]
        for (row, first), logits in zip(windows, self._network(ids), strict=True):
            offsets = encoded[row].offsets[first : first + WINDOW]
            places = sentences(passages[row], 0, len(passages[row]), kinds[row] if kinds else "section")
            found[row].append(_reading(_inner(logits, len(asked) + 2, len(offsets)), offsets, places))
        return [_join_readings(parts) for parts in found]

    @cached_property
    def _tokenizer(self) -> Any:
        return weights.tokenizer(self._cache)


def _windows(asked: Sequence[int], tokens: Sequence[int]) -> list[int]:
    """Where the windows begin that are read, best first."""
    firsts = range(0, max(1, len(tokens) - (WINDOW - STEP)), STEP)
    return sorted(firsts, key=lambda first: -len({*asked} & {*tokens[first : first + WINDOW]}))[:WINDOWS]


def _inner(logits: Logits, before: int, count: int) -> Logits:
    """The passage's own positions, as log-odds against position 0."""
    inside = slice(before, before + count)
    return Logits(logits.span[inside] - logits.span[0], logits.sentence[inside] - logits.sentence[0], logits.answer)


def _reading(logits: Logits, offsets: Sequence[Place], places: Sequence[Place]) -> Reading:
    if not offsets:
        return Reading(-np.inf, (0, 0), -np.inf, tuple((place, -np.inf) for place in places))
    first, last, margin = _best_span(logits.span)
    scored = _by_sentence(logits.sentence, offsets, places)
    return Reading(logits.answer, (offsets[first][0], offsets[last][1]), margin, scored)


def _best_span(span: NDArray[np.float32]) -> tuple[int, int, float]:
    """First and last token of the best span of at most ``ANSWER_TOKENS``, and its score."""
    total = span[:, 0, None] + span[None, :, 1]
    count = len(span)
    ahead = np.arange(count)[None, :] - np.arange(count)[:, None]
    total = np.where((ahead >= 0) & (ahead < ANSWER_TOKENS), total, -np.inf)
    first, last = divmod(int(total.argmax()), count)
    return first, last, float(total[first, last])


def _by_sentence(
    scores: NDArray[np.float32], offsets: Sequence[Place], places: Sequence[Place]
) -> tuple[tuple[Place, float], ...]:
    """Mean over each sentence's tokens; a sentence outside the window has no score yet."""
    starts = np.array([start for start, _ in offsets])
    bounds = np.searchsorted(starts, [edge for place in places for edge in place])
    found = []
    for number, place in enumerate(places):
        low, high = bounds[2 * number : 2 * number + 2]
        found.append((place, float(scores[low:high].mean()) if low < high else -np.inf))
    return tuple(found)


def _join_readings(parts: Sequence[Reading]) -> Reading:
    """Several windows of one passage: the best of each."""
    best = max(parts, key=lambda part: part.margin)
    scores = np.max([[score for _, score in part.sentences] for part in parts], axis=0)
    places = [place for place, _ in best.sentences]
    return replace(
        best,
        answered=max(part.answered for part in parts),
        sentences=tuple(zip(places, scores.tolist(), strict=True)),
    )
