"""Narrow passes of one sequence as CUDA graphs: recorded once for every shape, then launched as one.

A pass over a few tokens of a small model is some 400 kernels, and each takes less time than its launch. A graph
replays them on fixed addresses: what differs from pass to pass is copied into fixed inputs before, and the sequence
moves into a fixed place, the seat, from which the one before it moves out. Everything else, such as several sequences
at once, goes through the plain lean forward.

The first pass of every shape is made twice, by the recording and by the plain forward on a copy of the memory; where
scores, keys or values differ, or the recording fails, no graph is used from then on. Nothing but ``on_cuda`` needs a
GPU.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

from .cache import KVCache
from .device import stage
from .lean import COLUMNS, ROWS, LeanNetwork, Places, round_rows, sight_in
from .network import NetworkOutput, SequenceInput, apart, tolerance

NARROW = ROWS[-1]
"""Tokens of the widest pass that is recorded."""
SHORT = 256
"""Columns of the shortest; the others have twice as many each."""
WARM = 1024
"""Columns of the longest pass that is recorded before it is needed."""
SEAT = 1 << 29
"""Bytes that the seat takes at most, beside what the engine counts."""

Action = Callable[[], None]
Recorder = Callable[[Action], Action]
"""Makes of an action on fixed tensors one that does the same on what is in them later."""
Form = tuple[int, int]
"""Rows and columns of a recorded pass."""

_log = logging.getLogger(__name__)


class GraphedNetwork(LeanNetwork):
    """See ``LeanNetwork``; ``like`` is that of the same model. The seat has room for ``tokens``."""

    def __init__(self, model: Any, like: LeanNetwork, record: Recorder, tokens: int) -> None:
        super().__init__(model, like.kind, like)
        self._record, self._recorded = record, dict[Form, Action]()
        self.fixed: Fixed | None = Fixed(self, tokens)
        """``None`` once recordings have turned out not to work."""
        self.launched = 0
        """Passes that were made by a recording."""

    def forward(
        self, parts: Sequence[SequenceInput], rows: Sequence[int] | None = None, layers: Sequence[int] = ()
    ) -> NetworkOutput:
        """See ``CausalNetwork``."""
        import torch

        if self.fixed is None or layers or len(parts) != 1:
            return super().forward(parts, rows, layers)
        part, wanted = parts[0], range(len(parts[0].tokens)) if rows is None else rows
        form = self.fixed.form(part, len(wanted))
        if form is None:
            return super().forward(parts, rows)
        with torch.inference_mode():
            if form in self._recorded:
                return self._replay(self.fixed, form, part, wanted)
            return self._first(self.fixed, form, part, wanted)

    def _replay(self, fixed: Fixed, form: Form, part: SequenceInput, wanted: Sequence[int]) -> NetworkOutput:
        fixed.sit(part.memory)
        part.memory.reserve(part.memory.length + len(part.tokens))
        fixed.fill(form, part, wanted)
        self._recorded[form]()
        self.launched += 1
        part.memory.length += len(part.tokens)
        return NetworkOutput(fixed.scores[: len(wanted)].clone())

    def _first(self, fixed: Fixed, form: Form, part: SequenceInput, wanted: Sequence[int]) -> NetworkOutput:
        """A pass of a new form: recorded, and held to the plain forward."""
        memory = part.memory
        other = memory.copy(memory.length, memory.room)
        plain = super().forward([replace(part, memory=other)], wanted)
        try:
            fixed.fill(form, None, ())  # recording computes, and none of it may reach the sequence
            self._recorded[form] = self._record(partial(fixed.run, form))
            found = self._replay(fixed, form, part, wanted)
            if apart(found.logits, plain.logits) <= tolerance(self.shape) and _alike(memory, other, len(part.tokens)):
                return plain
            reason = "its scores, keys or values are not those of the plain forward"
        except Exception as error:  # noqa: BLE001  (whatever a driver says, the plain forward still works)
            reason = f"{type(error).__name__}: {error}"
        _log.warning("a pass of %d tokens cannot be a CUDA graph, plain passes are used: %s", form[0], reason)
        self.fixed = None
        self._recorded.clear()
        memory.become(other)
        return plain


class Fixed:
    """What recorded passes of ``network`` read and write, always at the same addresses."""

    def __init__(self, network: LeanNetwork, tokens: int) -> None:
        import torch

        self._network, self.tokens = network, tokens
        device = network.shape.device
        self.seat = KVCache(network.shape, tokens + NARROW)
        """Its columns from ``tokens`` on take what the rows beyond a part's tokens write."""
        self.seat.length = tokens
        self.place = self.seat.view()
        self._sitting: Callable[[], KVCache | None] = lambda: None
        self._numbers = torch.zeros(4 * NARROW, dtype=torch.long, device=device)
        """For each row its token, its position and its column; and the rows that are wanted."""
        self._seen = torch.zeros(NARROW * tokens, dtype=torch.bool, device=device)
        self.scores = torch.zeros(NARROW, network.vocabulary, dtype=network.shape.dtype, device=device)

    def form(self, part: SequenceInput, wanted: int) -> Form | None:
        """The smallest that ``part`` fits; ``None`` where it fits none."""
        count = len(part.tokens)
        total, rows = part.memory.length + count, round_rows(count)
        if type(part.memory) is not KVCache or total > self.tokens or not 0 < wanted <= rows <= NARROW:
            return None
        return rows, min(self.tokens, SHORT << (-(-total // SHORT) - 1).bit_length())

    def sit(self, memory: KVCache) -> None:
        """``memory`` lies in the seat from now on; the one that lay there gets a tensor of its own."""
        if memory.lies_in(self.place):
            return
        former = self._sitting()
        if former is not None and former.lies_in(self.place):
            former.move()
        memory.move(self.place)
        self._sitting = weakref.ref(memory)

    def fill(self, form: Form, part: SequenceInput | None, wanted: Sequence[int]) -> None:
        """The inputs of a pass over ``part``, or over nothing. Rows beyond its tokens see the first column."""
        import numpy as np
        import torch

        rows, columns = form
        numbers, seen = np.zeros((4, rows), np.int64), np.zeros((rows, columns), np.bool_)
        numbers[2] = np.arange(self.tokens, self.tokens + rows)
        seen[:, 0] = True
        if part is not None:
            length, count = part.memory.length, len(part.tokens)
            own = np.arange(length, length + count)
            numbers[0, :count], numbers[2, :count], numbers[3, : len(wanted)] = part.tokens, own, wanted
            numbers[1, :count] = own if part.depths is None else part.depths
            sight = np.tri(count, length + count, length, np.bool_) if part.sight is None else part.sight
            seen[:count, : length + count] = sight
        for fixed, fresh in ((self._numbers, numbers), (self._seen, seen)):
            host = stage(torch.from_numpy(fresh.reshape(-1)), fixed.device)
            fixed[: fresh.size].copy_(host, non_blocking=host.is_pinned())

    def run(self, form: Form) -> None:
        """The pass: from what is in the inputs to ``scores``. Nothing in it comes from the host or waits for it."""
        rows, columns = form
        network = self._network
        tokens, depths, at, wanted = self._numbers[: 4 * rows].view(4, rows).unbind()
        bias = network.bias(self._seen[: rows * columns].view(rows, columns))
        places = Places(
            *network.rotations(depths),
            [sight_in(self.seat, start=0, end=rows, at=at, columns=columns, rows=rows, bias=bias)],
        )
        x = network.embedding[tokens]
        for number in range(len(network.layers)):
            x = network.layer(number, x, places)
        self.scores[:rows] = network.scores(x[wanted])


def _alike(ours: KVCache, own: KVCache, fresh: int) -> bool:
    """Whether both hold the same: the last ``fresh`` columns nearly, those before exactly, because none wrote there."""
    import torch

    found, truth, before = ours.view(), own.view(), ours.length - fresh
    return torch.equal(found[:, :, :, :before], truth[:, :, :, :before]) and (
        apart(found[:, :, :, before:], truth[:, :, :, before:]) <= tolerance(own.shape)
    )


def with_graphs(model: Any, lean: LeanNetwork, record: Recorder | None = None) -> LeanNetwork:
    """``lean`` with its narrow passes recorded, or itself where there is no room for that."""
    tokens = min(model.config.max_position_embeddings, SEAT // lean.shape.bytes_per_token) // COLUMNS * COLUMNS
    try:
        return GraphedNetwork(model, lean, record or on_cuda(lean.shape.device), max(COLUMNS, tokens))
    except RuntimeError as error:
        _log.warning("no CUDA graphs, plain passes are used: %s", error)
        return lean


def warm_up(network: Any) -> None:
    """Records the passes of every number of rows over at most ``WARM`` columns, if ``network`` records any, so that no
    reply waits for it. The memory that they work on is let go."""
    fixed = network.fixed if isinstance(network, GraphedNetwork) else None
    if fixed is None:
        return
    longest = min(WARM, fixed.tokens)
    widths = [*(SHORT << step for step in range(WARM.bit_length()) if SHORT << step < longest), longest]
    for columns, rows in product(widths, ROWS):
        if network.fixed is None:  # a recording has turned out not to work
            return
        memory = network.memory(columns)
        memory.length = columns - rows  # zeros
        network.forward([SequenceInput(memory, [0] * rows)])


def on_cuda(device: Any) -> Recorder:
    """Records CUDA graphs, which share what they need of memory: one runs at a time, and what it says is in fixed
    tensors."""
    import torch

    pool = torch.cuda.graph_pool_handle()

    def record(action: Action) -> Action:
        with torch.cuda.device(device):
            aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):  # libraries choose kernels and take room the first time they run
                action()
                action()
            torch.cuda.current_stream().wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            # Other threads may use the GPU meanwhile, an embedder's for instance.
            with torch.cuda.graph(graph, pool=pool, capture_error_mode="thread_local"):
                action()
        return graph.replay

    return record
