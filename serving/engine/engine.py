"""The engine: one thread owns the model and serves all requests side by side, one pass at a time.

A pass reads, for each running request, its unread tokens and the tree of guesses behind them; the verifier says which
guesses hold; the memory keeps their columns. Prompt and reply go through the same call. Knows nothing of text.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator
from queue import SimpleQueue

from ...errors import EvidentiaError, InputError, ModelError
from ..constraints.base import Guide
from ..drafting.base import Drafter, Drawing
from ..drafting.budget import Costs, Pace
from ..drafting.forced import Forced, guided
from ..drafting.paced import Paced
from ..writing import check
from .base import Ask, Chunk, Finish, Usage
from .costs import costs
from .network import Network
from .prefix import Prefixes
from .running import Running
from .schedule import admitted, budgets, shares

MOST = 32
"""Requests that run at once; the others wait."""
DRAFTING = 0.03
"""What drafting itself costs, in passes over one token (``benchmarks/engine.py``)."""
BYTES = 1 << 30
"""Memory for keys and values, unless told otherwise."""
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
    most guesses of a request that runs alone; ``costs`` is measured when the first request guesses, unless given."""

    def __init__(
        self,
        network: Network,
        ends: frozenset[int],
        context: int,
        *,
        drafter: Drafter | None = None,
        nodes: int = 32,
        costs: Costs | None = None,
        bytes: int = BYTES,
        name: str = "the model",
    ) -> None:
        self.network, self.ends, self.context, self.drafter, self.name = network, ends, context, drafter, name
        self.nodes, self.costs, self.bytes = nodes, costs, bytes
        self.prefixes = Prefixes(bytes // 2)
        self._waiting: deque[EngineReply] = deque()
        self._running: list[Running] = []
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    def submit(self, ask: Ask) -> EngineReply:
        """See ``Serving``."""
        check(ask.sampling)
        if not ask.prompt:
            raise InputError("the prompt is empty", where=self.name)
        if len(ask.prompt) >= self.context:
            raise InputError(
                f"the prompt has {len(ask.prompt):,} tokens, the model reads {self.context:,}",
                where=self.name,
                fix="ask with less evidence or use a model with a larger context",
            )
        if self._need(ask) > self.bytes:
            raise InputError(
                f"the request needs {self._need(ask):,} bytes of memory, the engine has {self.bytes:,}",
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
            self._wake.notify()
        return reply

    def close(self) -> None:
        """See ``Serving``."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    @property
    def load(self) -> tuple[int, int]:
        """Requests that run, and that wait."""
        return len(self._running), len(self._waiting)

    def _need(self, ask: Ask) -> int:
        tokens = min(self.context, len(ask.prompt) + ask.sampling.max_tokens) + WIDEST
        return tokens * self.network.shape.bytes_per_token

    def _loop(self) -> None:
        while True:
            with self._wake:
                while not (self._closing or self._waiting or self._running):
                    self._wake.wait()
                if self._closing:
                    self._end_all()
                    return
            try:
                self._admit()
                self._pass()
            except Exception as error:  # noqa: BLE001  (whatever fails, the other requests and the thread go on)
                self._fail(error)

    def _end_all(self) -> None:
        for reply in [*self._waiting, *(running.reply for running in self._running)]:
            reply.finish = "cancelled"
            reply.said.put(None)
        self._waiting.clear()
        self._running.clear()

    def _fail(self, error: Exception) -> None:
        """Ends the running requests with what went wrong; their memory is let go."""
        _log.exception("a pass of the model failed")
        said = (
            error
            if isinstance(error, EvidentiaError)
            else ModelError(
                f"the model failed ({type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''})",
                where=self.name,
                fix="ask for less at once",
            )
        )
        for running in self._running:
            running.reply.said.put(said)
        self._running.clear()
        self.prefixes.shrink(0)

    def _admit(self) -> None:
        with self._wake:
            for reply in [reply for reply in self._waiting if reply.closed]:
                self._waiting.remove(reply)
            taken = sum(running.need for running in self._running)
            needs = [self._need(reply.ask) for reply in self._waiting]
            count = admitted(needs, self.bytes - taken, len(self._running), MOST)
            fresh = [self._waiting.popleft() for _ in range(count)]
        self.prefixes.shrink(max(0, self.bytes - taken - sum(needs[:count])))
        for reply in fresh:
            try:
                self._running.append(self._start(reply))
            except EvidentiaError as error:
                reply.said.put(error)

    def _start(self, reply: EngineReply) -> Running:
        prompt, need = reply.ask.prompt, self._need(reply.ask)
        room = need // self.network.shape.bytes_per_token
        kept, shared = self.prefixes.find(prompt[:-1])
        memory = kept.copy(shared, room) if kept else self.network.memory(room)
        reply.usage.cached = shared
        guide = reply.ask.constraint.start() if reply.ask.constraint is not None else None
        drafting = self._drafting(reply.ask, guide)
        return Running(reply, memory, drafting, guide, self.ends, self.context, need)

    def _drafting(self, ask: Ask, guide: Guide | None) -> Paced | None:
        drafter = self.drafter or (Forced() if guide is not None else None)
        if drafter is None or not ask.drafts:
            return None
        if self.costs is None:
            self.costs = costs(self.network)
        drafting = drafter.start(ask.prompt)
        if ask.sampling.temperature > 0 and isinstance(drafting, Drawing):
            drafting.sample(ask.sampling)
        return Paced(drafting if guide is None else guided(drafting, guide), Pace(self.costs, DRAFTING))

    def _pass(self) -> None:
        for running in [running for running in self._running if running.reply.closed]:
            self._leave(running, "cancelled")
        counts = shares([len(running.unread) for running in self._running])
        writing = sum(len(running.unread) == count for running, count in zip(self._running, counts, strict=True))
        budget = budgets(writing, self.nodes, WIDEST)
        plans = [running.plan(count, budget) for running, count in zip(self._running, counts, strict=True) if count]
        if not plans:
            return
        wanted, start = [], 0
        for plan in plans:
            wanted.append(range(start if plan.tell else start + plan.first, start + plan.rows))
            start += plan.rows
        layers = self.drafter.layers if self.drafter is not None else ()
        output = self.network.forward([plan.part() for plan in plans], [row for rows in wanted for row in rows], layers)
        at = place = 0
        for plan, rows in zip(plans, wanted, strict=True):
            logits = output.logits[at : at + len(rows)]
            hidden = None if output.hidden is None else output.hidden[:, place : place + plan.rows]
            at, place = at + len(rows), place + plan.rows
            if finish := plan.running.take(plan, logits, hidden):
                self._leave(plan.running, finish)

    def _leave(self, running: Running, finish: Finish) -> None:
        self._running.remove(running)
        self.prefixes.put(running.tokens[: running.memory.length], running.memory)
        running.reply.finish = finish
        running.reply.said.put(None)
