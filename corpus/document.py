"""The nouns of the corpus: what is stored, how text is pointed at, and what a search returns.

Knows nothing of databases, models or files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
Place = tuple[int, int]
"""Characters ``start`` to ``end`` (exclusive) of a text."""


def plain_name(name: str) -> str:
    """``name`` without what would begin a line of its own where names are listed, or reorder one."""
    return name if name.isprintable() else _STEERING.sub("\ufffd", name)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the original file, from character ``start`` of a document's text on (until the next mark).

    ``page`` is the 1-based page of a PDF or slide of a PPTX; ``line`` the 1-based line of the original file where the
    text was converted from one with lines (HTML, notebooks); ``label`` any other place, such as a sheet's name.
    """

    start: int
    page: int | None = None
    line: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One source text, whole. ``text`` is what every offset counts in: the decoded file itself for text and code, the
    converted text for PDF, Office, HTML and notebooks (then ``marks`` lead back to the original)."""

    uri: str
    """Absolute POSIX path of the file."""
    name: str
    """What people see: the path below the added folder, prefixed with that folder's name."""
    text: str
    media_type: str
    digest: str
    """SHA-256 of the original bytes, hex."""
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """``omitted`` says what the file holds and the text does not; the other keys are the format's own."""
    marks: tuple[Mark, ...] = ()

    def mark_at(self, position: int) -> Mark | None:
        index = bisect_right(self.marks, position, key=lambda mark: mark.start) - 1
        return self.marks[index] if index >= 0 else None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of one document's text: the only way to point at text."""

    document: str
    """The document's uri."""
    start: int
    end: int
    line: int
    """1-based first line in the document's text (the file's own line for text and code)."""
    end_line: int
    page: int | None = None
    label: str = ""
    """Where in the original file besides: the sheet, the attachment, the time of a subtitle (``Mark.label``)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval, as the splitter cuts it: a stretch of whole structural parts (paragraphs, a table, a code
    block, one function). The unit of quotation is a sentence inside it."""

    start: int
    end: int
    kind: str
    """``section``, ``table``, ``data``, ``code``, ``function``, ``class``, ``module``."""
    heading: str = ""
    """Path of headings or the qualified name of the definition, for embedding, indexing and display."""
    governors: tuple[Place, ...] = ()
    """What stands above this passage in the document and says what it is about, outermost first: headings, the header
    row of a table that was cut, the lead-in of a list that was cut, the keys above a value."""


@dataclass(frozen=True, slots=True)
class Governor:
    """A piece of the same document that says what a quote is about: a heading, a header row, a lead-in, a key."""

    quote: str
    span: Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that a claim can end in: a span of a stored document, or the rows of a query that is shown."""

    quote: str
    """The text at the span, verbatim, or the rows as text."""
    score: float
    """Comparable within one list only; higher is better."""
    retriever: str
    """Which retrievers found it, joined by ``+`` in the order of their ranks."""
    why: str
    """One phrase a person can check: matched words, similarity, or the query that was run."""
    span: Span | None = None
    name: str = ""
    """The document's display name, or the symbol's."""
    heading: str = ""
    kind: str = "section"
    key: int = 0
    """The passage's row id in the store; 0 for rows of a query."""
    query: str = ""
    rows: tuple[tuple[object, ...], ...] = ()
    governors: tuple[Governor, ...] = ()
    """What governs the quote, outermost first; each is verbatim text of the same document."""
