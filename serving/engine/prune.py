"""Guessed tokens that a constraint forbids, taken out of the tree before the model reads it.

What is left is what the verifier could accept at all, so the pass is no wider than it must be. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..constraints.constraint import Guide
from ..drafting.drafter import Tree


def prune(tree: Tree, guide: Guide) -> Tree:
    """``tree`` without the tokens that ``guide`` forbids and all that hangs on them; ``guide`` is left as it was.

    Of children that were drawn (``Tree.laws``) the law becomes that of the draw among what is allowed: what is left of
    a draw without replacement is one from the law restricted to the rest, so recursive rejection stays exact.
    """
    children: list[list[int]] = [[] for _ in range(len(tree) + 1)]
    for node, parent in enumerate(tree.parents.tolist()):
        children[parent + 1].append(node)
    kept: list[int] = []
    laws = None if tree.laws is None else tree.laws.copy()
    waiting, depth = [(-1, 0)], 0
    while waiting:
        node, below = waiting.pop()
        if node >= 0:
            guide.back(depth - below + 1)
            guide.advance(int(tree.tokens[node]))
            kept.append(node)
        depth = below
        left = [child for child in children[node + 1] if guide.allows(int(tree.tokens[child]))]
        waiting += [(child, below + 1) for child in reversed(left)]
        if laws is not None and left:
            inside = np.where(guide.mask(), laws[node + 1], 0)
            laws[node + 1] = np.asarray(inside / inside.sum(), np.float32)
    guide.back(depth)
    return _only(replace(tree, laws=laws), sorted(kept))


def _only(tree: Tree, kept: Iterable[int]) -> Tree:
    rows = np.fromiter(kept, np.int64)
    places = np.full(len(tree) + 1, -1, np.int32)
    places[rows] = np.arange(len(rows))
    return Tree(
        tree.tokens[rows],
        places[tree.parents[rows]],
        tree.chances[rows],
        tuple(tree.sources[row] for row in rows),
        None if tree.laws is None else tree.laws[np.concatenate([[0], rows + 1])],
    )
