"""The statements of passages that questions find, cut once: good passages are found again and again."""

from __future__ import annotations

from functools import lru_cache

from .statements import Statement, statements

PASSAGES, LONGEST = 2_048, 20_000
"""Passages whose statements are kept, of prose some ten megabytes; characters of the longest of them."""


def kept_statements(text: str, kind: str, header: str) -> tuple[Statement, ...]:
    """See ``statements``."""
    return (_keep if len(text) <= LONGEST else _cut)(text, kind, header)


def _cut(text: str, kind: str, header: str) -> tuple[Statement, ...]:
    return tuple(statements(text, kind, header))


_keep = lru_cache(maxsize=PASSAGES)(_cut)
