"""What a definition is for, in the first sentence of its comment."""

from __future__ import annotations

import re

from ...corpus.spans.sentence import sentences

_BLANK_LINE = re.compile(r"\n\s*\n")
_STOP = re.compile(r"[.!?…。！？]\W*\s")


def first_sentence(text: str) -> str:
    """On one line."""
    paragraph = _BLANK_LINE.split(text.strip(), maxsplit=1)[0]
    if _STOP.search(paragraph):
        paragraph = paragraph[slice(*sentences(paragraph, 0, len(paragraph))[0])]
    # A text may hold half of a surrogate pair, which no file or database can.
    return " ".join(paragraph.split()).encode("utf-8", "replace").decode("utf-8")
