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
from .statements import short_line, statement_text
from .verbs import CodeAnswer, CodeRow, likeliest_first

_MEANT = 5
_RETURN = re.compile(r"(?:^|[{;:]|\belse\b|\bthen\b|\)|=>)\s*((?:return|yield)\b[^;}]*)")
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
            CodeRow(item, "RETURNS", "exact", line=number, lines=(number,), document=item.document, note=note)
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
            found.append((number, statement_text(lines, number, first, start=said.start(1))))
    if not found:  # the last expression is what some languages give back
        number = next((each for each in range(last, first - 1, -1) if not _CLOSING.match(lines[each - 1])), first)
        found.append((number, f"ends in `{short_line(lines[number - 1])}`"))
    return found
