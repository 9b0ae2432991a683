"""Sequences longer than a model's context: InfLLM (Xiao et al., 2024, arXiv 2402.04617) on the lean forward.

Up to the model's context everything is seen. Beyond it a token sees the first tokens, a window of the last ones, and
those distant blocks whose representatives agree most with what it asks for; everything distant stands at one distance,
the length of the window, so that no position is new to the model. Nothing is trained. What a token sees depends on its
position alone, so that a tree of guesses scores as its paths do. Knows nothing of requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any

from ...errors import ModelError
from .lean import FAMILY, LeanNetwork, Places, _rotate, sign_halves
from .long_memory import LongMemory, Reach, reach_for
from .network import CausalNetwork, NetworkOutput, SequenceInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


COLUMNS = 128
"""Near columns are read in multiples of it."""


class LongNetwork(LeanNetwork):
    """See ``CausalNetwork``; its memories are ``LongMemory``. ``like`` is the plain network of the same model: the
    weights are shared."""

    def __init__(self, model: Any, kind: str, reach: Reach, like: LeanNetwork | None = None) -> None:
        super().__init__(model, kind, like)
        self.reach = reach
        self._scaling = float(getattr(self.rotary, "attention_scaling", 1.0))

    def memory(self, room: int = 0) -> LongMemory:
        """See ``CausalNetwork``; room is taken as it is needed."""
        return LongMemory(self.shape, self.reach, self._turn)

    def forward(
        self, parts: Sequence[SequenceInput], rows: Sequence[int] | None = None, layers: Sequence[int] = ()
    ) -> NetworkOutput:
        """See ``CausalNetwork``. Long parts are read in pieces, the first pieces of all parts together."""
        import torch

        starts = [0]
        for part in parts:
            starts.append(starts[-1] + len(part.tokens))
        wanted = list(range(starts[-1])) if rows is None else list(rows)
        chosen, told, logits, hidden = set(wanted), list[int](), list[Any](), list[Any]()
        read = list[int]()
        pieces = [_pieces(part, start, self.reach.chunk) for part, start in zip(parts, starts, strict=False)]
        for together in zip_longest(*pieces):
            there = [piece for piece in together if piece is not None]
            places = [place for start, piece in there for place in range(start, start + len(piece.tokens))]
            own = [row for row, place in enumerate(places) if place in chosen]
            output = super().forward([piece for _, piece in there], own, layers)
            told.extend(places[row] for row in own)
            read.extend(places)
            logits.append(output.logits)
            hidden.append(output.hidden)
        at = {place: row for row, place in enumerate(told)}
        scores = torch.cat(logits)[[at[place] for place in wanted]]
        order = sorted(range(len(read)), key=read.__getitem__)
        return NetworkOutput(scores, torch.cat(hidden, 1)[:, order] if layers else None)

    def places(self, parts: Sequence[SequenceInput]) -> Places:
        """See ``LeanNetwork``."""
        for part in parts:
            if _chain(part):
                _long(part).advance()
        return super().places(parts)

    def _sight(self, part: SequenceInput, start: int, end: int) -> Any:
        import numpy as np
        import torch

        memory, reach, count, chain = _long(part), self.reach, len(part.tokens), _chain(part)
        length = memory.length
        depths = np.arange(length, length + count) if part.depths is None else part.depths
        held = np.arange(length) if part.held is None else part.held
        stand = np.concatenate([held[memory.start :], depths])
        spans = [(0, chain)] if chain else []
        spans += [(row, row + 1) for row in range(chain, count)]
        far = [min(reach.far(int(depths[first])), memory.blocks.count) for first, _ in spans]
        begins = np.repeat([reach.begin(blocks) for blocks in far], [last - first for first, last in spans])
        before = length - memory.start
        beyond = -(before + count) % COLUMNS
        memory.reserve(length + count + beyond)
        seen = np.tri(count, before + count, before, bool) if part.sight is None else part.sight[:, memory.start :]
        memory.expect(chain, count - chain)
        cos, sin = self._angles(torch.from_numpy(reach.window - depths))
        return _LongSight(
            memory=memory,
            start=start,
            end=end,
            length=length,
            total=length + count,
            bias=self._bias(np.pad(seen & (stand >= begins[:, None]), ((0, 0), (0, beyond)))),
            chain=chain,
            spans=spans,
            far=far,
            heard=torch.from_numpy(_unsealed_columns(reach, depths, stand)).to(self.shape.device),
            cos=cos[:, None],
            sin=sin[:, None],
        )

    def _attend(self, number: int, sights: Sequence[Any], turned: Any, values: Any) -> Any:
        import torch

        return torch.cat([self._attend_alone(number, sight, turned, values) for sight in sights])

    def _attend_alone(self, number: int, sight: Any, turned: Any, values: Any) -> Any:
        import torch

        shape, memory = self.shape, sight.memory
        first, last, width = sight.length - memory.start, sight.total - memory.start, sight.bias.shape[1]
        keys, held = memory.near.keys[number], memory.near.values[number]
        keys[:, first:last] = turned[sight.start : sight.end, self.heads :].transpose(0, 1)
        held[:, first:last] = values[sight.start : sight.end].transpose(0, 1)
        queries = turned[sight.start : sight.end, : self.heads]
        near = self._agreement(queries, keys[:, :width]).add_(sight.bias)
        if not any(sight.far):
            share = torch.softmax(near, -1)
            seen = share.to(shape.dtype) @ held[:, :width]
        else:
            distant = _rotate(queries.to(near.dtype), sight.cos, sight.sin).to(shape.dtype)
            parts = [
                self._with_far(number, sight, rows=rows, chosen=chosen, distant=distant, near=near)
                for rows, chosen in _together(sight, self._recall(number, sight, distant, near), self.reach.slots)
            ]
            share = torch.cat([one for one, _ in parts], 1)
            seen = torch.cat([one for _, one in parts], 1) + share.to(shape.dtype) @ held[:, :width]
        heard = share.view(shape.groups, len(queries), -1, width).sum((0, 2))[:, :last] * sight.heard
        memory.hear(number, heard, sight.chain)
        return seen.view(shape.groups, len(queries), -1, shape.size).transpose(0, 1).reshape(len(queries), -1)

    def _with_far(
        self, number: int, sight: _LongSight, rows: slice, chosen: Sequence[Sequence[int]], distant: Any, near: Any
    ) -> tuple[Any, Any]:
        """What the tokens of ``rows`` make of what is near and far: their shares ``[groups, rows * shared, near]`` of
        what is near, and what they take from afar, ``[groups, rows * shared, size]``."""
        import torch

        memory, reach, shared = sight.memory, self.reach, self.heads // self.shape.groups
        slots = memory.blocks.bring(number, sorted({block for blocks in chosen for block in blocks}))
        seen = torch.full((len(chosen), reach.slots + 1), -torch.inf, dtype=near.dtype)
        for row, blocks in enumerate(chosen):
            if blocks:
                seen[row, [0, *(1 + slots[block] for block in blocks)]] = 0.0
        spans = [last - first for first, last in sight.spans if rows.start <= first < rows.stop]
        bias = seen.to(near.device).repeat_interleave(torch.tensor(spans, device=near.device), 0)
        bias = bias.repeat_interleave(shared, 0)[..., None]
        (first, first_values), (keys, values) = memory.first[number], memory.blocks.on_device(number)
        begin = self._agreement(distant[rows], first).add_(bias[:, 0])
        far = self._agreement(distant[rows], keys).unflatten(-1, (reach.slots, -1)).add_(bias[:, 1:]).flatten(2)
        here = near[:, rows.start * shared : rows.stop * shared]
        share = torch.softmax(torch.cat([begin, far, here], -1), -1)
        begin, far = share[..., : reach.initial], share[..., reach.initial : -here.shape[-1]]
        taken = begin.to(values.dtype) @ first_values + far.to(values.dtype) @ values
        return share[..., -here.shape[-1] :], taken

    def _recall(self, number: int, sight: _LongSight, distant: Any, near: Any) -> list[list[int]]:
        """The blocks that the tokens of each span ask for together."""
        memory, groups, size = sight.memory, self.shape.groups, self.shape.size
        shared = self.heads // groups
        asks = distant.reshape(len(distant), groups, -1, size).transpose(0, 1).reshape(groups, -1, size)
        asks, given = asks.float().mul(size**-0.5).cpu(), near.logsumexp(-1).float().cpu()
        found = []
        for (first, last), count in zip(sight.spans, sight.far, strict=True):
            rows = slice(first * shared, last * shared)
            found.append(
                memory.blocks.nearest(
                    number, asks[:, rows], near=given[:, rows], count=count, most=self.reach.recalled, by=self.reach.by
                )
            )
        memory.recalled[number] = found
        return found

    def _agreement(self, queries: Any, keys: Any) -> Any:
        """``[groups, tokens * shared, columns]``, at least fp32."""
        import torch

        groups, size = self.shape.groups, self.shape.size
        rows = queries.reshape(len(queries), groups, -1, size).transpose(0, 1).reshape(groups, -1, size)
        scores = (rows @ keys.transpose(1, 2)).to(torch.promote_types(keys.dtype, torch.float32))
        return scores.mul_(size**-0.5)

    def _bias(self, seen: NDArray[np.bool_]) -> Any:
        """Minus infinity where nothing is seen: ``[tokens * shared, columns]``, at least fp32."""
        import torch

        mask = torch.from_numpy(seen).to(self.shape.device)
        kind = torch.promote_types(self.shape.dtype, torch.float32)
        bias = torch.zeros(mask.shape, dtype=kind, device=self.shape.device).masked_fill_(~mask, -torch.inf)
        return bias.repeat_interleave(self.heads // self.shape.groups, 0)

    def _angles(self, positions: Any) -> tuple[Any, Any]:
        """Cosines and sines ``[tokens, size]`` of pure turns, at least fp32, as ``_rotate`` takes them."""
        import torch

        kind = torch.promote_types(self.shape.dtype, torch.float32)
        like = torch.empty(1, dtype=kind, device=self.shape.device)
        cos, sin = self.rotary(like, positions[None].to(self.shape.device))
        return cos[0] / self._scaling, sign_halves(sin[0]) / self._scaling

    def _turn(self, columns: Any, positions: Any) -> Any:
        import torch

        cos, sin = self._angles(positions)
        return torch.stack([_rotate(columns[:, 0].to(cos.dtype), cos, sin).to(columns.dtype), columns[:, 1]], 1)


def lengthen(network: CausalNetwork | None, model: Any, context: int) -> LongNetwork:
    """``network`` of ``model``, for sequences beyond its ``context``. Raises ``ModelError`` where it is not the lean
    one."""
    if not isinstance(network, LeanNetwork):
        raise ModelError(
            f"long inputs need a model of the Llama family ({', '.join(FAMILY)}), run by the lean forward",
            where=str(model.config.model_type),
            fix="leave EVIDENTIA_LONG_INPUTS unset or use another model",
        )
    return LongNetwork(model, network.kind, reach_for(context), network)


@dataclass(frozen=True, slots=True)
class _LongSight:
    """Where one part's tokens stand, and what they see."""

    memory: LongMemory
    start: int
    end: int
    """In all the tokens of the pass."""
    length: int
    total: int
    """Columns of the sequence before and with the part."""
    bias: Any
    """``[tokens * heads per group, near columns]``; their number is rounded up, because torch makes a kernel for
    every new shape."""
    chain: int
    """The part's tokens before its guesses."""
    spans: list[tuple[int, int]]
    """Tokens that look up together."""
    far: list[int]
    """How many blocks are out of sight of each span; 0 where the window begins with the text."""
    heard: Any
    """``[tokens, near columns]``: whether the attention counts for the representatives."""
    cos: Any
    sin: Any
    """Turn each query from its position to the length of the window."""


