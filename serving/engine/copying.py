"""Writing by copying alone: the model's likeliest replies among all stretches of given texts.

Whatever comes out stands in one of the texts, token for token. Works on the ``Session`` contract alone, in numpy; it
must not know what the texts are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..base import Session
from ..sampling import log_softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Copy:
    tokens: tuple[int, ...]
    score: float
    """Natural log of the probability that the model writes these tokens and then ends."""


@dataclass(frozen=True, slots=True)
class _Beam:
    tokens: tuple[int, ...]
    score: float
    ends: tuple[tuple[int, int], ...]
    """Every place where ``tokens`` stand: the run, and where in it they end."""
    last: int
    """Index in the sequence of the last token, or of the one that it is to follow while it is not yet there."""


def copies(
    session: Session,
    scores: NDArray[np.float32],
    runs: Sequence[Sequence[int]],
    stops: Collection[int],
    *,
    beams: int = 4,
    longest: int = 24,
) -> list[Copy]:
    """Stretches of ``runs`` of at most ``longest`` tokens, likeliest first, found by a beam search.

    ``scores`` are the logits ``[vocabulary]`` after ``session``, which is left as it was; a stretch ends where the
    model would write one of ``stops``. Probabilities are the model's own, not renormalised over what is allowed.
    """
    start, stop = len(session.tokens), list(stops)
    places = tuple((number, at - 1) for number, run in enumerate(runs) for at in range(len(run)))
    level, logs = [_Beam((), 0.0, places, start - 1)], [log_softmax(scores)]
    done: list[Copy] = []
    try:
        for _ in range(longest):
            best = max((copy.score for copy in done), default=-np.inf)
            level = [beam for beam in _longer(level, logs, runs)[:beams] if beam.score > best]
            if not level:
                break
            first = len(session.tokens)
            rows = session.branch([beam.tokens[-1] for beam in level], [beam.last for beam in level])
            level = [replace(beam, last=first + at) for at, beam in enumerate(level)]
            logs = [log_softmax(row) for row in rows]
            done += [
                Copy(beam.tokens, beam.score + float(log[stop].max())) for beam, log in zip(level, logs, strict=True)
            ]
    finally:
        session.crop(start)
    return sorted(done, key=lambda copy: -copy.score)


def continuations(session: Session, scores: NDArray[np.float32], lines: Sequence[Sequence[int]]) -> list[float]:
    """Natural log of the probability of each of ``lines`` behind ``session``, in one pass; ``scores`` as above."""
    start = len(session.tokens)
    parents: list[int] = []
    for line in lines:
        parents += [start - 1, *range(start + len(parents), start + len(parents) + len(line))][: len(line)]
    try:
        rows = session.branch([token for line in lines for token in line], parents)
    finally:
        session.crop(start)
    found, at = [], 0
    for line in lines:
        before = [scores, *rows[at : at + len(line)]]
        found.append(sum(float(log_softmax(row)[token]) for row, token in zip(before, line, strict=False)))
        at += len(line)
    return found


def _longer(level: Sequence[_Beam], logs: Sequence[NDArray[np.float32]], runs: Sequence[Sequence[int]]) -> list[_Beam]:
    """Every beam of ``level`` with every token that may follow it, likeliest first."""
    longer = []
    for beam, log in zip(level, logs, strict=True):
        following: dict[int, list[tuple[int, int]]] = {}
        for run, at in beam.ends:
            if at + 1 < len(runs[run]):
                following.setdefault(runs[run][at + 1], []).append((run, at + 1))
        longer += [
            _Beam((*beam.tokens, token), beam.score + float(log[token]), tuple(ends), beam.last)
            for token, ends in following.items()
        ]
    return sorted(longer, key=lambda beam: -beam.score)
