"""The tables' part in an answer: rows with their query, or the reason why the text is searched instead."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import GraphError, LibraryLocked, StorageError
from ...graphs.tables.answering import TableRefusal, answer_question
from ..answer import Answer
from ..tools.asked import AskedTables
from ..tools.tables import say_table


@dataclass(frozen=True, slots=True)
class FromTables:
    answer: Answer | None
    said: str
    """The line of the trace."""
    stands: bool = False
    """The answer needs no search: it counts, compares or joins rows, which no single place of a text says."""


def answer(tables: AskedTables, question: str) -> FromTables:
    try:
        found = answer_question(tables.model(), question)
    except (LibraryLocked, StorageError, GraphError) as error:
        return FromTables(None, f"{error} Searched the text instead.")
    if isinstance(found, TableRefusal):
        return FromTables(None, f"{found.reason}: searched the text")
    stands = found.level != "unsure" and not found.plain
    return FromTables(say_table(question, found), "; ".join([found.level, found.cypher, *found.reasons]), stands)


def is_better(rows: Answer, searched: Answer) -> bool:
    """Whether rows that were looked up stand before what was found in the text: where that is not there, or doubtful
    and the rows are not."""
    return searched.status == "not_found" or (rows.fit != "unsure" and searched.fit not in ("sure", "likely"))
