"""Cash books, with a column of what came in and one of what went out: "How much did the raffle bring in?", "What did we
spend on paint?", "How much did the fair earn after costs?". Rows are those whose cell has the question's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...corpus.words import STOPWORDS
from ..english.tokens import QuestionToken
from ..english.words import LIGHT, root
from .model import Table, TableModel
from .money import cash_pair
from .plan import NOTHING, ColumnReference, Condition, RowPlan
from .word_links import Linked

_CAME = re.compile(
    r"\b(?:br(?:ing|ings|ought|inging) (?:us )?in|earn(?:s|ed)?|raised?|raises|ma(?:ke|kes|de)|took|takes?|take in"
    r"|t(?:ake|ook) in|received?|receives|c(?:ome|omes|ame) in|g(?:et|ot) (?:for|from)|yield(?:ed|s)?)\b",
    re.IGNORECASE,
)
_WENT = re.compile(
    r"\b(?:spen[dt]s?|pa(?:y|ys|id)(?: out)?|costs?|laid out|g(?:o|oes|one) on|went on)\b", re.IGNORECASE
)
_NET = re.compile(
    r"\b(?:after (?:all )?(?:costs?|expenses?|deductions?)|net|profit|surplus|once .{0,20}(?:paid|deducted)"
    r"|less (?:costs?|expenses?)|left over)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"^\W*(?:and |so )?(?:how much|what (?:did|do|does|was|were|has|have|is))\b", re.IGNORECASE)
_AROUND = frozenset(
    """
    all overall sum we us our ours i club altogether total together year money bring brought take took
    """.split()  # noqa: SIM905
)
_CARRIED = re.compile(
    r"(?:opening|starting|initial|previous)\b|(?:balance )?(?:brought|carried|carry)[ -](?:forward|over)|start$|float$"
    r"|anfangsbestand|übertrag|saldovortrag",
    re.IGNORECASE,
)
MOST = 50
"""Rows that the words may be found in."""


@dataclass(frozen=True, slots=True)
class CashReading:
    """One plan for what came in or went out, two for what was left of it."""

    plans: tuple[tuple[str, RowPlan], ...]
    guess: str


def read_cash(model: TableModel, linked: Linked, question: str) -> CashReading | None:
    """``None`` for questions of another kind, and where not just one table has such columns and such rows."""
    if not _ASKS.match(question):
        return None
    net, came, went = (bool(form.search(question)) for form in (_NET, _CAME, _WENT))
    if not (net or came or went) or (came and went and not net):
        return None
    found = [
        reading
        for table in model.tables.values()
        if table.whole and (pair := cash_pair(table)) is not None
        if (reading := _read(model, table, pair, words=_subject(linked.tokens, question), sides=_sides(net, came)))
    ]
    return found[0] if len(found) == 1 else None


def _sides(net: bool, came: bool) -> tuple[int, ...]:
    return (0, 1) if net else (0,) if came else (1,)


def _subject(tokens: Sequence[QuestionToken], question: str) -> list[str]:
    """The words that say what the money came from or went to."""
    spoken = [found.span() for form in (_NET, _CAME, _WENT) for found in form.finditer(question)]
    return [
        token.root
        for token in tokens
        if token.text.casefold() not in STOPWORDS | LIGHT | _AROUND
        and token.text.casefold() not in ("much", "many")
        and not any(start <= token.start < end for start, end in spoken)
    ]


def takes_other_side(model: TableModel, plan: RowPlan, question: str) -> bool:
    """Whether the plan adds up what came in where the question says what went out, or the other way round."""
    pair, of = cash_pair(model.tables[plan.table]), plan.measure[1] if plan.measure is not None else None
    if pair is None or of is None or of.column not in pair:
        return False
    return bool((_WENT if of.column == pair[0] else _CAME).search(question))


def _read(
    model: TableModel, table: Table, pair: tuple[str, str], *, words: list[str], sides: tuple[int, ...]
) -> CashReading | None:
    if not words:
        carried = _carried_over(model, table) if sides == (0,) else ()
        sums = [ColumnReference((), pair[side]) for side in sides]
        plans = [
            (of.column, RowPlan(table.name, (*carried, Condition(of, "<>", NOTHING)), measure=("sum", of)))
            for of in sums
        ]
        but = f" but {', '.join(str(one.values[0]) for one in carried)}" if carried else ""
        return CashReading(tuple(plans), f"all rows of {table.name}{but} are added up")
    for column in table.columns:
        if column.kind not in ("text", "category"):
            continue
        cells = _cells_with(model, table.name, column.name, words)
        if not 0 < len(cells) <= MOST:
            continue
        condition = Condition(ColumnReference((), column.name), "=", cells)
        plans = []
        for side in sides:
            of = ColumnReference((), pair[side])
            plans.append(
                (pair[side], RowPlan(table.name, (condition, Condition(of, "<>", NOTHING)), measure=("sum", of)))
            )
        listed = "; ".join(cells)
        return CashReading(tuple(plans), f"the rows are: {listed}")
    return None


def _carried_over(model: TableModel, table: Table) -> tuple[Condition, ...]:
    """Conditions that leave out what was there at first: it did not come in."""
    return tuple(
        Condition(ColumnReference((), column.name), "<>", (cell,), or_blank=True)
        for column in table.columns
        if column.kind in ("text", "category")
        for (cell,) in model.run(f'SELECT DISTINCT "{column.name}" FROM "{table.name}" ORDER BY 1', most=20_000)  # noqa: S608
        if cell is not None and _CARRIED.match(str(cell))
    )


def _cells_with(model: TableModel, table: str, column: str, words: Sequence[str]) -> tuple[str, ...]:
    query = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL ORDER BY 1'  # noqa: S608
    cells = [str(row[0]) for row in model.run(query, most=20_000)]
    return tuple(cell for cell in cells if {*words} <= {root(word) for word in re.findall(r"\w+", cell)})
