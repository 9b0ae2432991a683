"""What is kept of a sequence that is longer than the model's context: how far each token sees, and the memory of it.

Knows nothing of weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InputError, ModelError
from .cache import CacheShape, KVCache
from .distant_blocks import By, KeyBlocks


@dataclass(frozen=True, slots=True)
class Reach:
    """How far tokens see; everything is counted in tokens except what names blocks."""

    context: int
    """The model's own: a token at an earlier position sees everything, as in the plain network."""
    window: int
    """What is near. A token sees at most ``block - 1`` more, so that blocks leave as a whole."""
    initial: int
    """The first tokens, which are always seen."""
    block: int
    recalled: int
    """Blocks that a look-up brings."""
    representatives: int
    """Tokens of a block that stand for it: those that got most attention while they were near."""
    chunk: int
    """Tokens of a prompt that look up together; a written token and a guess look up by themselves."""
    slots: int
    """Blocks of each layer that the device holds."""
    by: By = "share"

    def __post_init__(self) -> None:
        near = self.window + self.block + self.chunk
        if min(self.initial, self.block, self.recalled, self.representatives, self.chunk) < 1 or (
            self.slots < self.recalled or self.window <= 2 * self.chunk or near > self.context
        ):
            raise InputError(
                "the window, blocks and chunks of long inputs do not fit the model's context", where=f"{self}"
            )

    def far(self, position: int) -> int:
        """How many blocks a token at ``position`` sees by look-up only."""
        return 0 if position < self.context else max(0, (position - self.window - self.initial) // self.block)

    def begin(self, far: int) -> int:
        """Where the window begins when so many blocks are out of it."""
        return self.initial + far * self.block if far else 0

    def sealed_blocks(self, position: int) -> int:
        """How many blocks have their representatives when a pass begins at ``position``: two chunks before they are
        needed, so that a pass over a chunk and the guesses behind it may need them."""
        return self.far(position + 2 * self.chunk)


def reach_for(context: int) -> Reach:
    """The shape of the paper's Llama-3 set-up, in proportion to the model's context: half of it is window, what is
    recalled fills the other half."""
    block = max(4, context // 64)
    chunk = max(4, context // 16)
    recalled = max(1, (context - context // 2) // block - 2)
    return Reach(
        context=context,
        window=context // 2,
        initial=block,
        block=block,
        recalled=recalled,
        representatives=4,
        chunk=chunk,
        slots=2 * recalled,
    )


Turn = Callable[[Any, Any], Any]
"""Turns the keys of columns ``[layers, 2, groups, tokens, size]`` by so many positions each."""


class LongMemory(KVCache):
    """Keys and values of a sequence of any length: those in sight lie on the device in ``near``, which begins with
    column ``start``; the others are ``blocks``. ``first`` are the first tokens once they are out of the window, keys
    at position 0: ``[layers, 2, groups, initial, size]``. It steps back to any length; what was read after it may
    then still count in the choice of representatives."""

    def __init__(self, shape: CacheShape, reach: Reach, turn: Turn) -> None:
        import torch

        self.shape, self.reach, self.start, self._turn = shape, reach, 0, turn
        self.near = KVCache(shape)
        self.blocks = KeyBlocks(shape, reach.block, reach.slots)
        self.first: Any = None
        self.recalled: list[list[list[int]]] = [[] for _ in range(shape.layers)]
        """What the last look-ups of each layer brought."""
        self._heard = torch.zeros(shape.layers, 0, device=shape.device)
        """Attention that each near column got, ``[layers, room]``."""
        self._guess = 0
        self._guessed: Any = None
        """Where the guesses of the last pass begin, and the attention they gave: ``[layers, guesses, columns]``."""

    @property
    def length(self) -> int:
        return self.start + self.near.length

    @length.setter
    def length(self, tokens: int) -> None:
        begin = self.reach.begin(self.reach.far(tokens))
        if begin < self.start:
            self._return(begin)
        self.near.length = tokens - self.start
        self._forget()
        self.blocks.cut(self.reach.sealed_blocks(tokens))
        if not self.blocks.count:
            self.first = None

    @property
    def device_size(self) -> int:
        """Bytes on the device."""
        first = 0 if self.first is None else int(self.first.nbytes)
        return self.near.size + self.blocks.device_size + first + int(self._heard.nbytes)

    @property
    def size(self) -> int:
        """Bytes taken, here and there."""
        return self.device_size + self.blocks.host_size

    def reserve(self, tokens: int) -> None:
        """See ``KVCache``."""
        self.near.reserve(tokens - self.start)
        self._widen()

    def keep(self, start: int, columns: Sequence[int]) -> None:
        """See ``KVCache``. What accepted guesses attended to counts as if they had been read one by one."""
        import torch

        at = start - self.start
        rows = [row for column in columns if (row := start + column - self._guess) >= 0]
        with torch.inference_mode():  # what grew during a pass can be changed only so
            if self._guessed is not None and rows:
                self._heard[:, : self._guessed.shape[2]] += self._guessed[:, rows].sum(1)
            if columns and list(columns) != list(range(len(columns))):
                chosen = torch.tensor(columns, device=self.shape.device) + at
                self._heard[:, at : at + len(columns)] = self._heard[:, chosen]
            self.near.keep(at, columns)
        self._guessed = None
        self._forget()

    def copy(self, length: int, room: int = 0) -> LongMemory:
        """See ``KVCache``."""
        other = LongMemory(self.shape, self.reach, self._turn)
        other.start, other.first = self.start, self.first
        other.near = self.near.copy(self.near.length)
        other._heard = self._heard[:, : other.near.length].clone()
        other._widen()
        other.blocks = self.blocks.copy()
        other.length = length
        return other

    def view(self) -> Any:
        """See ``KVCache``. Raises ``ModelError`` for a sequence that is longer than the model's context."""
        if self.start:
            raise ModelError(
                "a sequence beyond the model's context cannot be kept or joined", fix="start it again from its tokens"
            )
        return self.near.view()

    def append(self, columns: Any) -> None:
        """See ``KVCache``."""
        self.near.append(columns)
        self._widen()

    def advance(self) -> None:
        """Before a pass: blocks that are about to leave the window get their representatives, and those that have left
        it go."""
        reach, trunk = self.reach, self.length
        for number in range(self.blocks.count, reach.sealed_blocks(trunk)):
            begin = reach.initial + number * reach.block
            here = slice(begin - self.start, begin - self.start + reach.block)
            columns = self._turn(self.near.view()[:, :, :, here], -_places(begin, reach.block))
            self.blocks.add(columns, self._representatives(columns, self._heard[:, here]), self._heard[:, here])
            if self.first is None:
                first = self.near.view()[:, :, :, : reach.initial]
                self.first = self._turn(first, -_places(0, reach.initial))
        begin = reach.begin(reach.far(trunk))
        if begin > self.start:
            gone, near = begin - self.start, self.near.view()
            self._hold_near(begin, near[:, :, :, gone:], self._heard[:, gone : near.shape[3]])

    def expect(self, chain: int, guesses: int) -> None:
        """Before a pass that reads ``chain`` tokens and ``guesses`` behind them."""
        import torch

        self._guess, columns = self.length + chain, self.near.length + chain + guesses
        self._guessed = torch.zeros(self.shape.layers, guesses, columns, device=self.shape.device) if guesses else None

    def hear(self, layer: int, heard: Any, chain: int) -> None:
        """The attention that near columns got in a pass, ``[tokens, columns]``: that of guesses counts when they are
        kept."""
        self._heard[layer, : heard.shape[1]] += heard[:chain].sum(0)
        if self._guessed is not None:
            self._guessed[layer] = heard[chain:]

    def _representatives(self, columns: Any, heard: Any) -> Any:
        """``[layers, groups, so many, size]``: the keys of the tokens that got most attention."""
        best = heard.topk(min(self.reach.representatives, heard.shape[1]), -1).indices
        keys = columns[:, 0]
        return keys.gather(2, best[:, None, :, None].expand(-1, keys.shape[1], -1, keys.shape[3]))

    def _return(self, begin: int) -> None:
        """The window goes back to where it began when the sequence was shorter."""
        import torch

        with torch.inference_mode():
            reach, near = self.reach, self.near.view()
            numbers = (max(0, begin - reach.initial) // reach.block, (self.start - reach.initial) // reach.block)
            columns, heard = self.blocks.back(*numbers)
            if not begin:
                columns = torch.cat([self.first, columns], 3)
                heard = torch.cat([heard.new_zeros(len(heard), reach.initial), heard], 1)
            columns = self._turn(columns, _places(begin, columns.shape[3]))
            held = self._heard[:, : near.shape[3]]
            self._hold_near(begin, torch.cat([columns, near], 3), torch.cat([heard, held], 1))

    def _hold_near(self, begin: int, columns: Any, heard: Any) -> None:
        near = KVCache(self.shape, columns.shape[3] + 2 * self.reach.chunk + self.reach.block)
        near.append(columns)
        self.near, self.start, self._heard = near, begin, heard
        self._widen()

    def _forget(self) -> None:
        """What columns got that are no more."""
        import torch

        with torch.inference_mode():
            self._heard[:, self.near.length :] = 0

    def _widen(self) -> None:
        """Places for attention: as many as there are columns."""
        import torch

        held = self._heard.shape[1]
        room = self.near.keys[0].shape[1]
        if held < room:
            self._heard = torch.cat([self._heard, self._heard.new_zeros(self.shape.layers, room - held)], 1)


def _places(start: int, count: int) -> Any:
    import torch

    return torch.arange(start, start + count)
