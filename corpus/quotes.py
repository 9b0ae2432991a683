"""Whether a quote is what the library holds: nothing is shown unchecked."""

from __future__ import annotations

from . import catalog
from .document import Evidence
from .soundness import is_sound
from .store import Store


def quote_holds(store: Store, evidence: Evidence) -> bool:
    """True when the quote and what governs it are, character by character, the stored text at their spans, and the
    document is what was read; rows were just read."""
    if evidence.span is None:
        return bool(evidence.query)
    pieces = [(evidence.span, evidence.quote), *((governor.span, governor.quote) for governor in evidence.governors)]
    return all(catalog.stored_text(store, span) == quote for span, quote in pieces) and all(
        is_sound(store, uri) for uri in {span.document for span, _ in pieces}
    )
