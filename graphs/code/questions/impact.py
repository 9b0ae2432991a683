"""Who is affected when a definition changes, by distance and certainty, and which tests to run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from sqlite3 import Connection

from ..facts import CLASS, MODULE
from ..index import CodeGraph
from ..symbols import Symbol, find, is_of_tests, without_tests
from .doubts import doubts
from .reach import CALLERS, cypher, reach
from .tested import doubts_of_tests, tests_among
from .verbs import WHOLE, CodeAnswer, CodeRow

_USERS = (*CALLERS, "<USES", "<INHERITS", "<OVERRIDES")
_PARTS = (">CONTAINS", ">HAS_METHOD", ">HAS_FIELD")
_DEEPEST_TEST = 12
"""Steps up to which a test counts as one that reaches a definition."""
_MEANT = 5
_DOUBTS = 12
"""Reasons that are named where many definitions have changed."""
_FILES = 12
"""Files of tests that are named in the line to run."""


def impact(graph: CodeGraph, name: str, depth: int) -> list[CodeAnswer]:
    """Tells for each symbol of that name who is affected within ``depth`` steps, then the tests that reach it."""
    found = without_tests(find(graph.store.connection, name))[:_MEANT]
    both = [effects(graph, item, [item], depth) for item in found]
    # What the graph cannot see is said once.
    return [answer for code, runs in both for answer in (code, _without(runs, code.doubts))]


def reaching_tests(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """The tests that reach it, nearest first."""
    found = without_tests(find(graph.store.connection, name))[:_MEANT]
    answers = [effects(graph, item, [item], 1)[1] for item in found]
    return sorted(answers, key=lambda answer: not answer.rows)


def effects(graph: CodeGraph, subject: Symbol, changed: Sequence[Symbol], depth: int) -> list[CodeAnswer]:
    """What the change of all of ``changed`` affects, told as of ``subject``: the code, and the tests."""
    connection = graph.store.connection
    starts = {item.id for item in changed}
    whole = [item.id for item in changed if item.label in (CLASS, MODULE)]
    starts |= {row.symbol.id for row in reach(connection, whole, _PARTS)} if whole else set()
    rows = reach(connection, sorted(starts), _USERS, _DEEPEST_TEST)
    tests = tests_among(connection, (row.symbol for row in rows))
    near = [row for row in rows if row.symbol.id not in tests and not is_of_tests(row.symbol)]
    code = tuple(_flat(row) for row in near if row.distance <= depth)
    further = len(near) - len(code)
    steps = "1 step" if depth == 1 else f"{depth} steps"
    notes = (f"{further} more are further than {steps} away.",) if further else ()
    # What inherits from something is told for itself where it uses it.
    runs = tuple(_flat(row) for row in rows if row.symbol.id in tests and row.edge != "INHERITS")
    query = cypher(subject, _USERS, depth) if subject.id else ""
    unseen = _doubts(connection, [subject] if subject.document else changed, rows)
    untold = () if runs else doubts_of_tests(connection, [subject] if subject.document else changed)
    files = list(dict.fromkeys(row.symbol.file for row in runs))
    more = f" and {len(files) - _FILES} more files" if len(files) > _FILES else ""
    to_run = (f"To run: {' '.join(files[:_FILES])}{more}",) if files else ()
    return [
        CodeAnswer("affected definitions", subject, code, query, notes=notes, doubts=unseen),
        CodeAnswer("tests", subject, runs, query, notes=to_run, doubts=(*unseen, *untold)),
    ]


def _doubts(connection: Connection, changed: Sequence[Symbol], rows: Sequence[CodeRow]) -> tuple[str, ...]:
    found = dict.fromkeys(each for item in changed for each in doubts(connection, item, unused=not rows))
    more = len(found) - _DOUBTS
    return (*list(found)[:_DOUBTS], *((f"{more} more reasons, of the other changed definitions",) if more > 0 else ()))


def _flat(row: CodeRow) -> CodeRow:
    """Makes it a row in the order of distance: it stands no longer below the one that it was found from, so that this
    is said."""
    through = ".".join(row.via.rsplit(".", 2)[1:])
    return replace(row, via="", note=f"{row.distance} steps, through {through}" if row.distance > 1 else "")


def _without(answer: CodeAnswer, said: Sequence[str]) -> CodeAnswer:
    """The answer without the doubts that another one has said."""
    return replace(answer, doubts=tuple(doubt for doubt in answer.doubts if doubt not in said))


def whole(changed: Iterable[Symbol]) -> Symbol:
    """What an answer about several symbols is about."""
    return replace(WHOLE, name=", ".join(item.id for item in changed))
