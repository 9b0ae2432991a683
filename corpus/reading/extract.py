"""One file: read, split, and told what is embedded for it. Here, and only here, whatever a file's reader and splitter
give is made storable: no character that a store or tokenizer refuses, no label that is longer than a line.

Nothing that goes wrong with one file leaves this module as an exception, except an interruption.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from ..document import Document, Passage, plain_name
from ..files import Skipped, digest, read_safely
from ..spans import split, texts_to_embed
from .limits import Limits

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]+")
_LABEL = 300
"""Characters of a title, heading or other label."""
_NOTE = 4_000
"""Characters of what is noted about a document."""

UNCHANGED: Final = "unchanged"
"""The file's bytes are those of the digest that was given."""


@dataclass(frozen=True, slots=True)
class Extract:
    document: Document
    passages: list[Passage]
    texts: list[list[str]]
    """What is embedded, per passage; none of a row far down in a long table."""


def extract(
    path: Path, root: Path, known: str, limits: Limits, *, wanted: bool = False, most: int = 0
) -> Extract | Skipped | Literal["unchanged"]:
    """Reads one file and cuts it into passages. ``known`` is the digest of the file as it was read before, or empty.
    Raises ``MemoryError`` alone."""
    if known and digest(path) == known:
        return UNCHANGED
    document = read_safely(path, root, wanted=wanted, most=most)
    if isinstance(document, Skipped):
        return replace(document, reason=label(document.reason))
    if len(document.text) > limits.characters:
        return Skipped(
            path, f"its text has {len(document.text):,} characters, above the limit of {limits.characters:,} a file"
        )
    document = storable(document)
    try:
        passages = [replace(passage, heading=label(passage.heading)) for passage in split(document)]
        if len(passages) > limits.passages:
            return Skipped(
                path, f"it falls into {len(passages):,} passages, above the limit of {limits.passages:,} a file"
            )
        texts, left_out = texts_to_embed(document, passages)
        if left_out:
            omitted = "; ".join(filter(None, (document.metadata.get("omitted", ""), left_out)))
            document = replace(document, metadata={**document.metadata, "omitted": label(omitted, _NOTE)})
        return Extract(document, passages, texts)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  a file of a kind that the splitter was not made for may raise anything
        return Skipped(path, label(f"its text could not be split ({type(error).__name__}: {error})"))


def storable(document: Document) -> Document:
    """Replaces what cannot be stored. The text keeps its length, so that all offsets hold."""
    return replace(
        document,
        text=_SURROGATE.sub("\ufffd", document.text) if _is_broken(document.text) else document.text,
        name=(name := plain_name(document.name)),
        title=label(document.title) or label(name.rpartition("/")[2]),
        metadata={label(key): label(value, _NOTE) for key, value in document.metadata.items()},
        marks=tuple(replace(mark, label=label(mark.label)) if mark.label else mark for mark in document.marks),
    )


def label(text: str, longest: int = _LABEL) -> str:
    """Makes one line of ``text``, short enough for a label."""
    return " ".join(_CONTROL.sub(" ", text[: 4 * longest]).split())[:longest].strip()


def _is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
