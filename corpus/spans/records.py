"""Records of structured data: objects of JSON beside one another, elements of XML of one name.

A record is a row: its keys are the columns, its values the cells, so that "the price of EV-304" is looked up as in a
table. Only places are told, so it works inside any passage: what the passage cuts off is no record. Linear in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..document import Place

LONGEST, MOST_CELLS = 2000, 40
"""Characters and values of a record; what is larger is read line by line."""

_JSON = re.compile(r'"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}\[\],:]')
_XML = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(/?)([A-Za-z_][\w:.-]*)([^<>]*?)(/?)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]*)\s*=\s*[\"']([^\"'<]*)")

Cells = list[tuple[str, Place]]


@dataclass(frozen=True, slots=True)
class Record:
    start: int
    end: int
    cells: tuple[tuple[str, Place], ...]
    """The key of each value, below those above it inside the record, and where the value stands."""


@dataclass
class _Open:
    """An object, list or element that is not closed yet."""

    start: int
    mark: str
    """``{``, ``[`` or the element's name."""
    key: str = ""
    """What it stands below, inside the record."""
    cells: Cells = field(default_factory=list)
    inner: int = 0
    """Where what it holds begins."""
    children: int = 0


def records(text: str) -> list[Record]:
    """Finds the records of a passage, in order and apart from one another: where one holds others, the outer one."""
    found = list(_elements(text) if text.lstrip().startswith("<") else _objects(text))
    beside = Counter(group for group, _ in found)
    fit = [
        one
        for group, one in found
        if beside[group] > 1 and 1 < len(one.cells) <= MOST_CELLS and one.end - one.start <= LONGEST
    ]
    apart: list[Record] = []
    for one in sorted(fit, key=lambda one: (one.start, -one.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def _objects(text: str) -> Iterator[tuple[object, Record]]:
    """Objects in a list, or one after the other as in JSON Lines, with the list that they are in."""
    path: list[_Open] = [_Open(0, "[")]
    key = ""
    tokens = list(_JSON.finditer(text))
    for number, token in enumerate(tokens):
        mark, above = token[0], path[-1]
        if mark in "{[":
            path.append(_Open(token.start(), mark, key, inner=token.end()))
            key = ""
        elif mark in "}]":
            if len(path) > 1:
                node = path.pop()
                if mark == "}" and path[-1].mark == "[":
                    yield path[-1].start, Record(node.start, token.end(), tuple(node.cells))
                _hand_up(node, path[-1], token.start())
            key = ""
        elif mark[0] == '"' and tokens[number + 1 : number + 2] and tokens[number + 1][0] == ":":
            key = mark[1:-1]
        elif mark not in ",:":
            quoted = mark[0] == '"'
            if mark != "null" and len(path) > 1:
                above.cells.append((key, (token.start() + quoted, token.end() - quoted)))
            key = key if above.mark == "[" else ""


def _hand_up(node: _Open, above: _Open, end: int) -> None:
    """The values of what was closed count for what it stands in; those of a list of plain values as one."""
    if len(node.cells) > MOST_CELLS:
        above.cells.append((node.key, (node.start, end)))
    elif node.mark == "[" and node.cells and not any(key for key, _ in node.cells):
        above.cells.append((node.key, (node.inner, end)))
    else:
        above.cells.extend((f"{node.key} {key}".strip(), place) for key, place in node.cells)


def _elements(text: str) -> Iterator[tuple[object, Record]]:
    """Elements with their depth and name."""
    path: list[_Open] = []
    for match in _XML.finditer(text):
        closes, name, attributes, empty = match.groups()
        if name is None:
            continue
        if not closes:
            node = _Open(match.start(), name, name, inner=match.end())
            at = match.start(3)
            node.cells += [(one[1], (at + one.start(2), at + one.end(2))) for one in _ATTRIBUTE.finditer(attributes)]
            path.append(node)
        elif not any(node.mark == name for node in path):
            continue
        while path and (closes or empty):
            node = path.pop()
            if not node.children and closes:
                node.cells.insert(0, ("", _bare(text, node.inner, match.start())))
            yield (node.mark, len(path)), Record(node.start, match.end(), tuple(node.cells))
            if path:
                path[-1].children += 1
                _put_below(node, path[-1], match.start() if closes else match.end())
            if node.mark == name:
                break


def _put_below(node: _Open, above: _Open, end: int) -> None:
    """Does what ``_hand_up`` does; elements of one name that hold text alone, in a row, are one value."""
    names = {key for key, _ in node.cells}
    if len(node.cells) > 1 and len(names) == 1 and node.children == len(node.cells):
        above.cells.append((node.key, (node.inner, end)))
    elif len(node.cells) <= MOST_CELLS:
        above.cells.extend((f"{node.key} {key}".strip(), place) for key, place in node.cells)


def _bare(text: str, start: int, end: int) -> Place:
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())
