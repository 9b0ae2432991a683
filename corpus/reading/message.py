"""What goes between the process that reads files and the one that asks for them: JSON, checked when it is taken.

The reading process has seen a stranger's file, so what it says is believed no further than any other input: it may name
no other document than the one that was asked for, and no place outside of its text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from ..document import Document, Mark, Passage
from ..files import Skipped
from .extract import UNCHANGED, Extract

_DOCUMENT, _MARK, _PASSAGE = (tuple(field.name for field in fields(kind)) for kind in (Document, Mark, Passage))


@dataclass(frozen=True, slots=True)
class Request:
    path: Path
    root: Path
    known: str = ""
    """The digest of the file as it was read before."""
    wanted: bool = False
    """Whether it is read even if it is not worth it."""
    most: int = 0
    """Bytes of a table of separated values that are read; 0 for all."""


def request_to_bytes(request: Request) -> bytes:
    return _pack([str(request.path), str(request.root), request.known, request.wanted, request.most])


def request_from_bytes(data: bytes) -> Request:
    path, root, known, wanted, most = json.loads(data)
    return Request(Path(path), Path(root), known, wanted, most)


def to_bytes(outcome: Extract | Skipped | str) -> bytes:
    if isinstance(outcome, str):
        return _pack(outcome)
    if isinstance(outcome, Skipped):
        return _pack({"skipped": outcome.reason})
    document: dict[str, Any] = {name: getattr(outcome.document, name) for name in _DOCUMENT}
    document["metadata"] = dict(outcome.document.metadata)
    document["marks"] = list(map(attrgetter(*_MARK), outcome.document.marks))
    passages = list(map(attrgetter(*_PASSAGE), outcome.passages))
    return _pack({"document": document, "passages": passages, "texts": outcome.texts})


def from_bytes(data: bytes, path: Path) -> Extract | Skipped | str:
    """Reads the outcome that a process sends. Raises ``ValueError`` for what is no outcome of reading ``path``."""
    try:
        return _outcome(json.loads(data), path)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _outcome(told: Any, path: Path) -> Extract | Skipped | str:
    if told == UNCHANGED:
        return UNCHANGED
    if "skipped" in told:
        return Skipped(path, str(told["skipped"]))
    given: dict[str, Any] = {name: _frozen(value) for name, value in told["document"].items()}
    given["marks"] = tuple(Mark(*mark) for mark in given["marks"])
    document = Document(**given)
    passages = [Passage(*map(_frozen, passage)) for passage in told["passages"]]
    texts: list[list[str]] = told["texts"]
    if document.uri != path.as_posix() or len(texts) != len(passages):
        raise ValueError("another document than the one asked for")
    places = [place for passage in passages for place in ((passage.start, passage.end), *passage.governors)]
    if not all(0 <= start <= end <= len(document.text) for start, end in places):
        raise ValueError("a place outside of the text")
    return Extract(document, passages, texts)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _pack(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
