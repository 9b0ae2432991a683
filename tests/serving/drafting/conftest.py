"""A toy model whose next tokens are a fixed function of the last two, and a reply written with a drafter's help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from evidentia.serving.drafting.drafter import BEST, Drafting, PassOutcome, Tree

VOCABULARY = 64


class Toy:
    """Deterministic, and repeats itself as text does."""

    vocabulary = VOCABULARY

    def best(self, before: int, last: int) -> list[int]:
        start = (before * 7 + last * 13 + 5) % 24
        return [(start + 3 * rank) % VOCABULARY for rank in range(BEST)]

    def read(self, tokens: Sequence[int], parents: Sequence[int], before: int) -> np.ndarray:
        said = [
            self.best(before if parent < 0 else tokens[parent], token)
            for token, parent in zip(tokens, parents, strict=True)
        ]
        return np.array(said, np.int32).reshape(-1, BEST)

    def greedy(self, prompt: Sequence[int], count: int) -> list[int]:
        whole = list(prompt)
        for _ in range(count):
            whole.append(self.best(whole[-2], whole[-1])[0])
        return whole[len(prompt) :]


@dataclass
class Reply:
    tokens: list[int]
    trees: list[Tree]
    passes: int


def prompt_step(toy: Toy, prompt: Sequence[int]) -> PassOutcome:
    """The pass over all of a prompt but its last token."""
    read = list(prompt[:-1])
    parents = list(range(-1, len(read) - 1))
    return PassOutcome(
        np.array(read, np.int32),
        np.array(parents, np.int32),
        toy.read(read, parents, 0),
        np.arange(len(read)),
    )


def write(toy: Toy, drafting: Drafting, prompt: Sequence[int], count: int, budget: int) -> Reply:
    """What a verifier does, on the toy."""
    drafting.learn(prompt_step(toy, prompt))
    whole, trees = list(prompt), []
    while len(whole) < len(prompt) + count:
        tree = drafting.draft(budget)
        trees.append(tree)
        read = [whole[-1], *tree.tokens.tolist()]
        parents = [-1, *(tree.parents + 1).tolist()]
        best = toy.read(read, parents, whole[-2])
        path, written, row = [0], [], 0
        while True:
            written.append(int(best[row, 0]))
            row = next(
                (place for place in range(len(read)) if parents[place] == row and read[place] == written[-1]), -1
            )
            if row < 0:
                break
            path.append(row)
        drafting.learn(
            PassOutcome(np.array(read, np.int32), np.array(parents, np.int32), best, np.array(path), tuple(written))
        )
        whole += written
    return Reply(whole[len(prompt) : len(prompt) + count], trees, len(trees))


@pytest.fixture
def toy() -> Toy:
    return Toy()
