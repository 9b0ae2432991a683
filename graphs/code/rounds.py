"""Rounds of summaries: each file is evaluated with what the round before knew of the others.

The first round sees no summaries, the last one's are those that edges are made with. Their number is fixed, so that
nothing hangs on an order or on luck. After an edit a round evaluates only the files whose text or interface was
touched, or that read a summary which the round before changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from sqlite3 import Connection

from .resolution.flow import Flow
from .resolution.program import Program
from .resolution.values import NOTHING, Unit, Value, Values
from .storage import Batch, Reads

ROUNDS = 2
"""Calls that a value is handed on through, and files that a result comes through, beyond what one file shows."""


class Summaries(dict[str, Values]):
    """What one round found, read from the store when it is first asked for; before the first there is nothing."""

    def __init__(self, connection: Connection, number: int) -> None:
        super().__init__()
        self._connection, self._number = connection, number

    def get(self, key: str, default: Values = NOTHING) -> Values:  # type: ignore[override]
        return self[key] or default

    def __missing__(self, key: str) -> Values:
        found = NOTHING
        if self._number:
            query = "SELECT value FROM code_values WHERE round = ? AND slot = ?"
            found = frozenset(_value(row[0]) for row in self._connection.execute(query, (self._number, key)))
        self[key] = found
        return found


def _value(text: str) -> Value:
    kind, _, name = text.partition(" ")
    return Value(kind, name)


def _text(value: Value) -> str:
    return f"{value.kind} {value.id}"


def evaluate(
    connection: Connection,
    program: Program,
    units: Mapping[int, Unit],
    touched: Collection[int],
    changed: set[str],
    reads: Reads,
    step: Callable[[], None] = lambda: None,
) -> tuple[Mapping[str, Values], set[int]]:
    """Runs the rounds; ``step`` is called for each file of each. ``units`` gives a document's unit with its body;
    ``touched`` are the documents whose own text or interface is new, ``changed`` the definitions that are.

    Returns the last summaries, and the documents whose edges may be others now.
    """
    if len(touched) == len(program.units):
        return _whole(connection, program, units, sorted(touched), reads, step=step), set(touched)
    return _partly(connection, program, units, touched=set(touched), changed=changed, reads=reads, step=step)


def _partly(
    connection: Connection,
    program: Program,
    units: Mapping[int, Unit],
    touched: set[int],
    changed: set[str],
    reads: Reads,
    step: Callable[[], None],
) -> tuple[Summaries, set[int]]:
    own = {unit.document for unit in program.units}
    waiting = touched | (readers(connection, changed) & own) | _owners(program, changed)
    before = Summaries(connection, 0)
    for number in range(1, ROUNDS + 1):
        differing: set[str] = set()
        for document in sorted(waiting):
            flow = Flow(program, units[document], before)
            differing |= _store(connection, number, document, flow.run())
            reads.add(document, flow.reads)
            step()
        reads.flush()
        waiting = touched | (readers(connection, changed | differing) & own) | _owners(program, differing)
        before = Summaries(connection, number)
    return before, waiting


def _whole(
    connection: Connection,
    program: Program,
    units: Mapping[int, Unit],
    documents: list[int],
    reads: Reads,
    *,
    step: Callable[[], None],
) -> dict[str, Values]:
    """All files. A later round evaluates only those that read what the round before found anew."""
    connection.executemany("DELETE FROM code_values WHERE document_id = ?", [(each,) for each in documents])
    kept = Batch(connection, _INSERT)
    given: dict[int, dict[str, set[Value]]] = {}
    waiting = set(documents)
    before: dict[str, Values] = {}
    for number in range(1, ROUNDS + 1):
        after: dict[str, Values] = {}
        for document in documents:
            if document in waiting:
                flow = Flow(program, units[document], before)
                given[document] = flow.run()
                reads.add(document, flow.reads)
            for slot, values in given[document].items():
                after[slot] = after.get(slot, NOTHING).union(values)
            kept.add(_rows(number, document, given[document]))
            step()
        differing = {slot for slot, values in after.items() if before.get(slot) != values}
        differing |= before.keys() - after.keys()
        reading = {document for document in documents if not differing.isdisjoint(reads.get(document, ()))}
        waiting = reading | _owners(program, differing)
        before = after
    kept.flush()
    return before


def _owners(program: Program, slots: Iterable[str]) -> set[int]:
    """The documents whose slots these are."""
    units = (program.by_id.get(slot.partition("|")[0]) for slot in slots)
    return {unit.document for unit in units if unit is not None}


def readers(connection: Connection, keys: Iterable[str]) -> set[int]:
    query = "SELECT document_id FROM code_reads WHERE key = ?"
    return {row[0] for key in keys for row in connection.execute(query, (key,))}


def _store(connection: Connection, number: int, document: int, given: dict[str, set[Value]]) -> set[str]:
    """Writes a file's part of a round. Returns the slots that it says something else of now."""
    rows = {(slot, value) for _, slot, value, _ in _rows(number, document, given)}
    query = "SELECT slot, value FROM code_values WHERE round = ? AND document_id = ?"
    known = set(connection.execute(query, (number, document)))
    gone = [(number, slot, value, document) for slot, value in known - rows]
    connection.executemany(
        "DELETE FROM code_values WHERE round = ? AND slot = ? AND value = ? AND document_id = ?", gone
    )
    connection.executemany(_INSERT, [(number, slot, value, document) for slot, value in sorted(rows - known)])
    return {slot for slot, _ in known ^ rows}


_INSERT = "INSERT INTO code_values VALUES (?, ?, ?, ?)"


def _rows(number: int, document: int, given: dict[str, set[Value]]) -> list[tuple[int, str, str, int]]:
    return [(number, slot, _text(value), document) for slot in sorted(given) for value in sorted(given[slot])]
