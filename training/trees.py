"""Several prompts with what is to be written behind each, computed as one tree: what the prompts share is read once.

Five questions about a paragraph cost one paragraph and five questions. A token sees the trunk and what stands before it
on its own branch, at the position that it would have in a sequence of its own. Knows nothing of models and tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens that are given, tokens that are to be written, and how much each of these counts."""

    prompt: Sequence[int]
    target: Sequence[int]
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Tree:
    tokens: list[int]
    positions: list[int]
    branch: list[int]
    """Per token: 0 on the trunk, else the number of its branch."""
    rows: list[int]
    """Place of the token before each target token."""
    targets: list[int]
    weights: list[float]
    pairs: int

    def __len__(self) -> int:
        return len(self.tokens)


def grown(pairs: Sequence[Pair]) -> Tree:
    """The tree of ``pairs``; its trunk is the longest common start of their prompts."""
    trunk = [column[0] for column in takewhile(_alike, zip(*(pair.prompt for pair in pairs), strict=False))]
    tree = Tree(list(trunk), list(range(len(trunk))), [0] * len(trunk), [], [], [], len(pairs))
    for number, pair in enumerate(pairs, start=1):
        given = list(pair.prompt[len(trunk) :])
        grow = given + list(pair.target[:-1])  # nothing is predicted from the last token
        start = len(tree.tokens)
        before = [len(trunk) - 1, *range(start, start + len(grow))][len(given) :]
        tree.rows.extend(before)
        tree.targets.extend(pair.target)
        tree.weights.extend(pair.weights)
        tree.tokens.extend(grow)
        tree.positions.extend(range(len(trunk), len(trunk) + len(grow)))
        tree.branch.extend([number] * len(grow))
    return tree


def _alike(column: tuple[int, ...]) -> bool:
    return len(set(column)) == 1


class Batch(NamedTuple):
    """``ids`` and ``positions`` ``[batch, length]``, ``visible`` bool ``[batch, length, length]``; ``rows`` of the
    flattened batch, with ``targets`` and ``weights`` of as many entries."""

    ids: Tensor
    positions: Tensor
    visible: Tensor
    rows: Tensor
    targets: Tensor
    weights: Tensor


def batch(trees: Sequence[Tree], device: torch.device | str = "cpu") -> Batch:
    length = max(map(len, trees))
    ids, positions, branch = (torch.zeros(len(trees), length, dtype=torch.long) for _ in range(3))
    rows: list[int] = []
    for number, tree in enumerate(trees):
        ids[number, : len(tree)] = torch.tensor(tree.tokens)
        positions[number, : len(tree)] = torch.tensor(tree.positions)
        branch[number, : len(tree)] = torch.tensor(tree.branch)
        branch[number, len(tree) :] = -1
        rows.extend(number * length + row for row in tree.rows)
    earlier = torch.ones(length, length, dtype=torch.bool).tril()
    visible = earlier & ((branch.unsqueeze(1) == 0) | (branch.unsqueeze(1) == branch.unsqueeze(2)))
    return Batch(
        ids.to(device),
        positions.to(device),
        visible.to(device),
        torch.tensor(rows, device=device),
        torch.tensor([target for tree in trees for target in tree.targets], device=device),
        torch.tensor([weight for tree in trees for weight in tree.weights], device=device),
    )


def of_like_length(trees: Iterable[Tree], tokens: int) -> list[list[Tree]]:
    """Groups of trees, shortest first, each of at most ``tokens`` tokens when padded (one tree may be longer)."""
    groups: list[list[Tree]] = []
    for tree in sorted(trees, key=len):
        if groups and len(tree) * (len(groups[-1]) + 1) <= tokens:
            groups[-1].append(tree)
        else:
            groups.append([tree])
    return groups
