"""Whether a statement says that a value is the default, where that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .assertion import Fault
from .question import Question
from .view import view

_BY_DEFAULT = re.compile(
    r"\bby default\b|\bdefault\b|\bout of the box\b|\bunless (?:told|set|given|i|you|we)\b"
    r"|\b(?:if|when) (?:i|you|we|one|nobody) (?:do(?:n['’]t| not)|say nothing|leave|set nothing|give no)\b[^,;?]*\b"
    r"(?:set|specify|say|give|change|choose|configure|pass|tell|anything|nothing|out|no)\b",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"default|standard|preset|out of the box|unless|otherwise|if (?:not|un|no|omitted|absent|missing)|initial|without"
    r"|automatic|normal|usual|\w=\S|omit|always|never",
    re.IGNORECASE,
)
"""What a statement says that holds as long as nobody says otherwise."""
_BLOCK = 4
"""Lines from which on a remark on one of them tells nothing of another."""


def default_faults(question: Question, text: str, above: Sequence[str]) -> list[Fault]:
    """``above`` governs the statement ``text``."""
    if not _BY_DEFAULT.search(question.text):
        return []
    says = any(_DEFAULT.search(said) for said in (_lines_about(question, text), *above))
    return [] if says else [("unsure", "does not say that it is the default")]


def _lines_about(question: Question, text: str) -> str:
    """The lines of a block of code that hold something of what is asked about; else all of them."""
    rows = text.split("\n")
    held = [row for row in rows if set(question.subject) & view(row, question.language).stems]
    return "\n".join(held) if held and len(rows) >= _BLOCK else text
