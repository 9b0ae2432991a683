"""Evidentia: ask documents and code one question, and check the evidence.

    from evidentia import Library
    library = Library("my-library")
    library.add("path/to/docs")
    print(library.ask("What does it do?").text)

Importing this package loads nothing heavy; each public name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agents.answer import Answer as Answer
    from .agents.answer import Citation as Citation
    from .corpus.document import Document as Document
    from .corpus.document import Evidence as Evidence
    from .corpus.document import Span as Span
    from .errors import EvidentiaError as EvidentiaError
    from .library import Library as Library
    from .settings import Settings as Settings

__version__ = "0.1.0"

_HOME = {
    "Answer": "agents.answer",
    "Citation": "agents.answer",
    "Document": "corpus.document",
    "Evidence": "corpus.document",
    "EvidentiaError": "errors",
    "Library": "library",
    "Settings": "settings",
    "Span": "corpus.document",
}

__all__ = ["Answer", "Citation", "Document", "Evidence", "EvidentiaError", "Library", "Settings", "Span"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
