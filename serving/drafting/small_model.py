"""What drafters that ask a small model share: the model kept in step with the reply, and the tree that grows from it.

Guesses are ranked by the small model's own chances; where the request is sampled they are drawn by them, and the tree
carries the laws it was drawn by. Which guesses grow is a ``Grow`` (``draft_model.py``: a chain; ``rsd.py``: trees).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..base import GREEDY, Sampling
from ..network.network import CausalNetwork, SequenceInput
from ..network.tree import Sight, sight
from ..sampling import Sampler
from .drafter import NOTHING, PassOutcome, Texts, Tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Law = NDArray[np.float32]

PART = 512
"""Tokens of a prompt that are read at once."""


class Ahead(Protocol):
    """One request's side of a small model."""

    def root(self) -> Any | None:
        """Logits ``[vocabulary]`` behind the last written token, or ``None`` while it cannot say. Guesses that were
        grown before are forgotten."""
        ...

    def grow(self, tokens: Sequence[int], parents: Sequence[int]) -> Any:
        """Logits ``[len(tokens), vocabulary]`` behind guesses; parents are places among all that were grown since
        ``root``, -1 for the root."""
        ...

    def learn(self, step: PassOutcome) -> None: ...


class Following:
    """A network with a memory of its own. What was accepted is read once more, together with the token behind it: a
    pass over a few tokens costs what one costs."""

    def __init__(self, network: CausalNetwork, prompt: Sequence[int]) -> None:
        self.network, self.tokens = network, [int(token) for token in prompt]
        self._memory, self._read = network.memory(), 0
        self._guesses: Sight = []

    def root(self) -> Any:
        """See ``Ahead``."""
        start = self._memory.length = min(self._read, len(self.tokens) - 1)
        for first in range(start, len(self.tokens), PART):
            part = self.tokens[first : first + PART]
            said = self.network.forward([SequenceInput(self._memory, part)], [len(part) - 1]).logits
        self._read, self._guesses = len(self.tokens), []
        return said[0]

    def grow(self, tokens: Sequence[int], parents: Sequence[int]) -> Any:
        """See ``Ahead``."""
        behind = [self._read - 1 if parent < 0 else self._read + parent for parent in parents]
        seen = sight(self._guesses, self._memory.length, behind)
        self._guesses.extend(seen)
        return self.network.forward([SequenceInput(self._memory, tokens, seen.sum(1) - 1, seen)]).logits

    def learn(self, step: PassOutcome) -> None:
        """See ``Ahead``."""
        self.tokens.extend(step.written)


class Draws:
    """How guesses are chosen for one request: ranked, or drawn as ``sampling`` says, with noise of their own."""

    def __init__(self, sampling: Sampling = GREEDY) -> None:
        self.drawn = sampling.temperature > 0
        self._sampler = Sampler(sampling)
        self.random = np.random.default_rng([*self._sampler.key, 1])

    def laws(self, logits: Any) -> Law:
        """``[n, vocabulary]``: what the tokens behind each of ``n`` places are drawn from, or ranked by."""
        if self.drawn and self._sampler.sampling.top_p < 1:
            rows = logits.float().cpu().numpy()
            return np.stack([self._sampler.law(row) for row in rows]).astype(np.float32)
        warmth = self._sampler.sampling.temperature if self.drawn else 1.0
        found: Law = (logits.float() / warmth).softmax(-1).cpu().numpy()
        return found

    def scores(self, law: Law) -> NDArray[np.float64]:
        """Logs of ``law``, with Gumbel noise where guesses are drawn: the best k are then k draws without replacement,
        in order."""
        with np.errstate(divide="ignore"):
            logs = np.log(law.astype(np.float64))
        return logs + self.random.gumbel(size=len(logs)) if self.drawn else logs

    def best(self, law: Law, count: int) -> list[int]:
        """The first ``count`` tokens by ``scores``, fewer when fewer are possible."""
        return rank(self.scores(law), count)


def rank(scores: NDArray[np.float64], count: int) -> list[int]:
    """Places of the ``count`` largest finite scores, best first."""
    count = min(count, len(scores))
    found = np.argpartition(-scores, count - 1)[:count] if count < len(scores) else np.arange(count)
    order = found[np.argsort(-scores[found], kind="stable")]
    return [place for place in order.tolist() if np.isfinite(scores[place])]


class Growth:
    """A tree while it grows."""

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.parents: list[int] = []
        self.chances: list[float] = []
        self.laws: dict[int, Law] = {}
        """By row: 0 for the root, i + 1 for token i."""

    def chance(self, place: int) -> float:
        return self.chances[place] if place >= 0 else 1.0

    def add(self, parent: int, token: int) -> int:
        """The new token's place. The law behind its parent must be there."""
        self.tokens.append(token)
        self.parents.append(parent)
        self.chances.append(self.chance(parent) * min(1.0, float(self.laws[parent + 1][token])))
        return len(self.tokens) - 1

    def tree(self, name: str, drawn: bool) -> Tree:
        if not self.tokens:
            return NOTHING
        count, laws = len(self.tokens), None
        if drawn:
            laws = np.zeros((count + 1, len(self.laws[0])), np.float32)
            for row, law in self.laws.items():
                laws[row] = law
        parents, chances = np.array(self.parents, np.int32), np.array(self.chances, np.float32)
        return Tree(np.array(self.tokens, np.int32), parents, np.maximum(chances, 1e-30), (name,) * count, laws)


Grow = Callable[[Growth, Ahead, Draws, int], None]
"""Grows at most so many guesses; the law behind the root is there already."""


class Guessing:
    """A ``Drawing`` over a small model."""

    def __init__(self, name: str, ahead: Ahead, growing: Grow) -> None:
        self.name, self.ahead, self.growing, self._draws = name, ahead, growing, Draws()

    def sample(self, sampling: Sampling) -> None:
        """See ``Drawing``."""
        self._draws = Draws(sampling)

    def draft(self, budget: int) -> Tree:
        """See ``Drafting``."""
        logits = self.ahead.root() if budget > 0 else None
        if logits is None:
            return NOTHING
        growth = Growth()
        growth.laws[0] = self._draws.laws(logits[None])[0]
        self.growing(growth, self.ahead, self._draws, budget)
        return growth.tree(self.name, self._draws.drawn)

    def learn(self, step: PassOutcome) -> None:
        """See ``Drafting``."""
        self.ahead.learn(step)


class Asking:
    """A ``Drafter`` that asks a small model; ``open_ahead`` makes one request's side of it from the prompt."""

    def __init__(
        self,
        name: str,
        open_ahead: Callable[[Sequence[int]], Ahead],
        growing: Grow,
        layers: Sequence[int] = (),
    ) -> None:
        self.name, self.layers, self._open, self.growing = name, layers, open_ahead, growing

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Guessing:
        return Guessing(self.name, self._open(prompt), self.growing)
