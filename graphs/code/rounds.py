"""Rounds of summaries: each file is evaluated with what the round before knew of the others.

The first round sees no summaries, the last one's are those that edges are made with. Their number is fixed, so that
nothing hangs on an order or on luck. After an edit a round evaluates only the files whose text or interface was
touched, or that read a summary which the round before changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from sqlite3 import Connection

from .resolution.flow import Flow
from .resolution.program import Program
from .resolution.values import NOTHING, Unit, Value, Values
from .storage import Reads

ROUNDS = 2
"""Calls that a value is handed on through, and files that a result comes through, beyond what one file shows."""


class Summaries(Mapping[str, Values]):
    """What one round found, read from the store where it is not in memory."""

    def __init__(self, connection: Connection, number: int, *, empty: bool = False) -> None:
        self._connection, self._number, self._whole = connection, number, empty or number == 0
        self._known: dict[str, Values] = {}

    def get(self, key: str, default: Values = NOTHING) -> Values:  # type: ignore[override]
        found = self._known.get(key)
        if found is None:
            if self._whole:
                return default
            query = "SELECT value FROM code_values WHERE round = ? AND slot = ?"
            rows = self._connection.execute(query, (self._number, key))
            found = self._known[key] = frozenset(_value(row[0]) for row in rows)
        return found or default

    def __getitem__(self, key: str) -> Values:
        return self.get(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def differing(self, other: Summaries) -> set[str]:
        """Slots that hold something else in one of two rounds that are in memory."""
        return {slot for slot in self._known.keys() | other._known.keys() if self.get(slot) != other.get(slot)}

    def add(self, slot: str, values: Iterable[Value]) -> None:
        self._known[slot] = self._known.get(slot, NOTHING).union(values)


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
) -> tuple[Summaries, set[int]]:
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
) -> Summaries:
    """All files. A later round evaluates only those that read what the round before found anew."""
    connection.executemany("DELETE FROM code_values WHERE document_id = ?", [(each,) for each in documents])
    given: dict[int, dict[str, set[Value]]] = {}
    waiting = set(documents)
    before = Summaries(connection, 0)
    for number in range(1, ROUNDS + 1):
        after = Summaries(connection, number, empty=True)
        for document in documents:
            if document in waiting:
                flow = Flow(program, units[document], before)
                given[document] = flow.run()
                reads.add(document, flow.reads)
            for slot, values in given[document].items():
                after.add(slot, values)
            _insert(connection, number, document, _rows(given[document]))
            step()
        differing = after.differing(before)
        reading = {document for document in documents if not differing.isdisjoint(reads.get(document, ()))}
        waiting = reading | _owners(program, differing)
        before = after
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
    rows = _rows(given)
    query = "SELECT slot, value FROM code_values WHERE round = ? AND document_id = ?"
    known = set(connection.execute(query, (number, document)))
    gone = [(number, slot, value, document) for slot, value in known - rows]
    connection.executemany(
        "DELETE FROM code_values WHERE round = ? AND slot = ? AND value = ? AND document_id = ?", gone
    )
    _insert(connection, number, document, rows - known)
    return {slot for slot, _ in known ^ rows}


def _rows(given: dict[str, set[Value]]) -> set[tuple[str, str]]:
    return {(slot, _text(value)) for slot, values in given.items() for value in values}


def _insert(connection: Connection, number: int, document: int, rows: Iterable[tuple[str, str]]) -> None:
    connection.executemany(
        "INSERT INTO code_values VALUES (?, ?, ?, ?)",
        sorted((number, slot, value, document) for slot, value in rows),
    )
