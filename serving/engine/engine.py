"""The engine: one thread owns the model and serves all requests side by side, one pass at a time.

A pass reads, for each running request, its unread tokens and the tree of guesses behind them; the verifier says which
guesses hold; the memory keeps their columns. Prompt and reply go through the same call. Knows nothing of text.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Iterator, Sequence
from queue import SimpleQueue

from ...errors import EvidentiaError, InputError, ModelError
from ..constraints.constraint import Guide
from ..drafting.budget import Experience, Pace
from ..drafting.drafter import Drafter, SamplingDrafting
from ..drafting.forced import Forced, with_guide
from ..drafting.paced import Paced
from ..network import torch_thread
from ..network.cache import KVCache
from ..network.network import CausalNetwork
from .costs import Prices, prices
from .prefix import PrefixCache
from .request import Chunk, EngineRequest, Finish, TokenUsage
from .room import REQUESTS, UNKNOWN, EngineRoom
from .running import PassLogits, RequestLogits, RunningRequest
from .scheduler import PASS, WIDEST, Scheduler, guess_budget, prompt_shares

DRAFTING = 0.0008
"""Seconds that drafting itself takes in a pass, until it is known."""
TOLD = 128
"""A drafter learns from the logits behind so many of a prompt's tokens, the last ones of each pass: logits behind all
of them take a fifth of the time."""

_log = logging.getLogger(__name__)


class EngineReply:
    """See ``TokenReply``."""

    def __init__(self, request: EngineRequest) -> None:
        self.request = request
        self.usage = TokenUsage(prompt=len(request.prompt))
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
        """See ``TokenReply``."""
        self.closed = True


class Engine:
    """See ``TokenEngine``. ``bytes`` is what keys and values of all requests and kept prefixes may take; ``requests``
    run at once at most; ``nodes`` are the most guesses of a request that runs alone; ``prices`` are measured when the
    first request guesses, unless given."""

    def __init__(
        self,
        network: CausalNetwork,
        ends: frozenset[int],
        context: int,
        *,
        drafter: Drafter | None = None,
        nodes: int = 32,
        prices: Prices | None = None,
        bytes: int = UNKNOWN,
        requests: int = REQUESTS,
        name: str = "the model",
    ) -> None:
        self.network, self.ends, self.context, self.drafter, self.name = network, ends, context, drafter, name
        self.nodes, self.prices, self.room = nodes, prices, EngineRoom(bytes, requests)
        self.prefixes, self._experience = PrefixCache(bytes // 2), Experience()
        self._requests = Scheduler(network, self.prefixes, bytes, requests)
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    def submit(self, request: EngineRequest) -> EngineReply:
        """See ``TokenEngine``."""
        request.sampling.check()
        if not request.prompt:
            raise InputError("the prompt is empty", where=self.name)
        if len(request.prompt) >= self.context:
            raise InputError(
                f"the prompt has {len(request.prompt):,} tokens, the model reads {self.context:,}",
                where=self.name,
                fix="ask with less evidence or use a model with a larger context",
            )
        most = min(self.context, len(request.prompt) + request.sampling.max_tokens) + WIDEST
        if (need := most * self.network.shape.bytes_per_token) > self.room.bytes:
            raise InputError(
                f"the request needs {need:,} bytes of memory, the engine has {self.room.bytes:,}",
                where=self.name,
                fix="ask for fewer tokens, or set EVIDENTIA_KV_BYTES to more",
            )
        reply = EngineReply(request)
        with self._wake:
            if self._closing:
                raise ModelError("the engine is closed", where=self.name)
            self._requests.waiting.append(reply)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="engine", daemon=True)
                self._thread.start()
                atexit.register(self.close)  # an interpreter must not end in the middle of a pass
            self._wake.notify()
        return reply

    def close(self) -> None:
        """See ``TokenEngine``."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
            atexit.unregister(self.close)

    @property
    def load(self) -> tuple[int, int]:
        """Requests that run, and that wait."""
        return self._requests.load

    def _loop(self) -> None:
        while True:
            with self._wake:
                while self._requests.idle and not self._closing:
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
        self._requests.preempt()
        self._pass()

    def _end_all(self) -> None:
        for reply in self._requests.replies:
            reply.finish = "cancelled"
            reply.said.put(None)
        self._requests.clear()

    def _fail(self, error: Exception) -> None:
        """Ends the running requests with what went wrong; their memory is let go."""
        _log.exception("a pass of the model failed")
        for request in self._requests.running:
            request.reply.said.put(self._client_error(error))
        self._requests.running.clear()
        self.prefixes.shrink(0)

    def _client_error(self, error: Exception) -> EvidentiaError:
        """What a client reads about ``error``."""
        if isinstance(error, EvidentiaError):
            return error
        what = str(error).splitlines()[0][:200] if str(error) else ""
        return ModelError(
            f"the model failed ({type(error).__name__}: {what})", where=self.name, fix="ask for less at once"
        )

    def _admit(self) -> None:
        with self._wake:
            for reply in self._requests.drop_closed():
                reply.finish = "cancelled"
                reply.said.put(None)
            back, fresh = self._requests.admit()
        for request, room in back:
            request.memory, _ = self._memory(request.tokens, room)
            self._requests.running.append(request)
        for reply, room in fresh:
            try:
                self._requests.running.append(self._start(reply, room))
            except Exception as error:  # noqa: BLE001  (of this request alone)
                reply.said.put(self._client_error(error))

    def _memory(self, tokens: Sequence[int], room: int) -> tuple[KVCache, int]:
        """A memory with what was read of ``tokens`` before, and how much that is."""
        kept, shared = self.prefixes.find(tokens[:-1])
        return (kept.copy(shared, room) if kept else self.network.memory(room)), shared

    def _start(self, reply: EngineReply, room: int) -> RunningRequest:
        memory, reply.usage.cached = self._memory(reply.request.prompt, room)
        left = min(reply.request.sampling.max_tokens, self.context - len(reply.request.prompt))
        guide = reply.request.constraint.start(left) if reply.request.constraint is not None else None
        return RunningRequest(
            reply,
            memory,
            drafting=self._drafting(reply.request, guide),
            guide=guide,
            ends=self.ends,
            context=self.context,
        )

    def _drafting(self, request: EngineRequest, guide: Guide | None) -> Paced | None:
        drafter = self.drafter or (Forced() if guide is not None else None)
        if drafter is None or not request.drafts:
            return None
        if self.prices is None:
            self.prices = prices(self.network, self.context)
        drafting = drafter.start(request.prompt, request.beside)
        if request.sampling.temperature > 0 and isinstance(drafting, SamplingDrafting):
            drafting.sample(request.sampling)
        costs = self.prices.at(len(request.prompt))
        pace = Pace(costs, DRAFTING / costs.unit, self._experience)
        return Paced(drafting if guide is None else with_guide(drafting, guide), pace)

    def _pass(self) -> None:
        for running in [running for running in self._requests.running if running.reply.closed]:
            self._leave(running, "cancelled")
        counts = prompt_shares([len(running.unread) for running in self._requests.running])
        writing = sum(
            len(running.unread) == count for running, count in zip(self._requests.running, counts, strict=True)
        )
        budget = guess_budget(writing, self.nodes, WIDEST)
        for running in self._requests.running:
            if running.drafting is not None:
                running.drafting.pace.share(max(1, writing))
        layers = self.drafter.layers if self.drafter is not None else ()
        told = PASS if layers else TOLD
        plans = [
            running.plan(count, budget, told if running.drafting else 0)
            for running, count in zip(self._requests.running, counts, strict=True)
            if count
        ]
        if not plans:
            return
        wanted, start = [], 0
        for plan in plans:
            wanted.append(range(start + plan.first, start + plan.rows))
            start += plan.rows
        output = self.network.forward([plan.part() for plan in plans], [row for rows in wanted for row in rows], layers)
        said, at, place = PassLogits(output.logits), 0, 0
        for plan, rows in zip(plans, wanted, strict=True):
            scores = RequestLogits(said, at - plan.first)
            hidden = None if output.hidden is None else output.hidden[:, place : place + plan.rows]
            at, place = at + len(rows), place + plan.rows
            try:
                finish = plan.running.take(plan, scores, hidden)
            except EvidentiaError as error:  # of this request's constraint or drafter alone
                self._requests.running.remove(plan.running)
                plan.running.reply.said.put(error)
                continue
            if finish:
                self._leave(plan.running, finish)

    def _leave(self, running: RunningRequest, finish: Finish) -> None:
        self._requests.running.remove(running)
        self.prefixes.put(running.tokens[: running.memory.length], running.memory)
        running.reply.finish = finish
        running.reply.said.put(None)
