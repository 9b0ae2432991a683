"""How much memory keys and values may take and how many requests run at once: as set, or by what is free.

Nothing is taken here: an engine takes memory as its requests grow, and lets it go. Knows nothing of requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from .scheduler import AHEAD, WIDEST

if TYPE_CHECKING:
    from ..network.cache import CacheShape

GPU_SHARE, CPU_SHARE = 0.6, 0.25
"""Of what is free. A pass takes memory beside its keys and values, and other programs share a processor's."""
LEAST, MOST_ON_CPU, UNKNOWN = 256 << 20, 2 << 30, 1 << 30
"""Bytes: on a processor at least and at most, and where nobody says what is free."""
REQUESTS, GPU_REQUESTS = 32, 64
"""Requests that run at once, at most. On a processor a wider pass costs nearly as much more as it does more."""
USUAL = 2 * AHEAD + WIDEST
"""Tokens for which every request that runs at once should have room."""
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class DeviceMemory:
    """Bytes of a processor's or a GPU's memory."""

    free: int
    whole: int


@dataclass(frozen=True, slots=True)
class EngineRoom:
    """0: as the machine allows."""

    bytes: int = 0
    """Of keys and values of all requests and of what is kept of earlier ones."""
    requests: int = 0
    """Those that run at once; the others wait."""

    def on(self, shape: CacheShape, context: int) -> EngineRoom:
        """The room of an engine whose model keeps ``shape`` of a token and reads ``context`` tokens. Raises
        ``InputError`` for bytes that are not there, or that do not hold one request."""
        gpu, memory = shape.device.type != "cpu", memory_of(shape.device)
        check_bytes(self.bytes, memory)
        least = (context + WIDEST) * shape.bytes_per_token
        if 0 < self.bytes < least:
            raise InputError(
                f"EVIDENTIA_KV_BYTES is too small: one request of {context:,} tokens takes {least:,} bytes",
                where=f"{self.bytes:,}",
                fix=f"set it to {least:,} or more, or unset it",
            )
        found = self.bytes or max(least, bytes_by_default(memory, gpu=gpu))
        return EngineRoom(found, self.requests or requests_by_default(found, shape.bytes_per_token, gpu=gpu))

    def __str__(self) -> str:
        return f"{self.bytes / 1e9:.1f} GB of keys and values, {self.requests} requests side by side"


def bytes_by_default(memory: DeviceMemory | None, *, gpu: bool = False) -> int:
    """A share of what is free of ``memory``; ``None``: nobody says how much that is."""
    if memory is None:
        return UNKNOWN
    return int(GPU_SHARE * memory.free) if gpu else min(max(LEAST, int(CPU_SHARE * memory.free)), MOST_ON_CPU)


def requests_by_default(bytes: int, token: int, *, gpu: bool = False) -> int:
    """The number of requests that have room in ``bytes``, of ``token`` for each token."""
    return max(1, min(bytes // (USUAL * token), GPU_REQUESTS if gpu else REQUESTS))


def check_bytes(asked: int, memory: DeviceMemory | None) -> None:
    """Raises ``InputError`` where ``asked`` bytes are more than there are. What is free differs from hour to hour, and
    is no reason to refuse what somebody set."""
    if memory is not None and asked > memory.whole:
        raise InputError(
            f"EVIDENTIA_KV_BYTES is more than the {memory.whole:,} bytes that this machine has",
            where=f"{asked:,}",
            fix="set a smaller number, or unset it",
        )


def memory_of(device: Any) -> DeviceMemory | None:
    """That of ``device``, torch's; ``None`` where it does not say."""
    if device.type == "cpu":
        return memory_of_processor()
    if device.type != "cuda":
        return None
    import torch

    unused = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    free, whole = torch.cuda.mem_get_info(device)
    return DeviceMemory(int(free) + unused, int(whole))


def memory_of_processor(meminfo: Path = Path("/proc/meminfo"), cgroup: Path = _CGROUP) -> DeviceMemory | None:
    """What this process can have without swapping, of the machine and of its container."""
    found = [*_of_machine(meminfo), *_of_container(cgroup)]
    if not found:
        return None
    return DeviceMemory(min(each.free for each in found), min(each.whole for each in found))


def _of_machine(meminfo: Path) -> Iterator[DeviceMemory]:
    try:
        fields = dict(line.split(":") for line in meminfo.read_text(encoding="ascii").splitlines())
        free, whole = (int(fields[name].split()[0]) * 1024 for name in ("MemAvailable", "MemTotal"))
    except (OSError, ValueError, KeyError):
        return
    yield DeviceMemory(free, whole)


def _of_container(cgroup: Path) -> Iterator[DeviceMemory]:
    """What is cached of files is given back when it is needed."""
    try:
        most, taken = (int((cgroup / name).read_text()) for name in ("memory.max", "memory.current"))
        fields = dict(line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
        free = max(0, most - taken + int(fields["inactive_file"]))
    except (OSError, ValueError, KeyError):  # no container, or one without a limit
        return
    yield DeviceMemory(free, most)
