"""One request while it runs: what it has read, what it guesses, and what a pass of the model makes of it.

Works for prompt and reply alike: the unread tokens come first, the guesses behind the last of them. Knows nothing of
the other requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..drafting.drafter import BEST, NOTHING, PassOutcome, Tree
from ..network.cache import KVCache
from ..network.network import SequenceInput
from ..network.tree import sight
from ..penalties import Penalties
from ..sampling import Sampler
from .prune import prune
from .request import Chunk, Finish, Logprobs
from .verify import AcceptedPath, reject, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..constraints.constraint import Guide
    from ..drafting.paced import Paced
    from .engine import EngineReply


BLOCK = 128
"""Scores that are looked at by their largest first."""


@dataclass(frozen=True, slots=True)
class PassPlan:
    """What one request puts into a pass: ``chain`` unread tokens, then the tree behind the last of them."""

    running: RunningRequest
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

    def part(self) -> SequenceInput:
        memory, count = self.running.memory, len(self.chain)
        tokens = [*self.chain, *self.tree.tokens.tolist()]
        if not len(self.tree):
            return SequenceInput(memory, tokens)
        root = memory.length + count - 1
        parents = [*range(memory.length - 1, root), *(self.tree.parents + root + 1)]
        seen = sight([], memory.length, parents)
        return SequenceInput(memory, tokens, seen.sum(1) - 1, seen, chain=count)


class RunningRequest:
    def __init__(
        self,
        reply: EngineReply,
        memory: KVCache,
        drafting: Paced | None,
        guide: Guide | None,
        ends: frozenset[int],
        context: int,
    ) -> None:
        request = reply.request
        self.reply, self.memory, self.drafting, self.guide = reply, memory, drafting, guide
        self.tokens = list(request.prompt)
        ignored = request.ignore_ends or request.sampling.ignore_ends
        self._ends = (frozenset() if ignored else ends) | frozenset(request.sampling.stop_tokens)
        self._penalties = Penalties(request.sampling, request.prompt, ends | self._ends)
        self._room = min(request.sampling.max_tokens, context - len(request.prompt))
        self._sampler = Sampler(request.sampling)

    @property
    def unread(self) -> list[int]:
        return self.tokens[self.memory.length :]

    @property
    def tokens_left(self) -> int:
        """Tokens that may still be written."""
        return self._room - self.reply.usage.written

    def plan(self, share: int, budget: int, told: int) -> PassPlan:
        """Reads ``share`` of the unread tokens and guesses at most ``budget`` behind the last of them; a drafter is
        told of the last ``told`` of them."""
        unread = self.unread
        writes = share == len(unread)
        budget = min(budget, self.tokens_left - 1)
        guesses = NOTHING
        if writes and self.drafting is not None and budget > 0:
            guesses = self.drafting.draft(budget)
            if self.guide is not None and len(guesses):
                guesses = prune(guesses, self.guide)
        return PassPlan(self, tuple(unread[:share]), guesses, writes, min(share, told))

    def take(self, plan: PassPlan, scores: RequestLogits, hidden: Any) -> Finish | None:
        """What the pass says; ``hidden`` is the plan's part of it. Returns how the reply ends, if it does."""
        chain, before = len(plan.chain), self.memory.length - plan.rows
        if not plan.writes:
            self.memory.keep(before, range(chain))
            self._tell(_chain(plan.chain[plan.first :]), scores, hidden, plan.first)
            return None
        root = chain - 1
        found, finish = self._verify(plan.tree, scores, root)
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

    def _verify(self, tree: Tree, scores: RequestLogits, root: int) -> tuple[AcceptedPath, Finish | None]:
        start, left = len(self.tokens), self.tokens_left
        finish: Finish | None = None

        def wrote(token: int) -> bool:
            nonlocal finish, left
            self._penalties.wrote(token)
            if token in self._ends:
                finish = "stop"
                return True
            left -= 1
            if self.guide is not None:
                self.guide.advance(token)
            if self.guide is not None and self.guide.at_end:
                finish = "stop"
            elif left == 0:
                finish = "length"
            return finish is not None

        if tree.laws is None:
            found = walk(tree, lambda row, depth: self._choice(scores, root + row, start + depth), wrote)
        else:
            found = reject(tree, lambda row: self._mask_row(scores.row(root + row)), self._sampler, start, wrote)
        return found, finish

    def _choice(self, scores: RequestLogits, row: int, position: int) -> int:
        if self._sampler.greedy and not self._penalties.active:
            token = scores.first(row)
            # What is likeliest of all is likeliest of what is allowed.
            if self.guide is None or self.guide.allows(token):
                return token
        return self._sampler.choose(self._mask_row(scores.row(row)), position)

    def _mask_row(self, row: NDArray[np.float32]) -> NDArray[np.float32]:
        found = self._penalties.apply(row)
        if self.guide is None:
            return found
        allowed = self.guide.mask()
        masked = np.where(allowed, found, np.float32(-np.inf))
        # Where nothing but an end may follow, the reply is as long as it can be.
        return masked if np.isfinite(masked).any() else np.where(allowed, row, np.float32(-np.inf))

    def _likely(self, found: AcceptedPath, scores: RequestLogits, root: int) -> tuple[Logprobs, ...]:
        wanted = self.reply.request.logprobs
        if wanted is None:
            return ()
        return tuple(
            Logprobs.of(scores.row(root + row), token, wanted)
            for row, token in zip(found.path, found.written, strict=True)
        )

    def _tell(self, step: PassOutcome, scores: RequestLogits, hidden: Any, start: int) -> None:
        if self.drafting is None:
            return
        rows = slice(start, start + len(step.read))
        best = scores.best(start, len(step.read))
        self.drafting.learn(
            PassOutcome(
                read=step.read,
                parents=step.parents,
                best=best,
                path=step.path,
                written=step.written,
                hidden=None if hidden is None else hidden[:, rows],
            )
        )

    def _count(self, tree: Tree, found: AcceptedPath) -> None:
        usage = self.reply.usage
        usage.passes += 1
        usage.written += len(found.written) - (found.written[-1] in self._ends)
        usage.drafted += len(tree)
        usage.accepted += len(found.path) - 1
        held = {row - 1 for row in found.path[1:]}
        for place, source in enumerate(tree.sources):
            drafted, accepted = usage.by_source.get(source, (0, 0))
            usage.by_source[source] = drafted + 1, accepted + (place in held)


