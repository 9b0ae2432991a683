"""One request while it runs: what it has read, what it guesses, and what a pass of the model makes of it.

Works for prompt and reply alike: the unread tokens come first, the guesses behind the last of them. Knows nothing of
the other requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..drafting.base import BEST, NOTHING, Drafting, Step, Tree
from ..network.cache import Memory
from ..network.network import Part
from ..network.tree import sight
from ..penalties import Adjustments
from ..sampling import Chooser
from .prune import prune
from .request import Chunk, Finish, Likely
from .verify import Walk, reject, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..constraints.base import Guide
    from .engine import EngineReply


@dataclass(frozen=True, slots=True)
class Plan:
    """What one request puts into a pass: ``chain`` unread tokens, then the tree behind the last of them."""

    running: Running
    chain: tuple[int, ...]
    tree: Tree
    writes: bool
    """Whether the chain ends with the last token there is, so that the next one is written."""
    told: int
    """How many of the chain's last tokens have their scores wanted, because a drafter learns from them."""

    @property
    def rows(self) -> int:
        return len(self.chain) + len(self.tree)

    @property
    def first(self) -> int:
        """The first row whose scores are wanted: the root, or none where the prompt goes on, and what is told."""
        return len(self.chain) - max(self.told, int(self.writes))

    def part(self) -> Part:
        memory, count = self.running.memory, len(self.chain)
        tokens = [*self.chain, *self.tree.tokens.tolist()]
        if not len(self.tree):
            return Part(memory, tokens)
        root = memory.length + count - 1
        parents = [*range(memory.length - 1, root), *(self.tree.parents + root + 1)]
        seen = sight([], memory.length, parents)
        return Part(memory, tokens, seen.sum(1) - 1, seen, chain=count)


class Running:
    def __init__(
        self,
        reply: EngineReply,
        memory: Memory,
        drafting: Drafting | None,
        guide: Guide | None,
        ends: frozenset[int],
        context: int,
    ) -> None:
        ask = reply.ask
        self.reply, self.memory, self.drafting, self.guide = reply, memory, drafting, guide
        self.tokens = list(ask.prompt)
        ignored = ask.ignore_ends or ask.sampling.ignore_ends
        self._ends = (frozenset() if ignored else ends) | frozenset(ask.sampling.stop_tokens)
        self._adjust = Adjustments(ask.sampling, ask.prompt, ends | self._ends)
        self._room = min(ask.sampling.max_tokens, context - len(ask.prompt))
        self._chooser = Chooser(ask.sampling)

    @property
    def unread(self) -> list[int]:
        return self.tokens[self.memory.length :]

    @property
    def left(self) -> int:
        """Tokens that may still be written."""
        return self._room - self.reply.usage.written

    def plan(self, share: int, budget: int, told: int) -> Plan:
        """Reads ``share`` of the unread tokens and guesses at most ``budget`` behind the last of them; a drafter is
        told of the last ``told`` of them."""
        unread = self.unread
        writes = share == len(unread)
        budget = min(budget, self.left - 1)
        guesses = NOTHING
        if writes and self.drafting is not None and budget > 0:
            guesses = self._pruned(self.drafting.draft(budget))
        return Plan(self, tuple(unread[:share]), guesses, writes, min(share, told))

    def take(self, plan: Plan, scores: Scores, hidden: Any) -> Finish | None:
        """What the pass says; ``hidden`` is the plan's part of it. Returns how the reply ends, if it does."""
        chain, before = len(plan.chain), self.memory.length - plan.rows
        if not plan.writes:
            self.memory.keep(before, range(chain))
            self._tell(_chain(plan.chain[plan.first :]), scores, hidden, plan.first)
            return None
        root = chain - 1
        found, finish = self._verified(plan.tree, scores, root)
        self.memory.keep(before, [*range(chain), *(root + row for row in found.path[1:])])
        likely = self._likely(found, scores, root)
        self.tokens.extend(found.written)
        self._count(plan.tree, found)
        if plan.first < root:
            self._tell(_chain(plan.chain[plan.first : -1]), scores, hidden, plan.first)
        self._tell(_tree(plan, found), scores, hidden, root)
        shown = len(found.written) - (found.written[-1] in self._ends)
        if shown:
            self.reply.said.put(Chunk(found.written[:shown], likely[:shown]))
        return finish

    def _verified(self, tree: Tree, scores: Scores, root: int) -> tuple[Walk, Finish | None]:
        start, left = len(self.tokens), self.left
        finish: Finish | None = None

        def wrote(token: int) -> bool:
            nonlocal finish, left
            self._adjust.wrote(token)
            if token in self._ends:
                finish = "stop"
                return True
            left -= 1
            if self.guide is not None:
                self.guide.advance(token)
            if self.guide is not None and self.guide.finished:
                finish = "stop"
            elif left == 0:
                finish = "length"
            return finish is not None

        if tree.laws is None:
            found = walk(tree, lambda row, depth: self._choice(scores, root + row, start + depth), wrote)
        else:
            found = reject(tree, lambda row: self._masked(scores.row(root + row)), self._chooser, start, wrote)
        return found, finish

    def _choice(self, scores: Scores, row: int, position: int) -> int:
        if self._chooser.greedy and not self._adjust.active:
            token = scores.first(row)
            # What is likeliest of all is likeliest of what is allowed.
            if self.guide is None or self.guide.allows(token):
                return token
        return self._chooser.choose(self._masked(scores.row(row)), position)

    def _masked(self, row: NDArray[np.float32]) -> NDArray[np.float32]:
        found = self._adjust.applied(row)
        if self.guide is None:
            return found
        allowed = self.guide.allowed()
        masked = np.where(allowed, found, np.float32(-np.inf))
        # Where nothing but an end may follow, the reply is as long as it can be.
        return masked if np.isfinite(masked).any() else np.where(allowed, row, np.float32(-np.inf))

    def _pruned(self, tree: Tree) -> Tree:
        if self.guide is None or not len(tree):
            return tree
        return prune(tree, self.guide)

    def _likely(self, found: Walk, scores: Scores, root: int) -> tuple[Likely, ...]:
        wanted = self.reply.ask.logprobs
        if wanted is None:
            return ()
        return tuple(
            Likely.of(scores.row(root + row), token, wanted)
            for row, token in zip(found.path, found.written, strict=True)
        )

    def _tell(self, step: Step, scores: Scores, hidden: Any, start: int) -> None:
        if self.drafting is None:
            return
        rows = slice(start, start + len(step.read))
        best = scores.best(start, len(step.read))
        self.drafting.learn(
            Step(step.read, step.parents, best, step.path, step.written, None if hidden is None else hidden[:, rows])
        )

    def _count(self, tree: Tree, found: Walk) -> None:
        usage = self.reply.usage
        usage.passes += 1
        usage.written += len(found.written) - (found.written[-1] in self._ends)
        usage.drafted += len(tree)
        usage.accepted += len(found.path) - 1
        held = {row - 1 for row in found.path[1:]}
        for place, source in enumerate(tree.sources):
            drafted, accepted = usage.by_source.get(source, (0, 0))
            usage.by_source[source] = drafted + 1, accepted + (place in held)


