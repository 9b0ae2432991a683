"""The library's graph as it is asked: verbs from SQLite at once, free Cypher from an engine that is loaded when needed.

The engine's graph is a projection of the facts in SQLite; before a query it is rebuilt if the facts have moved on.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import open_store
from .base import GraphSchema, GraphStore, Rows
from .code import CodeGraph


class ServedGraph:
    def __init__(self, code: CodeGraph, folder: Path, engine: str) -> None:
        self._code, self._folder, self._engine = code, folder, engine
        self._lock = threading.Lock()
        self._store: GraphStore | None = None
