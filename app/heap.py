"""Makes the C library of a server give back the memory that its threads free.

glibc keeps an arena for each thread, up to eight for each core, and keeps ever larger blocks in them once one of that
size was freed. A server whose threads make large arrays at the same time then holds several times what it uses, and
more with each hour (malloc(3), mallopt(3)). Elsewhere nothing is done.
"""

from __future__ import annotations

import ctypes
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Of glibc's ``malloc.h``."""
ARENAS, MAPPED, TRIMMED = 2, 1 << 20, 1 << 24
"""Arenas; bytes from which on a block is mapped for itself; free bytes at the heap's end that are given back."""


def bound_heap() -> None:
    """To be called before the server's threads begin."""
    if sys.platform != "linux":
        return
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:  # another C library than glibc
        return
    for option, value in ((M_ARENA_MAX, ARENAS), (M_MMAP_THRESHOLD, MAPPED), (M_TRIM_THRESHOLD, TRIMMED)):
        set_option(option, value)
