"""Tables of manual pages (tbl): cells between tabs, blocks ``T{ … T}``, spans. Source: tbl(1)."""

from __future__ import annotations

import re
from collections.abc import Callable

from .layout import Cell

_TAB = re.compile(r"tab\s*\(\s*(.)\s*\)")
_KEY = re.compile(r"[lrcnasLRCNAS^_=|-]")


def table_of(
    lines: list[str], line: int, plain: Callable[[str], str]
) -> tuple[list[list[Cell]], list[int], int | None]:
    """Rows, the lines on which they begin, and how many are the header (None where nothing says it)."""
    tab, at = "\t", 0
    if lines and lines[0].rstrip().endswith(";"):
        found = _TAB.search(lines[0])
        tab, at = (found[1] if found else tab), 1
    formats: list[str] = []
    while at < len(lines):
        formats.append(lines[at].strip())
        at += 1
        if formats[-1].endswith("."):
            break
    specs = ["".join(_KEY.findall(re.sub(r"\([^()]*\)|[|.]", "", form))) for form in formats] or [""]
    rows: list[list[Cell]] = []
    places: list[int] = []
    heads: int | None = None
    while at < len(lines):
        text, number = lines[at], line + at
        at += 1
        if text.strip() in ("_", "=") or text.startswith((".T&", '.\\"')):
            heads = len(rows) if heads is None and rows and text.strip() else heads
            continue
        if text.startswith("."):
            parts = text.split(None, 1)
            text = parts[1] if len(parts) > 1 and parts[0][1:2].isupper() else ""
            if not text:
                continue
        while text.rstrip().endswith("T{") and at < len(lines):
            inner: list[str] = []
            while at < len(lines) and not lines[at].startswith("T}"):
                row = lines[at]
                request = row.split(None, 1) if row.startswith(".") else []
                inner.append(request[1] if len(request) > 1 else "" if request else row)
                at += 1
            rest = lines[at][2:] if at < len(lines) else ""
            at += 1
            text = text.rstrip()[:-2] + " ".join(inner) + rest
        cells = text.split(tab)
        if len(cells) == 1 and not plain(text).strip():
            continue
        spec = specs[min(len(rows), len(specs) - 1)]
        made: list[Cell] = []
        for column, cell in enumerate(cells):
            shown = plain(cell).strip()
            if made and column < len(spec) and spec[column] in "sS":
                made[-1] = Cell(f"{made[-1].text} {shown}".strip(), made[-1].columns + 1)
            else:
                made.append(Cell("" if shown in ("\\^", "_", "=") else shown))
        rows.append(made)
        places.append(number)
    if (
        heads is None
        and len(formats) > 1
        and rows
        and re.search(r"[bB]", formats[0])
        and not re.search(r"[bB]", formats[-1])
    ):
        heads = 1
    return rows, places, heads if heads and heads < len(rows) else None
