"""A reply that is one table with given columns, in Markdown, HTML or LaTeX.

Each syntax is a grammar: the header is fixed, the cells are free or follow a pattern of their own, and characters that
mean something in the syntax must be escaped. ``table_scores`` compares such tables with a reference.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...errors import InputError
from .grammar import GrammarConstraint, Vocabulary
from .text import lark

MOST_ROWS = 10_000
_LATEX_SIGN = re.compile(r"[&%$#_{}]")


@dataclass(frozen=True, slots=True)
class TableFrame:
    """The fixed text of one table."""

    head: str
    start: str
    """What a row begins with; ``between`` stands between its cells, ``stop`` behind the last."""
    between: str
    stop: str
    tail: str
    cell: str
    """A regular expression for the text of a free cell, without blanks around it."""


def _pad(letter: str) -> str:
    """One or more of what ``letter`` matches, with blanks inside only."""
    return f"({letter}+( +{letter}+)*)"


def _markdown(columns: Sequence[str]) -> TableFrame:
    names = " | ".join(name.replace("\\", "\\\\").replace("|", "\\|") for name in columns)
    rule = " | ".join("---" for _ in columns)
    return TableFrame(
        head=f"| {names} |\n| {rule} |",
        start="\n| ",
        between=" | ",
        stop=" |",
        tail="",
        cell=_pad(r"([^|\s\\]|\\[|\\])"),
    )


def _html(columns: Sequence[str]) -> TableFrame:
    names = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    cell = _pad(r"([^<>&\s]|&(amp|lt|gt|quot|#39);)")
    return TableFrame(
        head=f"<table>\n<tr>{names}</tr>",
        start="\n<tr><td>",
        between="</td><td>",
        stop="</td></tr>",
        tail="\n</table>",
        cell=cell,
    )


def _latex(columns: Sequence[str]) -> TableFrame:
    names = " & ".join(_LATEX_SIGN.sub(r"\\\g<0>", name) for name in columns)
    head = f"\\begin{{tabular}}{{{'l' * len(columns)}}}\n{names} \\\\\n\\hline"
    return TableFrame(
        head=head,
        start="\n",
        between=" & ",
        stop=" \\\\",
        tail="\n\\end{tabular}",
        cell=_pad(r"([^&%$#_{}~^\\\s]|\\[&%$#_{}])"),
    )


SYNTAXES: dict[str, Callable[[Sequence[str]], TableFrame]] = {"markdown": _markdown, "html": _html, "latex": _latex}


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
    _check(columns, syntax, rows, patterns or {})
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


def _check(columns: Sequence[str], syntax: str, rows: tuple[int, int], patterns: Mapping[str, str]) -> None:
    if syntax not in SYNTAXES:
        raise InputError(f"tables are not written in {syntax}", fix=f"use one of {', '.join(SYNTAXES)}")
    if isinstance(columns, str) or not columns or any(not name.strip() or "\n" in name for name in columns):
        raise InputError("a table needs columns with names of one line", fix='give for instance ["Year", "Sales"]')
    if not 0 <= rows[0] <= rows[1] <= MOST_ROWS:
        raise InputError(f"{rows[0]} to {rows[1]} rows cannot be", fix=f"give two numbers from 0 to {MOST_ROWS}")
    if patterns.keys() - set(columns):
        raise InputError(
            f"there is no column {min(patterns.keys() - set(columns))}", fix=f"it has {', '.join(columns)}"
        )


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
