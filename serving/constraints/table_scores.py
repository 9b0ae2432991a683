"""How much a produced table is like the reference: Struc-Bench's H-Score, without a model.

Tang et al., *Struc-Bench: Are Large Language Models Good at Generating Complex Structured Tabular Data?*, NAACL 2024,
arXiv 2309.08963. Both tables are read into rows of cells. **Content** compares the cells below the header, row by row
in one list; **structure** compares the numbers of rows and columns (equal or not), the header, and what the syntax
itself says of the shape: the column letters of LaTeX, the tags of HTML. Lists are compared by their edit distance,
``1 - distance / (2 · length of the reference)``, and by the ratio of matching blocks (Ratcliff and Obershelp); a score
is the mean of its parts, from 0 to 1. The paper adds the parts up instead, and compares LaTeX captions, which a
``tabular`` does not have. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from statistics import fmean

from ...errors import InputError
from .table_syntaxes import SYNTAXES

_RULE = re.compile(r"[\s|:=+-]*")
_DASHES = re.compile(r"-{3}|={3}")
_BAR_PART = re.compile(r"\\[|\\]|[^\\|]+|.")
_LINE = re.compile(r"\n|<NEWLINE>", re.IGNORECASE)
_TAG = re.compile(r"<\s*(/?\s*[A-Za-z0-9]+)[^>]*>")
_HTML_ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=</tr>|<tr\b|</table>|\Z)", re.DOTALL | re.IGNORECASE)
_HTML_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)(?=</t[hd]>|<t[hd]\b|\Z)", re.DOTALL | re.IGNORECASE)
_TABULAR = re.compile(r"\\begin\{tabular\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}(.*?)(?:\\end\{tabular\}|\Z)", re.DOTALL)
_LATEX_RULE = re.compile(r"\\(?:hline|toprule|midrule|bottomrule|cline\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class ScoredTable:
    rows: tuple[tuple[str, ...], ...]
    """The first is the header."""
    shape: tuple[str, ...] = ()
    """The column letters of LaTeX or the tags of HTML."""

    @property
    def size(self) -> tuple[int, int]:
        return len(self.rows), max(map(len, self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Likeness:
    content: float
    structure: float


def likeness(produced: str, reference: str, syntax: str) -> Likeness:
    """``syntax`` is ``markdown`` (any text with bars), ``html`` or ``latex``. What cannot be read as a table scores 0.

    Raises ``InputError`` for another syntax, and for a reference without a table."""
    if syntax not in READERS:
        raise InputError(f"tables are not read from {syntax}", fix=f"use one of {', '.join(READERS)}")
    ours, theirs = READERS[syntax](produced), READERS[syntax](reference)
    if not theirs.rows:
        raise InputError("the reference holds no table", where=reference[:80], fix=f"give a table in {syntax}")
    if not ours.rows:
        return Likeness(0.0, 0.0)
    cells = [[cell for row in table.rows[1:] for cell in row] for table in (ours, theirs)]
    parts = [float(mine == yours) for mine, yours in zip(ours.size, theirs.size, strict=True)]
    parts += _alike(ours.rows[0], theirs.rows[0])
    parts += _alike(ours.shape, theirs.shape) if theirs.shape else []
    return Likeness(fmean(_alike(*cells)), fmean(parts))


def has_form(text: str, columns: Sequence[str], syntax: str) -> bool:
    """Whether ``text`` holds a table that is as was asked for: with these columns, a cell for each in every row, at
    least one row, and its end. What stands around it is not looked at."""
    read = READERS[syntax](text)
    tail = SYNTAXES[syntax](columns).tail.strip()
    whole = len(read.rows) > 1 and all(len(row) == len(columns) for row in read.rows)
    return whole and read.rows[0] == tuple(columns) and tail in text


def _alike(produced: Sequence[str], reference: Sequence[str]) -> list[float]:
    if not reference:
        return [float(not produced)] * 2
    edits = 1 - _distance(produced, reference) / (2 * len(reference))
    return [max(0.0, edits), SequenceMatcher(None, produced, reference, autojunk=False).ratio()]


def _distance(first: Sequence[str], second: Sequence[str]) -> int:
    """Levenshtein's, over whole cells."""
    above = list(range(len(second) + 1))
    for at, one in enumerate(first, 1):
        row = [at]
        for place, other in enumerate(second, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (one != other)))
        above = row
    return above[-1]


def from_markdown(text: str) -> ScoredTable:
    lines = [line.strip() for line in _LINE.split(text) if "|" in line]
    return ScoredTable(tuple(tuple(_bars(line)) for at, line in enumerate(lines) if not _is_rule(line, second=at == 1)))


def _is_rule(line: str, *, second: bool) -> bool:
    """A row of empty cells, or of a single dash each, is none, but for the line below the header."""
    return _RULE.fullmatch(line) is not None and ((second and "-" in line) or _DASHES.search(line) is not None)


def _bars(line: str) -> list[str]:
    cells = [""]
    for part in _BAR_PART.findall(line.removeprefix("|")):
        if part == "|":
            cells.append("")
        else:
            cells[-1] += part[-1] if part in (r"\|", r"\\") else part
    if len(cells) > 1 and not cells[-1]:
        del cells[-1]
    return [cell.strip() for cell in cells]


def from_html(text: str) -> ScoredTable:
    rows = [
        tuple(" ".join(unescape(_TAG.sub("", cell)).split()) for cell in _HTML_CELL.findall(row))
        for row in _HTML_ROW.findall(text)
    ]
    tags = tuple(re.sub(r"\s", "", tag).lower() for tag in _TAG.findall(text))
    return ScoredTable(tuple(row for row in rows if row), tags)


def from_latex(text: str) -> ScoredTable:
    found = _TABULAR.search(text)
    if not found:
        return ScoredTable(())
    letters = re.sub(r"\{[^{}]*\}|[^A-Za-z|]", "", found[1])
    *lines, last = (_LATEX_RULE.sub("", line).strip() for line in re.split(r"\\\\(?:\[[^\]]*\])?", found[2]))
    rows = (tuple(_cells(line)) for line in (*lines, *filter(None, [last])))
    return ScoredTable(tuple(rows), tuple(letters))


def _cells(line: str) -> list[str]:
    return [re.sub(r"\\([&%$#_{}])", r"\1", cell).strip() for cell in re.split(r"(?<!\\)&", line)]


READERS = {"markdown": from_markdown, "html": from_html, "latex": from_latex}
