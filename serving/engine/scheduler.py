"""Which requests run, and how much each of them reads in a pass: queues, admission and preemption.

First come, first served; every request that writes gets its token in every pass, and prompts share what is left of it,
so that a long prompt slows the others down but never stops them. Numbers decide here, never tensors.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..network.network import CausalNetwork
    from .engine import EngineReply
    from .prefix import PrefixCache
    from .running import RunningRequest

AHEAD = 256
"""Tokens for which a reply takes room at a time."""
WIDEST = 64
"""Guessed tokens in one pass, all requests together."""
PASS = 512
"""Prompt tokens read in one pass, all requests together."""


class Scheduler:
    """The requests of an engine: those that wait, those that run, and those that were preempted."""

    def __init__(self, network: CausalNetwork, prefixes: PrefixCache, bytes: int, most: int) -> None:
        """``bytes``: what keys and values of the requests and of ``prefixes`` may take together; ``most`` requests run
        at once, the others wait."""
        self._network, self._prefixes, self._bytes, self._most = network, prefixes, bytes, most
        self.waiting: deque[EngineReply] = deque()
        self.running: list[RunningRequest] = []
        self.preempted: deque[RunningRequest] = deque()

    @property
    def idle(self) -> bool:
        return not (self.waiting or self.preempted or self.running)

    @property
    def load(self) -> tuple[int, int]:
        """Requests that run, and that wait."""
        return len(self.running), len(self.waiting) + len(self.preempted)

    @property
    def replies(self) -> list[EngineReply]:
        """The replies of all requests."""
        return [*self.waiting, *(request.reply for request in [*self.running, *self.preempted])]

    def clear(self) -> None:
        self.waiting.clear()
        self.running.clear()
        self.preempted.clear()

    def drop_closed(self) -> list[EngineReply]:
        """Takes out the waiting requests that nobody reads any more."""
        closed = [reply for reply in self.waiting if reply.closed]
        for reply in closed:
            self.waiting.remove(reply)
        return closed

    def admit(self) -> tuple[list[tuple[RunningRequest, int]], list[tuple[EngineReply, int]]]:
        """Takes out who may start now, in order: the preempted requests first, then the waiting ones, each with the
        number of columns that it gets."""
        rooms = [_room(len(request.tokens), request.tokens_left) for request in self.preempted]
        rooms += [_room(len(reply.request.prompt), reply.request.sampling.max_tokens) for reply in self.waiting]
        needs = [room * self._network.shape.bytes_per_token for room in rooms]
        count = count_admissible(needs, self._bytes - self._taken_bytes, len(self.running), self._most)
        back = [self.preempted.popleft() for _ in range(min(count, len(self.preempted)))]
        fresh = [self.waiting.popleft() for _ in range(count - len(back))]
        self._prefixes.shrink(max(0, self._bytes - self._taken_bytes - sum(needs[:count])))
        return list(zip(back, rooms, strict=False)), list(zip(fresh, rooms[len(back) :], strict=False))

    def preempt(self) -> None:
        """Where replies have grown over the memory there is, kept prefixes go first, then the youngest request steps
        aside: it reads its tokens again when there is room."""
        while self._taken_bytes > self._bytes and len(self.running) > 1:
            youngest = self.running.pop()
            youngest.memory = self._network.memory()
            self.preempted.append(youngest)
        self._prefixes.shrink(max(0, self._bytes - self._taken_bytes))

    @property
    def _taken_bytes(self) -> int:
        return sum(request.memory.size for request in self.running)


def _room(tokens: int, left: int) -> int:
    """Columns for a request that has so many tokens and may write ``left`` more: some ahead, not all."""
    return tokens + min(left, AHEAD) + WIDEST


def count_admissible(needs: Sequence[int], free: int, running: int, most: int) -> int:
    """How many of the waiting requests, oldest first, may start: each needs so many bytes of ``free``, and at most
    ``most`` run at once. Nobody overtakes."""
    count = 0
    for need in needs:
        if need > free or running + count >= most:
            break
        free -= need
        count += 1
    return count


def prompt_shares(unread: Sequence[int], most: int = PASS) -> list[int]:
    """How many of its unread tokens each running request reads in this pass, the oldest first. One that writes has a
    single unread token and always reads it."""
    left, found = most, []
    for count in unread:
        share = 1 if count == 1 else min(count, left)
        found.append(share)
        left -= share if count > 1 else 0
    return found


def guess_budget(writing: int, nodes: int, widest: int) -> int:
    """Guessed tokens per request when ``writing`` requests write: ``nodes`` for one alone, shared among several so
    that a pass never has more than ``widest`` rows of them."""
    return 0 if writing == 0 else max(0, min(nodes, widest // writing - 1))
