"""Chunking-free evidence over known text: which sentence a model would begin to quote, and where it would stop.

Qian et al., *Grounding Language Model with Chunking-Free In-Context Retrieval*, 2024. Nothing is generated: every
continuation is text of the document, so all prefixes are scored in one pass, and all ends in another. Several documents
are read side by side in one session. Knows nothing of stores and offsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...serving.base import Session
from .prefixes import END, Trie, build

if TYPE_CHECKING:
    from numpy.typing import NDArray

NODES = 256
"""Nodes that are scored in one pass: over a vocabulary of 49,152 their logits take 50 MB."""
DISTANCE = 256
"""Tokens within which a quote must end, unless its first sentence is longer."""


@dataclass(frozen=True, slots=True)
class Prefix:
    sentence: int
    score: float
    """Mean log probability of its tokens."""
    length: int
    """Tokens."""


def prefix_scores(
    session: Session,
    roots: Sequence[int],
    rows: NDArray[np.float32],
    texts: Sequence[Sequence[Sequence[int]]],
    ends: Sequence[int],
    *,
    whole: bool = False,
) -> list[list[Prefix]]:
    """Scores for each document the prefixes of its sentences, best first.

    ``roots``: index in ``session`` of the last token of each document's prompt; ``rows`` ``[documents, vocabulary]``:
    the logits there; ``texts``: per document the tokens of each sentence; ``ends``: the tokens that end a reply.
    """
    tries = [build(sequences, whole) for sequences in texts]
    scores = _edges(session, roots, rows, tries, ends)
    return [_rank(trie, edges) for trie, edges in zip(tries, scores, strict=True)]


def _rank(trie: Trie, edges: dict[tuple[int, int], float]) -> list[Prefix]:
    found = [
        Prefix(sentence, float(np.mean([edges[step] for step in steps])), len(steps))
        for sentence, steps in trie.prefixes.items()
    ]
    return sorted(found, key=lambda prefix: -prefix.score)


def _edges(
    session: Session, roots: Sequence[int], rows: NDArray[np.float32], tries: Sequence[Trie], ends: Sequence[int]
) -> list[dict[tuple[int, int], float]]:
    """The log probability of each ``(node, token)`` of each trie."""
    wanted: list[dict[int, set[int]]] = []
    for trie in tries:
        steps: dict[int, set[int]] = {}
        for node, token in {step for prefix in trie.prefixes.values() for step in prefix}:
            steps.setdefault(node, set()).add(token)
        wanted.append(steps)
    found: list[dict[tuple[int, int], float]] = [
        _row(-1, row, steps.get(-1, ()), ends) for row, steps in zip(rows, wanted, strict=True)
    ]
    nodes = [(which, node) for which, trie in enumerate(tries) for node in range(len(trie.tokens))]
    places: dict[tuple[int, int], int] = {(which, -1): root for which, root in enumerate(roots)}
    for first in range(0, len(nodes), NODES):
        part = nodes[first : first + NODES]
        places |= {node: len(session.tokens) + at for at, node in enumerate(part)}
        above = [places[which, tries[which].parents[node]] for which, node in part]
        logits = session.branch([tries[which].tokens[node] for which, node in part], above)
        for (which, node), row in zip(part, logits, strict=True):
            found[which] |= _row(node, row, wanted[which].get(node, ()), ends)
    return found


def _row(
    node: int, row: NDArray[np.float32], tokens: Sequence[int] | set[int], ends: Sequence[int]
) -> dict[tuple[int, int], float]:
    total = _sum(row)
    return {(node, token): float((_sum(row[list(ends)]) if token == END else row[token]) - total) for token in tokens}


def _sum(row: NDArray[np.float32]) -> float:
    """log of the sum of exponentials."""
    top = float(row.max())
    return top + float(np.log(np.exp(row - top).sum()))


def last_sentences(
    session: Session,
    starts: Sequence[tuple[int, Sequence[Sequence[int]]]],
    ends: Sequence[int],
    distance: int = DISTANCE,
) -> list[int]:
    """Finds for each start how many sentences after the first the quote goes on: where the model is surest that it is
    over.

    A start is the index in ``session`` of the token it follows, and the tokens of its sentence and of each later one
    (white space between them belongs to the later). One pass scores every end of every start.
    """
    tokens: list[int] = []
    parents: list[int] = []
    rows: list[int] = []
    counts: list[int] = []
    length = len(session.tokens)
    for root, sentences in starts:
        kept = _within(sentences, distance)
        counts.append(len(kept))
        if len(kept) == 1:
            continue
        above = root
        for sentence in kept:
            for token in sentence:
                parents.append(above)
                above = length + len(tokens)
                tokens.append(token)
            rows.append(len(tokens) - 1)
    scores = iter(_sum(row[list(ends)]) - _sum(row) for row in session.branch(tokens, parents, rows))
    return [int(np.argmax([next(scores) for _ in range(count)])) if count > 1 else 0 for count in counts]


def _within(sentences: Sequence[Sequence[int]], distance: int) -> list[Sequence[int]]:
    kept, size = [sentences[0]], len(sentences[0])
    for sentence in sentences[1:]:
        size += len(sentence)
        if size > distance:
            break
        kept.append(sentence)
    return kept


def log_likelihood(row_before: NDArray[np.float32], tokens: Sequence[int]) -> float:
    """The mean log probability of ``tokens``, natural logarithm; row i of ``[len(tokens), vocabulary]`` scores token
    i."""
    return float(np.mean([row[token] - _sum(row) for row, token in zip(row_before, tokens, strict=True)]))
