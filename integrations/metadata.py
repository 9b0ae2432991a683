"""The metadata of a found passage, the same for every framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..corpus.document import Evidence

Search = Callable[[str, int], list[Evidence]]
"""A question and how many passages are wanted, best first."""


def metadata(evidence: Evidence) -> dict[str, Any]:
    """JSON-ready: where the passage stands and why it was found."""
    span = evidence.span
    place = {} if span is None else {"start": span.start, "end": span.end, "line": span.line, "end_line": span.end_line}
    page = {} if span is None or span.page is None else {"page": span.page}
    return {
        "source": span.document if span else evidence.name,
        "name": evidence.name,
        "heading": evidence.heading,
        "score": evidence.score,
        "retriever": evidence.retriever,
        "why": evidence.why,
        **place,
        **page,
    }
