"""A reading of a question that is being made, with one table as the one that answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..english.intent import Intent
from ..english.names import singular
from ..english.words import root
from .column_times import stem_of
from .kinds import Column
from .model import ForeignKey, Table, TableModel
from .plan import ColumnReference, ComputedColumn, Condition, Path, RowPlan
from .word_links import ColumnName, Linked, WordLink

STEP, UNSAID = 0.12, 0.06

"""What a step along a foreign key costs, and a word of a column's name that was not said."""

LEAST = 0.44

"""Of a name that must have been said for it to be meant."""

WHOLE = 0.9

"""Of the name of a truth value, which is a condition."""


@dataclass(frozen=True, slots=True)
class TableReading:
    plan: RowPlan
    score: float
    unused: tuple[str, ...]
    """Words of the question that say something and were not used."""
    guesses: tuple[str, ...] = ()
    """What was taken for granted, each a phrase."""
    target: str = ""
    """The table whose rows are told; empty for a value."""
    unsure: bool = False
    """Whether what was taken for granted may well be wrong."""


@dataclass
class Draft:
    """A reading that is being made, with ``table`` as the one that answers."""

    model: TableModel
    linked: Linked
    intent: Intent
    table: Table
    conditions: list[Condition] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    denied: set[int] = field(default_factory=set)
    """Negations that a condition has understood."""
    score: float = 0.0
    guesses: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """Why the reading may well be wrong, each a phrase."""
    reversed: bool = False
    """Whether the most is the least: of what was taken."""
    understood: frozenset[int] = frozenset()
    """Words that were read before a thing was chosen that is asked for."""
    whole_rows: bool = False
    """Whether rows of the table itself may be asked for without a word that names them."""
    rivals: tuple[str, ...] = ()
    """Columns of its table by each of which the rows may be meant to be compared."""
    computed: ComputedColumn | None = None
    """What two columns of each row make, where that is asked for."""

    def way(self, name: str) -> Path | None:
        ways = self.model.paths[self.table.name].get(name)
        if not ways:
            return None
        # A way whose keys are named after what they lead to is the plain one; HOME_TEAM has to be said.
        said = {token.root for token in self.linked.tokens}
        return min(ways, key=lambda way: sum(self.mark_of(key, said) for key in way))

    def mark_of(self, key: ForeignKey, said: set[str]) -> float:
        if key.type.startswith("OF_"):
            return 0.0
        noun = {root(word) for word in root_of(self.model.tables[key.target]).split("_")}
        words = [one for one in map(root, key.type.split("_")) if one not in noun]
        return 1.0 - 2.0 * all(word in said for word in words) if words else 0.0

    def owner(self, path: Path) -> Table:
        return self.model.tables[path[-1].target] if path else self.table

    def column(self, one: ColumnReference) -> Column:
        return self.owner(one.path).column(one.column)

    def use(self, link: WordLink, worth: float) -> None:
        self.used.update(range(link.start, link.end))
        self.score += worth * (link.end - link.start)


@dataclass(frozen=True, slots=True)
class Target:
    """The thing that is asked for: rows of the table at ``path``, or ``columns`` of it."""

    path: Path
    columns: tuple[str, ...]
    worth: float
    condition: Condition | None = None
    doubt: str = ""
    """Why it may well be another thing."""
    guess: str = ""


def is_code(draft: Draft, column: Column) -> bool:
    """Codes are asked for by that word only."""
    last = column.name.rpartition("_")[2]
    return last in ("code", "id", "key", "link", "url") and root(last) not in {one.root for one in draft.linked.tokens}


def support_of(draft: Draft, link: WordLink, table: str, column: str) -> float:
    """How much the rest of the question says of this column: "in what year was it introduced"."""
    others = (one for one in draft.linked.links if one is not link)
    return sum(0.5 * name.fit for one in others for name in one.columns if (name.table, name.column) == (table, column))


def rivals_of(draft: Draft, link: WordLink, name: ColumnName) -> list[str]:
    """Other columns of numbers or dates that the same words name in part, and of which the rest of the question says as
    much."""
    table, sorts = draft.model.tables[name.table], ("integer", "number")
    kind = table.column(name.column).kind
    if name.fit >= WHOLE or kind not in (*sorts, "date"):
        return []
    said = support_of(draft, link, name.table, name.column)
    return [
        one.column
        for one in link.columns
        if one.table == name.table and one.column != name.column and not is_key(table, one.column)
        if table.column(one.column).kind in (sorts if kind in sorts else ("date",))
        if support_of(draft, link, one.table, one.column) >= said
    ]


def is_count(column: str) -> bool:
    return column.startswith(("count", "number", "num_", "total")) or column.endswith(("count", "number"))


def root_of(table: Table) -> str:
    """How the names of the table's own columns begin."""
    return singular(table.name)


def unsaid(draft: Draft, column: Column) -> float:
    """Words of a column's name that the question does not have; those that name a table say less."""
    said = {token.root for token in draft.linked.tokens}
    tables = {root(word) for name in draft.model.tables for word in [root_of(draft.model.tables[name])]}
    words = [root(word) for word in column.name.split("_") if word != "name"]
    return sum((0.02 if word in tables else UNSAID) for word in words if word not in said)


def names_said(draft: Draft, table: str, column: str) -> list[ColumnName]:
    names = [name for one in draft.linked.links for name in one.columns]
    return [name for name in names if (name.table, name.column) == (table, column)]


def is_key(table: Table, column: str) -> bool:
    return column == table.key or leads_elsewhere(table, column)


def leads_elsewhere(table: Table, column: str) -> bool:
    """Whether the column is a foreign key, so that its values stand for rows, of whichever table."""
    return any(key.column == column for key in table.foreign)


def is_called_like(draft: Draft, name: ColumnName) -> bool:
    """Whether a column is asked for by the word for its table's rows: "the stock of SKU-1" is what the column of that
    name says, and "the rent of flat 2" what "monthly rent" does, not a row of the table."""
    if name.table == name.column.casefold():
        return True
    table = draft.model.tables[name.table]
    column = table.column(name.column)
    measured = column.kind in ("integer", "number") and not is_key(table, name.column)
    last = root((stem_of(column.title).split() or name.column.split("_"))[-1])
    return measured and last == root(root_of(table)) and _OF_ONE.match(draft.intent.question) is not None


_OF_ONE = re.compile(r"\W*(?:what(?:'s|’s| is| was| are| were| will)|how (?:much|high|large|big))\b", re.IGNORECASE)
