"""Jupyter notebooks: Markdown cells as they are, code cells fenced, the text of their outputs. Runs nothing.

Of a progress bar only its last state is kept, of a long output its head and its end, where results stand.

Format: nbformat 4, and 3 with its worksheets.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ...errors import ReadError
from . import html
from .content import Content, Pages, clean, count_phrases
from .decode import decode
from .formats import Format
from .text import title

_HEAD, _TAIL = 2_500, 1_500
"""Characters that are kept of one output's beginning and end."""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PROGRESS = re.compile(r"\d ?%|[█▉▊▋▌▍▎▏━#=]{3}|\d+/\d+")
_MOVING = re.compile(r"[\d.,:%?/ |\[\]<>=#━╸╺█▉▊▋▌▍▎▏-]+|(?<=\d)[kMG]?(?:it|s|B|iB)\b")
_OBJECT = re.compile(r"<[^\n]*>")
"""How Python writes an object that has nothing to say: ``<Figure size 640x480 with 1 Axes>``."""
_WORD = 300
"""Characters of a name or title."""
_PAGE = Format("text/html")
_TICKS = re.compile(r"`{3,}")


def read(data: bytes, form: Format) -> Content:
    """Reads a notebook as Markdown. Each cell is marked ``cell 1``, ``cell 2`` …, in the order of the file. Raises
    ``ReadError``."""
    notebook = _load(data)
    metadata = _mapping(notebook.get("metadata"))
    language = _word(_mapping(metadata.get("language_info")).get("name")) or "python"
    pages = Pages()
    lost: Counter[str] = Counter()
    sheets = (notebook, *map(_mapping, _as_list(notebook.get("worksheets"))))
    cells = (_mapping(cell) for sheet in sheets for cell in _as_list(sheet.get("cells")))
    for number, cell in enumerate(cells, start=1):
        parts = "".join(f"{part}\n\n" for part in _parts(cell, language, lost) if part)
        pages.add(parts, label=f"cell {number}")
    heading = _word(metadata.get("title")) or title(pages.text, "text/markdown")
    return Content(
        pages.text,
        form.media_type,
        heading,
        metadata={"language": language},
        marks=pages.marks,
        omitted=count_phrases(lost),
    )


def _load(data: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(decode(data).text)
    except ValueError as error:
        raise ReadError(f"the notebook is not valid JSON ({error})") from error
    except RecursionError as error:
        raise ReadError("the notebook is nested too deeply") from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells", notebook.get("worksheets")), list):
        raise ReadError("the file is JSON, but not a notebook: it has no list of cells")
    return notebook


def _parts(cell: dict[str, Any], language: str, lost: Counter[str]) -> Iterator[str]:
    source = _join_lines(cell.get("source", cell.get("input"))).strip("\n")
    if cell.get("cell_type") == "code":
        yield _fence(source, language)
        for output in _as_list(cell.get("outputs")):
            yield _output(_mapping(output), lost)
    elif cell.get("cell_type") == "heading":
        level = cell.get("level")
        yield f"{'#' * min(max(level, 1), 6) if isinstance(level, int) else '#'} {source}"
    else:
        yield source


def _output(output: dict[str, Any], lost: Counter[str]) -> str:
    if output.get("output_type") in ("error", "pyerr"):
        return _fence(_shorten(f"{_word(output.get('ename'))}: {_join_lines(output.get('evalue'))}", lost), "text")
    data = _mapping(output.get("data"))
    text = _settle(output.get("text") or data.get("text/plain"))
    page = _join_lines(data.get("text/html"))
    if data.get("text/markdown") or (page and ("<table" in page or not text.strip())):
        return _rich(data, page, text, lost)
    if any(kind.startswith("image/") for kind in data) and (not text.strip() or _OBJECT.fullmatch(text.strip())):
        lost["picture| among the outputs"] += 1
        return ""
    return _fence(_shorten(text, lost), "text")


def _rich(data: dict[str, Any], page: str, text: str, lost: Counter[str]) -> str:
    """Markdown, or a page as text; its plain form where the page has no text."""
    if written := _join_lines(data.get("text/markdown")):
        return _shorten(written, lost)
    try:
        read_page = html.read(page.encode(), _PAGE)
    except ReadError:
        return _fence(_shorten(text, lost), "text")
    for told in read_page.omitted:
        lost[f"output| without {told}"] += 1
    return _shorten(read_page.text, lost) or _fence(_shorten(text, lost), "text")


def _settle(lines: object) -> str:
    """What a terminal shows in the end: a carriage return writes the line anew. Lines that differ in their numbers and
    bars alone, as a progress bar's without returns, leave their last."""
    text = "\n".join(_last_state(line) for line in _plain(lines).replace("\r\n", "\n").split("\n"))
    kept: list[str] = []
    before = None
    for line in clean(text).split("\n"):
        bare = _MOVING.sub("", line) if _PROGRESS.search(line) else None
        if bare is not None and bare == before:
            kept[-1] = line
        else:
            kept.append(line)
        before = bare
    return "\n".join(kept)


def _last_state(line: str) -> str:
    return next((part for part in reversed(line.split("\r")) if part.strip()), "")


def _shorten(text: str, lost: Counter[str]) -> str:
    text = text.strip("\n")
    more = len(text) - _HEAD - _TAIL
    if more <= 200:
        return text
    head = text[:_HEAD].rpartition("\n")[0] or text[:_HEAD]
    tail = text[-_TAIL:].partition("\n")[2] or text[-_TAIL:]
    lost["long output| in part"] += 1
    return f"{head}\n… ({len(text) - len(head) - len(tail):,} characters left out) …\n{tail}"


def _fence(text: str, language: str) -> str:
    if not text.strip():
        return ""
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in _TICKS.findall(text))])
    return f"{fence}{language}\n{text}\n{fence}"


def _join_lines(lines: object) -> str:
    return clean(_plain(lines))


def _plain(lines: object) -> str:
    return _ESCAPES.sub("", "".join(map(str, lines)) if isinstance(lines, list) else str(lines or ""))


def _word(value: object) -> str:
    return " ".join(clean(value).split())[:_WORD] if isinstance(value, str) else ""


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
