"""What a function gives back: its return statements, each with the condition that it stands under.

Read from the lines of its definition, by their indentation, so it is the same for every language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import FUNCTION, METHOD
from ..index import CodeGraph
from ..symbols import find
from .code_texts import CodeText, code_texts
from .verbs import CodeAnswer, CodeRow, likeliest_first

_MEANT = 5
_LONGEST = 100
"""Characters of a statement or of a condition that are shown."""
_RETURN = re.compile(r"(?:^|[{;:]|\belse\b|\bthen\b|\)|=>)\s*((?:return|yield)\b[^;}]*)")
_CONDITION = re.compile(
    r"^[}\s]*(if|else|elif|elsif|case|default|when|while|for|unless|except|catch|rescue|switch|match|with|finally)\b"
)
_CLOSING = re.compile(r"^[\s})\];,]*(?:end)?[\s})\];,]*$")


def returns(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """One answer for each function of that name. Raises ``NotFoundError``."""
    connection = graph.store.connection
    found = [item for item in find(connection, name) if item.label in (FUNCTION, METHOD) and item.document]
    items = found[:_MEANT]
    if not items:
        item = find(connection, name)[0]
        return [CodeAnswer("returns", item, (), "", notes=("It is no function of this library.",))]
    texts = {text.document: text for text in code_texts(connection, {item.document for item in items})}
    answers = []
    for item in items:
        text = texts[item.document]
        lines = text.text.split("\n")
        rows = [
            CodeRow(item, "RETURNS", "exact", number, (number,), item.document, note=note)
            for number, note in _statements(text, lines, item.id, item.line, min(item.end_line, len(lines)))
        ]
        query = f"MATCH (t:{item.label} {{id: '{item.id}'}}) RETURN t.code AS code"
        notes = (item.signature,) if item.signature else ()
        answers.append(CodeAnswer("returns", item, tuple(rows), query, notes=notes))
    return likeliest_first(answers)


def _statements(text: CodeText, lines: Sequence[str], owner: str, first: int, last: int) -> list[tuple[int, str]]:
    found = []
    for number in range(first, last + 1):
        said = _RETURN.search(lines[number - 1])
        if said and text.owner(number).id == owner:
            under = condition(lines, number, first)
            found.append((number, f"`{_short(said[1])}`" + (f" under `{under}`" if under else "")))
    if not found:  # the last expression is what some languages give back
        number = next((each for each in range(last, first - 1, -1) if not _CLOSING.match(lines[each - 1])), first)
        found.append((number, f"ends in `{_short(lines[number - 1])}`"))
    return found


def condition(lines: Sequence[str], number: int, first: int) -> str:
    """The nearest line above, further out, that decides whether line ``number`` is run; with ``else``, also what that
    belongs to."""
    if _CONDITION.match(lines[number - 1]):
        return ""
    depth = _depth(lines[number - 1])
    for place in range(number - 1, first, -1):
        line = lines[place - 1]
        if not line.strip() or _depth(line) >= depth:
            continue
        depth = _depth(line)
        if found := _CONDITION.match(line):
            opened = _above(lines, place, first, depth) if found[1] in ("else", "default", "finally") else ""
            return f"{_short(line)} of {opened}" if opened else _short(line)
    return ""


def _above(lines: Sequence[str], place: int, first: int, depth: int) -> str:
    """The condition at the same depth that an ``else`` belongs to."""
    for above in range(place - 1, first, -1):
        line = lines[above - 1]
        if line.strip() and _depth(line) <= depth and (found := _CONDITION.match(line)) and found[1] != "else":
            return _short(line)
    return ""


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _short(line: str) -> str:
    plain = " ".join(line.strip(" \t{};").split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
