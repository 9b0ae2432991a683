"""The languages that the code graph reads: one entry each, imported when the first file of one comes.

``docs/languages.md`` says how to add one.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from os.path import splitext

from .base import Language, Naming

__all__ = ["Language", "Naming", "family_of", "is_read", "language_of"]

_REGISTRY = {
    "python:PYTHON": ("text/x-python", "py pyi pyw"),
    "javascript:JAVASCRIPT": ("text/x-javascript", "js mjs cjs jsx"),
    "javascript:TYPESCRIPT": ("text/x-typescript", "ts mts cts tsx"),
    "java:JAVA": ("text/x-java", "java"),
    "go:GO": ("text/x-go", "go"),
    "csharp:CSHARP": ("text/x-csharp", "cs"),
    "rust:RUST": ("text/x-rust", "rs"),
    "c:C": ("text/x-c", "c h"),
    "c:CPP": ("text/x-cpp", "cc cpp cxx c++ hh hpp hxx h++"),
}
"""``module:constant`` -> media type, suffixes."""


_BY_SUFFIX = {f".{suffix}": entry for entry, (_, suffixes) in _REGISTRY.items() for suffix in suffixes.split()}


def language_of(path: str) -> Language:
    """By the suffix; a script without one is Python, which is the only language that such a file is read in."""
    return _language(_BY_SUFFIX.get(splitext(path)[1].lower(), "python:PYTHON"))


def is_read(path: str, media_type: str) -> bool:
    """Whether the graph reads a document of that path and type."""
    suffix = splitext(path)[1].lower()
    entry = _BY_SUFFIX.get(suffix, "" if suffix else "python:PYTHON")
    return bool(entry) and _REGISTRY[entry][0] == media_type


def family_of(path: str) -> str:
    return language_of(path).family


@lru_cache(maxsize=64)
def _language(entry: str) -> Language:
    module, _, constant = entry.partition(":")
    language: Language = getattr(import_module(f".{module}", __name__), constant)
    return language
