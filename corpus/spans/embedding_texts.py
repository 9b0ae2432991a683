"""What is embedded for a passage: its headings and its text, in as many pieces as the embedder's window needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from ..document import Document, Passage
from .pack import pieces, windows
from .sentence import sentences
from .units import CODE_KINDS

WINDOW = 250
"""Word pieces that one text may hold, a few less than the 256 that MiniLM reads."""
MOST = 8
"""Windows of prose or a table; what follows is found by its words alone."""
MOST_CODE = 2
"""Windows of code: decorators, signature and docstring come first in it."""
TABLES = 150
"""Passages of a document's tables that are embedded, 1,500 rows or so: a row is looked up by the words in its cells,
and the meaning of 100,000 rows that are alike parts none from the others."""
_CONTEXT = 240


def texts_to_embed(document: Document, passages: Sequence[Passage]) -> tuple[list[list[str]], str]:
    """What is embedded for each passage, no texts for what lies beyond ``TABLES``; and a phrase that says how many rows
    that is."""
    tables = [passage for passage in passages if passage.kind == "table"]
    left_out = set(map(id, tables[TABLES:]))
    texts = [[] if id(passage) in left_out else embedding_texts(document, passage) for passage in passages]
    rows = sum(document.text.count("\n", passage.start, passage.end) + 1 for passage in tables[TABLES:])
    return texts, f"{rows:,} rows of tables are found by their words alone, not by meaning" if rows else ""


def embedding_texts(document: Document, passage: Passage) -> list[str]:
    """What is embedded for a passage: at least one text. Each begins with the passage's headings (below the document's
    title), then whole sentences or lines of it. Several texts of one passage are several vectors that all lead to it,
    so that nothing is cut away."""
    context = _context(document, passage)
    most = MOST_CODE if passage.kind in (*CODE_KINDS, "data") else MOST
    read = min(passage.end, passage.start + most * WINDOW * 10)
    cuts = list(_cuts(document.text, passage, read, WINDOW - pieces(context)))[:most]
    return [f"{context}\n{document.text[start:end]}".lstrip() for start, end in cuts]


def _cuts(text: str, passage: Passage, read: int, room: int) -> Iterator[tuple[int, int]]:
    """Runs of whole sentences of the passage up to ``read``, each of at most ``room`` pieces unless one has more."""
    if pieces(text[passage.start : read]) <= room:
        yield passage.start, read
        return
    start, end, used = passage.start, passage.start, 0
    for whole_start, whole_end in sentences(text, passage.start, read, passage.kind):
        for part_start, part_end in windows(text, whole_start, whole_end, 400):
            cost = pieces(text[part_start:part_end])
            if used and used + cost > room:
                yield start, end
                start, used = part_start, 0
            end, used = part_end, used + cost
    yield start, end


def _context(document: Document, passage: Passage) -> str:
    if passage.kind in CODE_KINDS:
        # The text that follows has the parameters.
        return passage.heading.partition("(")[0][:_CONTEXT]
    title, name = document.title, PurePosixPath(document.uri)
    if title == name.name:  # A title that is only the file's name counts when it has a word, without its suffix.
        title = name.stem if re.search(r"[^\W\d_]{3}", name.stem) else ""
    named = passage.heading.startswith(title)
    path = (passage.heading if named else f"{title} > {passage.heading}").strip(" >")[:_CONTEXT]
    # Headings are in the path already; a header row or a lead-in that was cut off is not.
    more = [text for start, end in passage.governors if (text := document.text[start:end].strip("#= ")) not in path]
    return "\n".join([path, *more])[: 2 * _CONTEXT]