class PassLogits:
    """The logits of a pass, ``[rows, vocabulary]``; what is asked of all requests' rows is computed at once."""

    def __init__(self, logits: Any) -> None:
        self._logits = logits

    @cached_property
    def best(self) -> NDArray[np.int32]:
        """``[rows, BEST]``."""
        import torch

        found: NDArray[np.int32] = _likeliest(self._logits).to(torch.int32).cpu().numpy()
        return found

    def row(self, row: int) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._logits[row].float().cpu().numpy()
        return found


@dataclass(frozen=True, slots=True)
class RequestLogits:
    """The logits of one request, by the rows of its plan."""

    said: PassLogits
    start: int
    """Where the plan's row 0 would be in the pass."""

    def best(self, row: int, count: int) -> NDArray[np.int32]:
        """``[count, BEST]``, from ``row`` on."""
        return self.said.best[self.start + row : self.start + row + count]

    def first(self, row: int) -> int:
        return int(self.said.best[self.start + row, 0])

    def row(self, row: int) -> NDArray[np.float32]:
        return self.said.row(self.start + row)


def _likeliest(logits: Any) -> Any:
    """The places of the ``BEST`` largest of each row, the largest first. They stand in the blocks of the largest
    maxima, which a processor finds at the speed of reading; sorting whole rows takes ten times as long."""
    import torch

    rows, width = logits.shape
    if logits.is_cuda or width < BEST * BLOCK:
        return logits.topk(min(BEST, width), -1).indices
    left = -width % BLOCK
    padded = torch.nn.functional.pad(logits, (0, left), value=-torch.inf) if left else logits
    blocks = padded.view(rows, -1, BLOCK)
    chosen = blocks.amax(-1).topk(BEST, -1).indices
    kept = blocks.gather(1, chosen[..., None].expand(-1, -1, BLOCK)).flatten(1).topk(BEST, -1).indices
    return chosen.gather(1, kept // BLOCK) * BLOCK + kept % BLOCK


def _chain(tokens: tuple[int, ...]) -> PassOutcome:
    count = len(tokens)
    ids = np.arange(count, dtype=np.int32)
    return PassOutcome(np.asarray(tokens, np.int32), ids - 1, np.empty((count, 0), np.int32), ids)


def _tree(plan: PassPlan, found: AcceptedPath) -> PassOutcome:
    read = np.concatenate([np.asarray(plan.chain[-1:], np.int32), plan.tree.tokens])
    parents = np.concatenate([np.asarray([-1], np.int32), plan.tree.parents + 1])
    return PassOutcome(
        read, parents, np.empty((len(read), 0), np.int32), np.asarray(found.path, np.int32), found.written
    )
