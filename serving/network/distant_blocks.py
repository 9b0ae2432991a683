"""The distant blocks of one sequence: they lie on the host, are found by their representatives, and visit the device.

A block is a run of tokens that has left the window. The device has slots for some blocks of each layer; who was not
asked for longest makes room. Representatives lie on the host too, because the choice is made there: what the device
holds does not grow with the sequence. Knows nothing of models, positions or windows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Literal

from .cache import CacheShape

By = Literal["share", "likeness"]
"""How blocks are chosen: by the share of attention that their representatives would get, or, as in the paper, by the
product of the mean query and the mean representative, all heads together."""
ROWS = 512
"""Queries whose attention to all representatives is held at once."""


class KeyBlocks:
    """Blocks of ``block`` tokens, numbered from 0 as they come; ``slots`` of each layer fit on the device."""

    def __init__(self, shape: CacheShape, block: int, slots: int) -> None:
        self.shape, self.block, self.slots = shape, block, slots
        self.fetched = 0
        """Blocks of a layer that were copied to the device."""
        self._held: list[Any] = []
        """``[layers, 2, groups, block, size]`` each, on the host."""
        self._heard: list[Any] = []
        self._representatives: Any = None
        """``[layers, groups, room, size]``, fp32, ``_many`` of each block."""
        self._many = 1
        self._device: Any = None
        """``[layers, 2, groups, slots, block, size]``."""
        self._places: list[OrderedDict[int, int]] = [OrderedDict() for _ in range(shape.layers)]
        """For each layer, the blocks on the device and their slots, the longest unused first."""

    @property
    def count(self) -> int:
        return len(self._held)

    @property
    def device_size(self) -> int:
        """Bytes on the device."""
        return 0 if self._device is None else int(self._device.nbytes)

    @property
    def host_size(self) -> int:
        """Bytes on the host."""
        if not self.count:
            return 0
        each = self._held[0].nbytes + self._heard[0].nbytes
        return int(self.count * each + self._representatives.nbytes)

    def add(self, columns: Any, representatives: Any, heard: Any) -> None:
        """The next block: ``columns`` ``[layers, 2, groups, block, size]``, ``representatives`` ``[layers, groups, so
        many, size]``, and ``heard`` ``[layers, block]``, which is only kept for ``back``."""
        import torch

        host = columns.to("cpu", copy=True)
        self._held.append(host.pin_memory() if columns.is_cuda else host)
        self._heard.append(heard.to("cpu", copy=True))
        many = representatives.shape[2]
        if self._representatives is None or self.count * many > self._representatives.shape[2]:
            room = max(16, 2 * self.count) * many
            larger = torch.empty(self.shape.layers, self.shape.groups, room, self.shape.size)
            if self._representatives is not None:
                larger[:, :, : self._representatives.shape[2]] = self._representatives
            self._representatives = larger
        self._many = many
        self._representatives[:, :, (self.count - 1) * many : self.count * many] = representatives.float().cpu()

    def nearest(self, layer: int, queries: Any, near: Any, count: int, most: int, by: By) -> list[int]:
        """The ``most`` of the first ``count`` blocks that ``queries`` ask for, in the order of the text.

        ``queries`` are fp32 ``[groups, rows, size]``, scaled; ``near`` ``[groups, rows]`` is the log of the sum of
        what each gives to the columns near it.
        """
        if count <= most:
            return list(range(count))
        keys = self._representatives[layer, :, : count * self._many]
        scores = (keys @ queries.mean(1)[:, :, None]).sum((0, 2)) if by == "likeness" else _share(queries, keys, near)
        return sorted(scores.view(count, self._many).sum(-1).topk(most).indices.tolist())

    def bring(self, layer: int, wanted: Sequence[int]) -> dict[int, int]:
        """Puts the blocks ``wanted``, at most ``slots``, on the device; returns the slot of each."""
        places = self._places[layer]
        for number in wanted:
            if number in places:
                places.move_to_end(number)
        for number in wanted:
            if number not in places:
                slot = len(places) if len(places) < self.slots else places.popitem(last=False)[1]
                self._room()[layer, :, :, slot].copy_(self._held[number][layer], non_blocking=True)
                places[number] = slot
                self.fetched += 1
        return {number: places[number] for number in wanted}

    def on_device(self, layer: int) -> Any:
        """Keys and values of all slots, ``[2, groups, slots * block, size]``, a view."""
        return self._room()[layer].flatten(2, 3)

    def _room(self) -> Any:
        import torch

        if self._device is None:  # zeros, because what is not seen is still multiplied by nothing
            shape = (self.shape.layers, 2, self.shape.groups, self.slots, self.block, self.shape.size)
            self._device = torch.zeros(shape, dtype=self.shape.dtype, device=self.shape.device)
        return self._device

    def back(self, first: int, last: int) -> tuple[Any, Any]:
        """The blocks from ``first`` to before ``last`` as they were added, on the device: ``[layers, 2, groups, tokens,
        size]`` and ``[layers, tokens]``."""
        import torch

        device = self.shape.device
        return torch.cat(self._held[first:last], 3).to(device), torch.cat(self._heard[first:last], 1).to(device)

    def cut(self, count: int) -> None:
        """Only the first ``count`` blocks stay."""
        if count < self.count:
            del self._held[count:], self._heard[count:]
            self._places = [OrderedDict() for _ in self._places]

    def copy(self) -> KeyBlocks:
        """Blocks for another sequence that begins alike. What lies on the host is shared."""
        other = KeyBlocks(self.shape, self.block, self.slots)
        other._held, other._heard = list(self._held), list(self._heard)
        if self._representatives is not None:
            other._representatives, other._many = self._representatives.clone(), self._many
        return other


def _share(queries: Any, keys: Any, near: Any) -> Any:
    import torch

    total = keys.new_zeros(keys.shape[1])
    for start in range(0, queries.shape[1], ROWS):
        scores = queries[:, start : start + ROWS] @ keys.transpose(1, 2)
        whole = torch.logaddexp(scores.logsumexp(-1), near[:, start : start + ROWS])
        total += scores.sub_(whole[..., None]).exp_().sum((0, 1))
    return total
