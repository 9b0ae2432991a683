"""A reply that is one table with given columns, in Markdown, HTML or LaTeX.

Each syntax is a grammar: the header is fixed, the cells are free or follow a pattern of their own, and characters that
mean something in the syntax must be escaped. ``table_scores`` compares such tables with a reference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from .grammar import GrammarConstraint, Vocabulary
from .table_syntaxes import SYNTAXES, check_table
from .text import lark


def table(
    vocabulary: Vocabulary,
    columns: Sequence[str],
    syntax: str = "markdown",
    *,
    rows: tuple[int, int] = (1, 50),
    patterns: Mapping[str, str] | None = None,
) -> GrammarConstraint:
    """A table of ``columns`` with at least and at most ``rows`` rows; a cell may be empty unless ``patterns`` has a
    regular expression for its column, which its text as written must match. Raises ``InputError``."""
    check_table(columns, syntax, rows, patterns)
    frame = SYNTAXES[syntax](columns)
    cells = [_cell(at, (patterns or {}).get(name)) for at, name in enumerate(columns)]
    row = f" {_quote(frame.between)} ".join(name for name, _ in cells)
    least, most = rows
    # A row is one terminal: whether a blank belongs to the cell or to what stands behind it shows only further on.
    return lark(
        vocabulary,
        f"start: {_quote(frame.head)} ROW{{{least},{most}}} {_quote(frame.tail) if frame.tail else ''}\n"
        f"ROW: {_quote(frame.start)} {row} {_quote(frame.stop)}\n"
        f"FREE: /{frame.cell}/\n" + "".join(line for _, line in cells),
    )


def _cell(at: int, pattern: str | None) -> tuple[str, str]:
    if pattern is None:
        return "FREE?", ""
    from llguidance import regex_to_lark

    return f"C{at}", f"C{at}: FREE & /{regex_to_lark(pattern, '')}/\n"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
