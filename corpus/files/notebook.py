"""Jupyter notebooks: Markdown cells as they are, code cells fenced, the text of their outputs. Runs nothing.

Format: nbformat 4, and 3 with its worksheets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ...errors import ReadError
from .content import Content, Pages, clean
from .decode import decode
from .formats import Format
from .text import title

_OUTPUT = 4_000
"""Characters that are kept of one output."""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TICKS = re.compile(r"`{3,}")


def read(data: bytes, form: Format) -> Content:
    """Each cell is marked ``cell 1``, ``cell 2`` …, in the order of the file. Raises ``ReadError``."""
    notebook = _loaded(data)
    metadata = _mapping(notebook.get("metadata"))
    language = str(_mapping(metadata.get("language_info")).get("name") or "python")
    pages = Pages()
    for number, cell in enumerate(_cells(notebook), start=1):
        pages.add("".join(f"{part}\n\n" for part in _parts(cell, language) if part), label=f"cell {number}")
    heading = str(metadata.get("title") or "") or title(pages.text, "text/markdown")
    return Content(pages.text, form.media_type, heading, {"language": language}, pages.marks)


def _loaded(data: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(decode(data).text)
    except ValueError as error:
        raise ReadError(f"the notebook is not valid JSON ({error})") from error
    except RecursionError as error:
        raise ReadError("the notebook is nested too deeply") from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells", notebook.get("worksheets")), list):
        raise ReadError("the file is JSON, but not a notebook: it has no list of cells")
    return notebook


def _cells(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for sheet in (notebook, *_listed(notebook.get("worksheets"))):
        yield from map(_mapping, _listed(_mapping(sheet).get("cells")))


def _parts(cell: dict[str, Any], language: str) -> Iterator[str]:
    source = _joined(cell.get("source", cell.get("input"))).strip("\n")
    if cell.get("cell_type") == "code":
        yield _fenced(source, language)
        for output in _listed(cell.get("outputs")):
            yield _fenced(_shortened(_output(_mapping(output))), "text")
    elif cell.get("cell_type") == "heading":
        level = cell.get("level")
        yield f"{'#' * min(max(level, 1), 6) if isinstance(level, int) else '#'} {source}"
    else:
        yield source


def _output(output: dict[str, Any]) -> str:
    if output.get("output_type") in ("error", "pyerr"):
        return f"{output.get('ename', '')}: {output.get('evalue', '')}"
    data = _mapping(output.get("data"))
    return _joined(output.get("text") or data.get("text/markdown") or data.get("text/plain"))


def _shortened(text: str) -> str:
    text = text.strip("\n")
    return text if len(text) <= _OUTPUT else f"{text[:_OUTPUT]}\n… ({len(text) - _OUTPUT:,} more characters)"


def _fenced(text: str, language: str) -> str:
    if not text.strip():
        return ""
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in _TICKS.findall(text))])
    return f"{fence}{language}\n{text}\n{fence}"


def _joined(lines: object) -> str:
    text = "".join(map(str, lines)) if isinstance(lines, list) else str(lines or "")
    return clean(_ESCAPES.sub("", text))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
