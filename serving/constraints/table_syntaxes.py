"""How a table is written in Markdown, HTML and LaTeX: the fixed text around its cells, a whole table, and instructions
that describe one.

The instructions are made from the form that is wanted, not written for each: the idea of FormatCoT (Tang et al.,
*Struc-Bench*, NAACL 2024, arXiv 2309.08963), where a strong model describes the target's format; here the syntax is
known, so no model is needed. Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...errors import InputError

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
    escape: Callable[[str], str]
    """Writes a cell's text so that the syntax does not take it for its own."""
    escapes: str
    """The same in words."""


def _pad(letter: str) -> str:
    """One or more of what ``letter`` matches, with blanks inside only."""
    return f"({letter}+( +{letter}+)*)"


def _markdown(columns: Sequence[str]) -> TableFrame:
    def escape(text: str) -> str:
        return text.replace("\\", "\\\\").replace("|", "\\|")

    rule = " | ".join("---" for _ in columns)
    return TableFrame(
        head=f"| {' | '.join(map(escape, columns))} |\n| {rule} |",
        start="\n| ",
        between=" | ",
        stop=" |",
        tail="",
        cell=_pad(r"([^|\s\\]|\\[|\\])"),
        escape=escape,
        escapes="A | in a cell is written \\|, a \\ is written \\\\.",
    )


def _html(columns: Sequence[str]) -> TableFrame:
    def escape(text: str) -> str:
        return html.escape(text, quote=False)

    return TableFrame(
        head=f"<table>\n<tr>{''.join(f'<th>{escape(name)}</th>' for name in columns)}</tr>",
        start="\n<tr><td>",
        between="</td><td>",
        stop="</td></tr>",
        tail="\n</table>",
        cell=_pad(r"([^<>&\s]|&(amp|lt|gt|quot|#39);)"),
        escape=escape,
        escapes="In a cell &, < and > are written &amp;, &lt; and &gt;.",
    )


def _latex(columns: Sequence[str]) -> TableFrame:
    def escape(text: str) -> str:
        return _LATEX_SIGN.sub(r"\\\g<0>", text)

    return TableFrame(
        head=f"\\begin{{tabular}}{{{'l' * len(columns)}}}\n{' & '.join(map(escape, columns))} \\\\\n\\hline",
        start="\n",
        between=" & ",
        stop=" \\\\",
        tail="\n\\end{tabular}",
        cell=_pad(r"([^&%$#_{}~^\\\s]|\\[&%$#_{}])"),
        escape=escape,
        escapes="In a cell each of & % $ # _ { } has a \\ before it.",
    )


SYNTAXES: dict[str, Callable[[Sequence[str]], TableFrame]] = {"markdown": _markdown, "html": _html, "latex": _latex}
NAMES = {"markdown": "Markdown", "html": "HTML", "latex": "LaTeX"}


def write_table(columns: Sequence[str], rows: Sequence[Sequence[str]], syntax: str = "markdown") -> str:
    """The table as the constraint would let it through; white space within a cell becomes one blank. Raises
    ``InputError``, also for a cell that the syntax has no letters for, such as one with ``^`` in LaTeX."""
    check_table(columns, syntax)
    frame = SYNTAXES[syntax](columns)
    return frame.head + "".join(_row(frame, columns, row) for row in rows) + frame.tail


def _row(frame: TableFrame, columns: Sequence[str], row: Sequence[str]) -> str:
    if len(row) != len(columns):
        raise InputError(f"a row has {len(row)} cells, the table {len(columns)} columns", where=" | ".join(row))
    cells = [frame.escape(" ".join(cell.split())) for cell in row]
    wrong = next((cell for cell in cells if cell and not re.fullmatch(frame.cell, cell)), None)
    if wrong is not None:
        raise InputError("the cell cannot be written in this syntax", where=wrong, fix="use another syntax")
    return f"{frame.start}{frame.between.join(cells)}{frame.stop}"


def describe_table(
    columns: Sequence[str],
    syntax: str = "markdown",
    *,
    rows: tuple[int, int] = (1, 50),
    patterns: Mapping[str, str] | None = None,
) -> str:
    """Instructions for a model: what ``table`` with these arguments holds a reply to, step by step. They help a model
    that is not held to it, and tell one that is what it is about to write. Raises ``InputError`` as ``table`` does."""
    check_table(columns, syntax, rows, patterns or {})
    frame = SYNTAXES[syntax](columns)
    line = f"{frame.start}{frame.between.join('...' for _ in columns)}{frame.stop}".lstrip("\n")
    least, most = rows
    count = f"{least}" if least == most else f"{least} to {most}"
    steps = [
        f"The reply is one table in {NAMES[syntax]} with {_number_of(len(columns), 'column')}: {', '.join(columns)}.",
        f"It begins with exactly this:\n{frame.head}",
        f"Then come {count} {'row' if most == 1 else 'rows'}, each on a line of its own, written like this, with "
        f"{'the value' if len(columns) == 1 else f'the {len(columns)} values'} in place of the dots:\n{line}",
        f"What is not known is left empty. {frame.escapes}",
        *(f"A cell of {name} matches the regular expression {pattern}" for name, pattern in (patterns or {}).items()),
        f"It ends with {frame.tail.strip()}" if frame.tail else "It ends behind the last row.",
        "Nothing stands before or behind it.",
    ]
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _number_of(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def check_table(
    columns: Sequence[str], syntax: str, rows: tuple[int, int] = (1, 1), patterns: Mapping[str, str] | None = None
) -> None:
    """Raises ``InputError`` for a form that no table has."""
    if syntax not in SYNTAXES:
        raise InputError(f"tables are not written in {syntax}", fix=f"use one of {', '.join(SYNTAXES)}")
    if isinstance(columns, str) or not columns or any(not name.strip() or "\n" in name for name in columns):
        raise InputError("a table needs columns with names of one line", fix='give for instance ["Year", "Sales"]')
    if not 0 <= rows[0] <= rows[1] <= MOST_ROWS:
        raise InputError(f"{rows[0]} to {rows[1]} rows cannot be", fix=f"give two numbers from 0 to {MOST_ROWS}")
    if patterns and patterns.keys() - set(columns):
        raise InputError(
            f"there is no column {min(patterns.keys() - set(columns))}", fix=f"it has {', '.join(columns)}"
        )