def _long(part: SequenceInput) -> LongMemory:
    assert isinstance(part.memory, LongMemory)
    return part.memory


def _chain(part: SequenceInput) -> int:
    if part.chain is not None:
        return part.chain
    return len(part.tokens) if part.sight is None else 0


def _pieces(part: SequenceInput, start: int, chunk: int) -> Iterator[tuple[int, SequenceInput]]:
    """``part`` cut where the chunks of its sequence end; guesses stay with the last piece of the chain. ``start`` is
    its place among all the tokens of the pass."""
    length, chain, count = part.memory.length, _chain(part), len(part.tokens)
    cuts = [at - length for at in range((length // chunk + 1) * chunk, length + chain, chunk)]
    for first, last in pairwise([0, *cuts, count]):
        yield (
            start + first,
            SequenceInput(
                memory=part.memory,
                tokens=part.tokens[first:last],
                depths=None if part.depths is None else part.depths[first:last],
                sight=None if part.sight is None else part.sight[first:last, : length + last],
                held=part.held if first == 0 else None,
                chain=min(chain, last) - first,
            ),
        )


def _unsealed_columns(reach: Reach, depths: NDArray[np.int64], stand: NDArray[np.int64]) -> NDArray[np.bool_]:
    """``[tokens, columns]``: the columns whose block has not chosen its representatives when the token is read, so that
    attention to them still counts. It depends on the token's position alone, not on how passes were cut."""
    import numpy as np

    sealed = np.asarray([reach.sealed_blocks(int(depth)) for depth in depths])
    return (stand - reach.initial) // reach.block >= sealed[:, None]


def _together(
    sight: _LongSight, recalled: Sequence[Sequence[int]], slots: int
) -> Iterator[tuple[slice, Sequence[Sequence[int]]]]:
    """Runs of spans whose blocks fit on the device at once: their tokens, and the blocks of each."""
    begin, union = 0, set[int]()
    for at, blocks in enumerate(recalled):
        if len(union | set(blocks)) > slots:
            yield slice(sight.spans[begin][0], sight.spans[at][0]), recalled[begin:at]
            begin, union = at, set()
        union |= set(blocks)
    yield slice(sight.spans[begin][0], sight.spans[-1][1]), recalled[begin:]
