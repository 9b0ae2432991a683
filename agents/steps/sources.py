"""Everything that the steps of an answer read from and write with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...corpus.store import Store
from ...retrieval.base import Embedder
from ...serving.base import LanguageModel
from ..tools.asked import AskedGraph, AskedKnowledge, AskedTables


@dataclass(frozen=True, slots=True)
class Sources:
    """What the steps of an answer look things up in. ``embedder`` and ``model`` are loaded when they are first
    called."""

    store: Store
    graph: AskedGraph
    knowledge: AskedKnowledge
    tables: AskedTables
    embedder: Callable[[], Embedder]
    model: Callable[[], LanguageModel]
