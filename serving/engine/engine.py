"""The engine: one thread owns the model and serves all requests side by side, one pass at a time.

A pass reads, for each running request, its unread tokens and the tree of guesses behind them; the verifier says which
guesses hold; the memory keeps their columns. Prompt and reply go through the same call. Knows nothing of text.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from queue import SimpleQueue

from ...errors import EvidentiaError, InputError, ModelError
from ..constraints.base import Guide
from ..drafting.base import Drafter, Drawing
from ..drafting.budget import Experience, Pace
from ..drafting.forced import Forced, guided
from ..drafting.paced import Paced
from ..network import torch_thread
from ..network.cache import Memory
from ..network.network import Network
from .costs import Prices, prices
from .prefix import Prefixes
from .request import Ask, Chunk, Finish, Usage
from .running import Running, Said, Scores
from .scheduler import PASS, admitted, budgets, shares

MOST = 32
"""Requests that run at once; the others wait."""
DRAFTING = 0.0008
"""Seconds that drafting itself takes in a pass, until it is known."""
BYTES = 1 << 30
"""Memory for keys and values, unless told otherwise."""
AHEAD = 256
"""Tokens for which a reply takes room at a time."""
TOLD = 128
"""Of the tokens of a prompt that are read in one pass a drafter is told what the model thinks behind the last ones:
scores behind all of them take a fifth of the time."""
WIDEST = 64
"""Guessed tokens in one pass, all requests together."""

_log = logging.getLogger(__name__)


class EngineReply:
    """See ``Reply``."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.usage = Usage(prompt=len(ask.prompt))
        self.finish: Finish | None = None
        self.closed = False
        self.said: SimpleQueue[Chunk | EvidentiaError | None] = SimpleQueue()

    def __iter__(self) -> Iterator[Chunk]:
        try:
            while (said := self.said.get()) is not None:
                if isinstance(said, EvidentiaError):
                    raise said
                yield said
        finally:
            self.close()

    def close(self) -> None:
        """See ``Reply``."""
        self.closed = True