class Said:
    """The logits of a pass, ``[rows, vocabulary]``; what is asked of all requests' rows is computed at once."""

    def __init__(self, logits: Any) -> None:
        self._logits = logits

    @cached_property
    def best(self) -> NDArray[np.int32]:
        """``[rows, BEST]``."""
        import torch

        found: NDArray[np.int32] = (
            self._logits.topk(min(BEST, self._logits.shape[1]), -1).indices.to(torch.int32).cpu().numpy()
        )
        return found

    def row(self, row: int) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._logits[row].float().cpu().numpy()
        return found


@dataclass(frozen=True, slots=True)
class Scores:
    """Those of one request, by the rows of its plan."""

    said: Said
    start: int
    """Where the plan's row 0 would be in the pass."""

    def best(self, row: int, count: int) -> NDArray[np.int32]:
        """``[count, BEST]``, from ``row`` on."""
        return self.said.best[self.start + row : self.start + row + count]

    def first(self, row: int) -> int:
        return int(self.said.best[self.start + row, 0])

    def row(self, row: int) -> NDArray[np.float32]:
        return self.said.row(self.start + row)


def _chain(tokens: tuple[int, ...]) -> Step:
    count = len(tokens)
    ids = np.arange(count, dtype=np.int32)
    return Step(np.asarray(tokens, np.int32), ids - 1, np.empty((count, 0), np.int32), ids)


def _tree(plan: Plan, found: Walk) -> Step:
    read = np.concatenate([np.asarray(plan.chain[-1:], np.int32), plan.tree.tokens])
    parents = np.concatenate([np.asarray([-1], np.int32), plan.tree.parents + 1])
    return Step(read, parents, np.empty((len(read), 0), np.int32), np.asarray(found.path, np.int32), found.written)
