"""What can be asked of a library's tables: names, parameters, what answers. The command line's ``table`` commands
and ``/api/tables/…`` are made from it, and a tool of the loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ...corpus.document import Evidence
from ...graphs.tables.answering import TableAnswer, TableRefusal, answer_question
from ...graphs.tables.card import cards
from ...graphs.tables.kinds import Column
from ...graphs.tables.kinds import Value as Cell
from ...questions.kinds import repeats
from ...questions.question import parse
from ...registry import check_name
from ..answer import Answer, Citation
from .base import LOOP, Door, Parameter, Value, check_arguments

if TYPE_CHECKING:
    from .asked import AskedTables

SHOWN = 20
"""Rows in the text of an answer; all are in its citation."""


@dataclass(frozen=True, slots=True)
class TableVerb:
    """One question that the tables answer."""

    name: str
    description: str
    """One sentence: the help of the command line, the description that a model reads."""
    run: Callable[..., Answer]
    """``run(tables, **arguments)``."""
    parameters: tuple[Parameter, ...]
    look_up: bool = False
    """Answered at once from an index; others may take seconds."""
    doors: frozenset[Door] = frozenset()
    """Where models have it. A description costs them tokens, so over MCP tables are asked by ``ask`` and ``cypher``."""

    def arguments(self, values: tuple[object, ...], named: Mapping[str, object]) -> dict[str, Value]:
        """Values by place and by name as ``run`` takes them. Raises ``InputError`` for what does not fit."""
        placed = {parameter.name: value for parameter, value in zip(self.parameters, values, strict=False)}
        return check_arguments(self.name, self.parameters, {**placed, **named})


def _ask(tables: AskedTables, question: str) -> Answer:
    found = answer_question(tables.model(), question)
    if isinstance(found, TableRefusal):
        return Answer(question, f"Not answered by the tables: {found.reason}.", "not_found")
    return say_table(question, found)


def say_table(question: str, found: TableAnswer, written: str = "") -> Answer:
    """Shows the rows with the query that gives them; the one cell that is asked for as it is ``written``, if known."""
    kinds = found.kinds or (None,) * len(found.columns)
    rows = [[_show_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in found.rows]
    evidence = Evidence(
        "\n".join([" | ".join(found.columns), *(" | ".join(row) for row in rows)]),
        1.0,
        "tables",
        f"{len(rows):,} row{'' if len(rows) == 1 else 's'}",
        name=", ".join(found.documents),
        kind="rows",
        query=found.cypher,
        rows=found.rows,
    )
    single = (written or rows[0][-1]) if len(rows) == 1 and len(rows[0]) == 1 else ""
    single = f"{single}, {found.note}" if single and found.note else single
    lines = (
        [f"{single} [1]"] if single else [f"- {' | '.join(cell or '–' for cell in row)} [1]" for row in rows[:SHOWN]]
    )
    if len(rows) > SHOWN:
        more = f"… and {len(rows) - SHOWN:,} more" + (" and others: cut short" if found.truncated else "")
        lines = [f"{len(rows):,} rows:", *lines, f"{more}; the rows of [1] are all of them"]
    if len(found.columns) > 1:
        lines = [" | ".join(found.columns), *lines]
    if found.result is not None:
        single = _show_cell(found.result)
        lines = [f"{single} [1]", *lines]
    citation = Citation(1, evidence.quote, evidence, True)
    metadata: dict[str, Any] = {"query": found.cypher, "columns": list(found.columns)}
    return Answer(
        question,
        "\n".join(lines),
        "rows",
        (citation,),
        metadata=metadata,
        short=found.named or ("" if repeats(parse(question), single) else single),
        fit=found.level,
        reasons=found.reasons,
    )


def _show_cell(cell: Cell, column: Column | None = None) -> str:
    """The cell as its column has it: with its unit, "yes" for a truth; amounts of money have no cents or two digits."""
    if cell is None:
        return ""
    if column is not None and column.kind == "boolean" and isinstance(cell, int):
        return "yes" if cell else "no"
    unit, shown = column.unit if column is not None else "", str(cell)
    if isinstance(cell, float):
        money = unit.casefold() in _MONEY and round(cell, 2) == cell != int(cell)
        shown = f"{cell:.2f}" if money else f"{cell:.10g}"
    if isinstance(cell, str | bool) or not unit:
        return shown
    if unit in _BEFORE:
        return f"{'-' if shown.startswith('-') else ''}{unit}{shown.removeprefix('-')}"
    return f"{shown}{'' if unit == '%' else ' '}{unit.upper() if unit.casefold() in _CODES else unit}"


_CODES = frozenset(("eur", "usd", "gbp", "chf"))
_BEFORE = frozenset(("$", "£"))
_MONEY = _CODES | {"€", "$", "£"}


def _schema(tables: AskedTables, name: str) -> Answer:
    found = cards(tables.model(), name)
    text = "\n".join(line for card in found for line in card.lines())
    return Answer(name, text, "rows", metadata={"tables": [asdict(card) for card in found]})


TABLES: Mapping[str, TableVerb] = {
    verb.name: verb
    for verb in (
        TableVerb(
            "ask",
            "Answer a question from the rows of tables, with the Cypher query that gives them.",
            _ask,
            (Parameter("question", "A question about things that the tables hold, in plain English."),),
            doors=LOOP,
        ),
        TableVerb(
            "schema",
            "The tables with their columns, kinds, units, keys, edges and sample values.",
            _schema,
            (Parameter("name", "One table.", ""),),
            look_up=True,
        ),
    )
}


def table_verb(name: str) -> TableVerb:
    """The verb of that name. Raises ``NotFoundError`` with the names that there are."""
    check_name("verb of the tables", name, TABLES)
    return TABLES[name]
