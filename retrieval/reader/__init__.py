"""The reader: MiniLM fine-tuned on SQuAD, which finds the answer in a passage or says that there is none."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...settings import Settings

if TYPE_CHECKING:
    from .reader import Reader


@lru_cache(maxsize=1)
def open_reader() -> Reader:
    """The process's one reader; its weights are read at its first use."""
    from .reader import Reader

    return Reader(Settings.from_env().cache)
