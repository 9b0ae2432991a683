"""Charts and SmartArt of Office files: a chart's figures as the rows of a table, a diagram's words as a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .layout import Cell
from .number_format import show_number
from .package import local

_POINTS = 2_000
"""Of one series; the table that a chart is drawn from may be longer."""
_NODES = 5_000


def text_of(element: Any) -> str:
    """The text of a drawing's paragraphs, one line each."""
    lines = ("".join(part.text or "" for part in paragraph.iter("{*}t")) for paragraph in element.iter("{*}p"))
    return "\n".join(line for line in lines if line.strip())


def chart_rows(root: Any) -> tuple[str, list[list[Cell]]]:
    """A chart's title, and its series as columns beside their categories."""
    chart = next(root.iter("{*}chart"), root)
    titles = [child for child in chart if local(child.tag) == "title"]
    title = " ".join(text_of(titles[0]).split()) if titles else ""
    axes = [
        " ".join(text_of(one).split())
        for axis in root.iter("{*}catAx", "{*}dateAx")
        for one in axis
        if local(one.tag) == "title"
    ]
    names: list[str] = []
    categories: dict[int, str] = {}
    columns: list[dict[int, str]] = []
    for series in root.iter("{*}ser"):
        parts = {local(child.tag): child for child in series}
        names.append(next(iter(_points(parts.get("tx")).values()), f"Series {len(names) + 1}"))
        across = parts.get("cat") if parts.get("cat") is not None else parts.get("xVal")
        for index, value in _points(across).items():
            categories.setdefault(index, value)
        up = parts.get("val") if parts.get("val") is not None else parts.get("yVal")
        columns.append(_points(up))
    indexes = sorted({index for column in columns for index in column} | set(categories))
    if not indexes:
        return title, []
    head = [Cell(" ".join(axes) or " "), *(Cell(name) for name in names)]
    rows = [
        [Cell(categories.get(index, str(index + 1))), *(Cell(column.get(index, "")) for column in columns)]
        for index in indexes
    ]
    return title, [head, *rows]


def _points(element: Any) -> dict[int, str]:
    found: dict[int, str] = {}
    if element is None:
        return found
    code = next((one.text or "General" for one in element.iter("{*}formatCode")), "General")
    for point in element.iter("{*}pt"):
        index = point.get("idx", "")
        value = next((one.text or "" for one in point if local(one.tag) == "v"), "")
        if index.isdecimal() and len(found) < _POINTS:
            number = local(point.getparent().tag) in ("numCache", "numLit")
            found[int(index)] = show_number(value, code) if number else value
    if not found:
        value = next((one.text or "" for one in element if local(one.tag) == "v"), "")
        return {0: value} if value else {}
    return found


def diagram_items(root: Any) -> Iterator[tuple[int, str]]:
    """``(level, text)`` of a SmartArt's points, in their order."""
    texts: dict[str, str] = {}
    top = ""
    for point in root.iter("{*}pt"):
        kind, key = point.get("type", "node"), point.get("modelId", "")
        if kind == "doc":
            top = key
        elif kind in ("node", "asst") and len(texts) < _NODES:
            texts[key] = " ".join(text_of(point).split())
    children: dict[str, list[tuple[int, str]]] = {}
    for link in root.iter("{*}cxn"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            children.setdefault(link.get("srcId", ""), []).append(
                (int(order) if order.isdecimal() else 0, link.get("destId", ""))
            )
    waiting, seen = [(0, key) for _, key in sorted(children.get(top, ()), reverse=True)], set()
    while waiting:
        level, key = waiting.pop()
        if key in seen or key not in texts:
            continue
        seen.add(key)
        if texts[key]:
            yield level, texts[key]
        deeper = level + 1 if texts[key] else level
        waiting += [(deeper, one) for _, one in sorted(children.get(key, ()), reverse=True)]
    yield from ((0, text) for key, text in texts.items() if key not in seen and text)