class Engine:
    """See ``Serving``. ``bytes`` is what keys and values of all requests and kept prefixes may take; ``nodes`` the
    most guesses of a request that runs alone; ``prices`` are measured when the first request guesses, unless given."""

    def __init__(
        self,
        network: Network,
        ends: frozenset[int],
        context: int,
        *,
        drafter: Drafter | None = None,
        nodes: int = 32,
        prices: Prices | None = None,
        bytes: int = BYTES,
        name: str = "the model",
    ) -> None:
        self.network, self.ends, self.context, self.drafter, self.name = network, ends, context, drafter, name
        self.nodes, self.prices, self.bytes = nodes, prices, bytes
        self.prefixes, self._experience = Prefixes(bytes // 2), Experience()
        self._waiting: deque[EngineReply] = deque()
        self._running: list[Running] = []
        self._parked: deque[Running] = deque()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    def submit(self, ask: Ask) -> EngineReply:
        """See ``Serving``."""
        ask.sampling.check()
        if not ask.prompt:
            raise InputError("the prompt is empty", where=self.name)
        if len(ask.prompt) >= self.context:
            raise InputError(
                f"the prompt has {len(ask.prompt):,} tokens, the model reads {self.context:,}",
                where=self.name,
                fix="ask with less evidence or use a model with a larger context",
            )
        most = min(self.context, len(ask.prompt) + ask.sampling.max_tokens) + WIDEST
        if (need := most * self.network.shape.bytes_per_token) > self.bytes:
            raise InputError(
                f"the request needs {need:,} bytes of memory, the engine has {self.bytes:,}",
                where=self.name,
                fix="ask for fewer tokens or give the engine more memory",
            )
        reply = EngineReply(ask)
        with self._wake:
            if self._closing:
                raise ModelError("the engine is closed", where=self.name)
            self._waiting.append(reply)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="engine", daemon=True)
                self._thread.start()
                atexit.register(self.close)  # an interpreter must not end in the middle of a pass
            self._wake.notify()
        return reply

    def close(self) -> None:
        """See ``Serving``."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
            atexit.unregister(self.close)

    @property
    def load(self) -> tuple[int, int]:
        """Requests that run, and that wait."""
        return len(self._running), len(self._waiting) + len(self._parked)

    def _room(self, tokens: int, left: int) -> int:
        """Columns for a request that has so many tokens and may write ``left`` more: some ahead, not all."""
        return tokens + min(left, AHEAD) + WIDEST

    def _loop(self) -> None:
        while True:
            with self._wake:
                while not (self._closing or self._waiting or self._parked or self._running):
                    self._wake.wait()
                if self._closing:
                    self._end_all()
                    return
            try:
                torch_thread.run(self._turn)
            except Exception as error:  # noqa: BLE001  (whatever fails, the other requests and the thread go on)
                self._fail(error)

    def _turn(self) -> None:
        self._admit()
        self._make_room()
        self._pass()

    def _end_all(self) -> None:
        for reply in [*self._waiting, *(running.reply for running in [*self._running, *self._parked])]:
            reply.finish = "cancelled"
            reply.said.put(None)
        self._waiting.clear()
        self._running.clear()
        self._parked.clear()

    def _fail(self, error: Exception) -> None:
        """Ends the running requests with what went wrong; their memory is let go."""
        _log.exception("a pass of the model failed")
        for running in self._running:
            running.reply.said.put(self._said(error))
        self._running.clear()
        self.prefixes.shrink(0)

    def _said(self, error: Exception) -> EvidentiaError:
        """What a client is told of ``error``."""
        if isinstance(error, EvidentiaError):
            return error
        what = str(error).splitlines()[0][:200] if str(error) else ""
        return ModelError(
            f"the model failed ({type(error).__name__}: {what})", where=self.name, fix="ask for less at once"
        )

    def _admit(self) -> None:
        """Starts who fits: first those that had to step aside, then the waiting, in order."""
        with self._wake:
            for reply in [reply for reply in self._waiting if reply.closed]:
                self._waiting.remove(reply)
                reply.finish = "cancelled"
                reply.said.put(None)
            rooms = [self._room(len(parked.tokens), parked.left) for parked in self._parked]
            rooms += [self._room(len(reply.ask.prompt), reply.ask.sampling.max_tokens) for reply in self._waiting]
            needs = [room * self.network.shape.bytes_per_token for room in rooms]
            count = admitted(needs, self.bytes - self._taken, len(self._running), MOST)
            back = [self._parked.popleft() for _ in range(min(count, len(self._parked)))]
            fresh = [self._waiting.popleft() for _ in range(count - len(back))]
        self.prefixes.shrink(max(0, self.bytes - self._taken - sum(needs[:count])))
        for parked, room in zip(back, rooms, strict=False):
            parked.memory, _ = self._memory(parked.tokens, room)
            self._running.append(parked)
        for reply, room in zip(fresh, rooms[len(back) :], strict=False):
            try:
                self._running.append(self._start(reply, room))
            except Exception as error:  # noqa: BLE001  (of this request alone)
                reply.said.put(self._said(error))

    @property
    def _taken(self) -> int:
        return sum(running.memory.size for running in self._running)

    def _make_room(self) -> None:
        """Where replies have grown over the memory there is, kept prefixes go first, then the youngest request steps
        aside: it reads its tokens again when there is room."""
        while self._taken > self.bytes and len(self._running) > 1:
            youngest = self._running.pop()
            youngest.memory = self.network.memory()
            self._parked.append(youngest)
        self.prefixes.shrink(max(0, self.bytes - self._taken))

    def _memory(self, tokens: Sequence[int], room: int) -> tuple[Memory, int]:
        """A memory with what was read of ``tokens`` before, and how much that is."""
        kept, shared = self.prefixes.find(tokens[:-1])
        return (kept.copy(shared, room) if kept else self.network.memory(room)), shared

    def _start(self, reply: EngineReply, room: int) -> Running:
        memory, reply.usage.cached = self._memory(reply.ask.prompt, room)
        left = min(reply.ask.sampling.max_tokens, self.context - len(reply.ask.prompt))
        guide = reply.ask.constraint.start(left) if reply.ask.constraint is not None else None
        return Running(reply, memory, self._drafting(reply.ask, guide), guide, self.ends, self.context)

    def _drafting(self, ask: Ask, guide: Guide | None) -> Paced | None:
        drafter = self.drafter or (Forced() if guide is not None else None)
        if drafter is None or not ask.drafts:
            return None
        if self.prices is None:
            self.prices = prices(self.network, self.context)
        drafting = drafter.start(ask.prompt, ask.beside)
        if ask.sampling.temperature > 0 and isinstance(drafting, Drawing):
            drafting.sample(ask.sampling)
        costs = self.prices.at(len(ask.prompt))
        pace = Pace(costs, DRAFTING / costs.unit, self._experience)
        return Paced(drafting if guide is None else guided(drafting, guide), pace)

    def _pass(self) -> None:
        for running in [running for running in self._running if running.reply.closed]:
            self._leave(running, "cancelled")
        counts = shares([len(running.unread) for running in self._running])
        writing = sum(len(running.unread) == count for running, count in zip(self._running, counts, strict=True))
        budget = budgets(writing, self.nodes, WIDEST)
        layers = self.drafter.layers if self.drafter is not None else ()
        told = PASS if layers else TOLD
        plans = [
            running.plan(count, budget, told if running.drafting else 0)
            for running, count in zip(self._running, counts, strict=True)
            if count
        ]
        if not plans:
            return
        wanted, start = [], 0
        for plan in plans:
            wanted.append(range(start + plan.first, start + plan.rows))
            start += plan.rows
        output = self.network.forward([plan.part() for plan in plans], [row for rows in wanted for row in rows], layers)
        said, at, place = Said(output.logits), 0, 0
        for plan, rows in zip(plans, wanted, strict=True):
            scores = Scores(said, at - plan.first)
            hidden = None if output.hidden is None else output.hidden[:, place : place + plan.rows]
            at, place = at + len(rows), place + plan.rows
            try:
                finish = plan.running.take(plan, scores, hidden)
            except EvidentiaError as error:  # of this request's constraint or drafter alone
                self._running.remove(plan.running)
                plan.running.reply.said.put(error)
                continue
            if finish:
                self._leave(plan.running, finish)

    def _leave(self, running: Running, finish: Finish) -> None:
        self._running.remove(running)
        self.prefixes.put(running.tokens[: running.memory.length], running.memory)
        running.reply.finish = finish
        running.reply.said.put(None)
