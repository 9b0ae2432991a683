"""Rows of a LaTeX table: cells at ``&``, rows at ``\\\\``, rules, merged cells, the headers of a ``longtable``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .latex_inline import text_of
from .latex_macros import KnownMacros, argument, option, pairs
from .layout import Cell

_BREAK = re.compile(r"\\\\|\\[A-Za-z]+\*?|\\.|[{}&]|\\$", re.DOTALL)
_RULE = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|thickhline|Xhline|specialrule)(?![A-Za-z])|\\(?:cline|cmidrule)(?![A-Za-z])"
)
_PART = re.compile(r"\\(endfirsthead|endhead|endfoot|endlastfoot)(?![A-Za-z])")
_NOISE = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|thickhline|noalign|addlinespace|centering|raggedright|raggedleft|small|footnotesize"
    r"|arraybackslash|rowstyle|midsepremove|tabularnewline)(?![A-Za-z])(?:\[[^\[\]]{0,200}\])?"
    r"|\\(?:cline|cmidrule|Xhline|rowcolor|cellcolor)(?![A-Za-z])(?:\[[^\[\]]{0,200}\])?(?:\([^()]{0,200}\))?(?:\{[^{}]{0,200}\})?"
)
_LEAD = re.compile(rf"(?:\s|{_NOISE.pattern})*")
_MERGED = re.compile(r"\s*\\(multicolumn|multirow|SetCell)\*?")
_WIDEST = 200


@dataclass
class LatexRows:
    cells: list[list[Cell]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    heads: int | None = None
    """None where nothing says how many rows are the header."""


def rows_of(text: str, line: int, known: KnownMacros) -> LatexRows:
    """Reads the rows of a table. ``text`` is what stands inside the table, without the description of its columns, from
    ``line`` on."""
    rows = LatexRows()
    rules: list[int] = []
    """Numbers of rows above which a rule is drawn."""
    begun = 0
    """Where the header that is repeated on later pages begins, or a footer."""
    below: dict[int, int] = {}
    counted = 0
    """Characters before the row, up to which lines are counted."""
    for raw, offset in _split(text):
        line += text.count("\n", counted, offset)
        head, number, counted = raw, line, offset
        for part in _PART.finditer(raw):
            if part[1] == "endfirsthead" or (part[1] == "endhead" and rows.heads is None):
                rows.heads = len(rows.cells)
            else:
                del rows.cells[begun:], rows.lines[begun:]
            begun = len(rows.cells)
            number = line + raw.count("\n", 0, part.end())
            head = raw[part.end() :]
        lead = _LEAD.match(head)
        number += lead[0].count("\n") if lead else 0
        if _RULE.search(head):
            rules.append(len(rows.cells))
        shown = _NOISE.sub("", head)
        if not shown.strip():
            continue
        cells, below = _row(shown, known, below)
        if any(cell.text.strip() for cell in cells):
            rows.cells.append(cells)
            rows.lines.append(number)
    inner = [at for at in dict.fromkeys(rules) if 0 < at < len(rows.cells)]
    everywhere = len(rows.cells) > 2 and len(inner) >= len(rows.cells) - 1  # rules between all rows tell no header
    if rows.heads is None and inner and (len(inner) == 1 or inner[0] <= 2) and not everywhere:
        rows.heads = inner[0] if inner[0] <= 3 else None
    return rows


def _split(text: str) -> list[tuple[str, int]]:
    """The rows as they are written, and where each begins."""
    found: list[tuple[str, int]] = []
    depth = start = 0
    for match in _BREAK.finditer(text):
        sign = match[0]
        depth += (sign == "{") - (sign == "}")
        if depth <= 0 and (sign == "\\\\" or sign == "\\tabularnewline"):
            found.append((text[start : match.start()], start))
            _, start = option(text, match.end())
            start += text.startswith("*", start)
    found.append((text[start:], start))
    return found


def _row(raw: str, known: KnownMacros, below: dict[int, int]) -> tuple[list[Cell], dict[int, int]]:
    """The cells, and how many rows further those reach that stand in more than one. LaTeX writes an empty cell where
    one reaches in from above: it is left out."""
    cells: list[Cell] = []
    reach: dict[int, int] = {}
    column = 0
    for part in _parts(raw):
        text, wide, tall = _cell(part, known)
        left = below.get(column, 0)
        if left > 0 and not text.strip():
            reach[column] = left - 1
        else:
            cells.append(Cell(text, wide, tall))
            if tall > 1:
                reach[column] = tall - 1
        column += wide
    return cells, {place: left for place, left in reach.items() if left > 0}


def _parts(raw: str) -> list[str]:
    parts: list[str] = []
    depth = start = 0
    for match in _BREAK.finditer(raw):
        depth += (match[0] == "{") - (match[0] == "}")
        if match[0] == "&" and depth <= 0:
            parts.append(raw[start : match.start()])
            start = match.end()
    return [*parts, raw[start:]][:1_000]


def _cell(raw: str, known: KnownMacros) -> tuple[str, int, int]:
    wide = tall = 1
    for _ in range(3):
        merged = _MERGED.match(raw)
        if merged is None:
            break
        closed = pairs(raw)
        _, at = option(raw, merged.end())
        count, at = argument(raw, at, closed)
        number = min(int(count), _WIDEST) if count.strip().isdecimal() and len(count) < 6 else 1
        _, at = option(raw, at)
        _, at = argument(raw, at, closed)
        _, at = option(raw, at)
        inner, at = argument(raw, at, closed)
        if merged[1] == "multicolumn":
            wide = max(number, 1)
        elif merged[1] == "multirow":
            tall = max(number, 1)
        raw = inner + raw[at:]
    return " ".join(text_of(raw, known).split()), wide, tall
