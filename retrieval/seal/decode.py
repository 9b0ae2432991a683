"""Constrained beam search (SEAL, Bevilacqua et al., 2022): a language model writes only what the corpus says.

Every beam keeps the interval of its n-gram in the index, which each step narrows and nothing finds anew, and one node
of a token tree in the model's cache, so the prompt is computed once. Tokens that the corpus does not have next are
never chosen, but the scores are the model's own, not renormalised over what is legal. Every candidate is kept as a key,
so keys of all lengths come out of one search. Knows nothing of weights, passages and prompts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...serving.base import LocalModel
from ...serving.sampling import log_softmax
from ..ngram.segments import Intervals, Segments
from .tokens import MARKS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BEAMS = 15
KEPT = 8 * BEAMS
"""Candidates that become keys in each step, best first; the first ``BEAMS`` of them go on."""


@dataclass(frozen=True, slots=True)
class Written:
    """One key as the model wrote it."""

    tokens: tuple[int, ...]
    """Ids of the index."""
    score: float
    """log p(tokens | prompt)."""
    count: int
    """Occurrences in the corpus."""
    before: Intervals
    """Of the key without its last token."""

    def intervals(self, segments: Segments) -> Intervals:
        return segments.extend(self.before, self.tokens[-1])


@dataclass(frozen=True, slots=True)
class _Beam:
    tokens: tuple[int, ...]
    score: float
    intervals: Intervals
    scores: NDArray[np.float32]
    """``[vocabulary]``: log p of the next token."""
    node: int
    """Where its last token stands in the model's sequence."""


def write_keys(
    model: LocalModel,
    prompt: Sequence[int],
    segments: Segments,
    steps: int,
    *,
    start: Sequence[int] = (),
    end: int | None = None,
    beams: int = BEAMS,
) -> list[Written]:
    """Writes keys of up to ``steps`` tokens, in the order in which they are found.

    ``start`` are ids that a key starts with and the model does not see. With ``end``, only keys that this id follows
    somewhere in the corpus are kept, and others go on. A key that occurs once is complete: what follows it is known.
    Raises ``InputError`` for a prompt that does not fit into the model's context.
    """
    session = model.start()
    first = log_softmax(session.feed(prompt, rows=1))[0]
    alive, found = [_Beam((), 0.0, segments.interval(start), first, len(prompt) - 1)], list[Written]()
    for step in range(steps):
        candidates = _candidates(segments, alive)
        found += [
            key for key, _ in candidates if end is None or segments.count(segments.extend(key.intervals(segments), end))
        ]
        chosen = [(key, beam) for key, beam in candidates if key.count > 1 or end is not None][:beams]
        if not chosen or step == steps - 1:
            break
        tokens, at = [key.tokens[-1] - MARKS for key, _ in chosen], len(session.tokens)
        rows = log_softmax(session.branch(tokens, [beam.node for _, beam in chosen]))
        alive = [
            _Beam(key.tokens, key.score, key.intervals(segments), row, at + place)
            for place, ((key, _), row) in enumerate(zip(chosen, rows, strict=True))
        ]
    return found


def _candidates(segments: Segments, alive: Sequence[_Beam]) -> list[tuple[Written, _Beam]]:
    """The best ``KEPT`` continuations of all beams, best first, with the beam that each continues."""
    import numpy as np

    legal = [_legal(segments, beam) for beam in alive]
    tokens = np.concatenate([tokens for tokens, _ in legal])
    counts = np.concatenate([counts for _, counts in legal])
    owners = np.repeat(np.arange(len(alive)), [len(tokens) for tokens, _ in legal])
    scores = np.concatenate(
        [beam.score + beam.scores[tokens - MARKS] for beam, (tokens, _) in zip(alive, legal, strict=True)]
    )
    best = np.argsort(-scores, kind="stable")[:KEPT]
    columns = (column[best].tolist() for column in (owners, tokens, scores, counts))
    return [
        (Written((*alive[owner].tokens, token), score, count, alive[owner].intervals), alive[owner])
        for owner, token, score, count in zip(*columns, strict=True)
    ]


def _legal(segments: Segments, beam: _Beam) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    tokens, counts = segments.continuations(beam.intervals)
    known = (tokens >= MARKS) & (tokens < len(beam.scores) + MARKS)
    return tokens[known], counts[known]
