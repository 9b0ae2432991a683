"""The tables' part in an answer: rows with their query, or the reason why the text is searched instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ...errors import GraphError, LibraryLocked, StorageError
from ...graphs.tables.answering import Level, TableAnswer, TableRefusal, answer_question
from ...graphs.tables.model import TableModel
from ...graphs.tables.written_cells import written_cell
from ...questions.question import parse
from ...questions.standing import standing_word
from ..answer import Answer, Citation
from ..answers.listing import OTHER_ROWS
from ..answers.newer import names_time
from ..answers.over_rows import one_of_many, picks_one
from ..answers.versions import replaces, work_of
from ..tools.asked import AskedTables
from ..tools.tables import say_table


@dataclass(frozen=True, slots=True)
class FromTables:
    answer: Answer | None
    said: str
    """The line of the trace."""
    stands: bool = False
    """The answer needs no search: it counts, compares or joins rows, which no single place of a text says."""
    documents: frozenset[str] = frozenset()
    """The display names of all documents of tables."""
    values: tuple[str, ...] = ()
    """Where one row is looked up: what it is found by, and what it says."""


def answer(tables: AskedTables, question: str) -> FromTables:
    try:
        model = tables.model()
        documents = frozenset(table.document for table in model.tables.values())
        older = _older_versions(model, question)
        found = answer_question(model.without(older) if older else model, question)
        if older and isinstance(found, TableAnswer) and found.plan.measure is not None:
            # What is counted or summed up may be that of all of them, but for drafts and what holds no more.
            older = {one for one in older if standing_word(one, "")}
            found = answer_question(model.without(older), question)
    except (LibraryLocked, StorageError, GraphError) as error:
        return FromTables(None, f"{error} Searched the text instead.")
    if isinstance(found, TableRefusal):
        return FromTables(None, f"{found.reason}: searched the text", documents=documents)
    if replaced := sorted(_replaced_by(found.documents, older)):
        level: Level = "likely" if found.level == "sure" else found.level
        note = f"another version may say otherwise: {', '.join(replaced[:3])}"
        found = replace(found, level=level, reasons=(*found.reasons, note))
    stands = found.level != "unsure" and not found.plain
    told = say_table(question, found, written_cell(tables.store.connection, model, found))
    by = [str(value) for one in found.plan.conditions for value in one.values]
    values = (*by, told.short) if found.plain and told.short else ()
    said = "; ".join([found.level, found.cypher, *found.reasons])
    return FromTables(told, said, stands, documents, values)


def _older_versions(model: TableModel, question: str) -> set[str]:
    """The documents of which a newer version has a table with the same columns; none where the question names a time or
    a version."""
    if names_time(parse(question)):
        return set()
    alike: dict[tuple[str, ...], set[str]] = {}
    for table in model.tables.values():
        key = work_of(table.document), *(column.name for column in table.columns)
        alike.setdefault(key, set()).add(table.document)
    return {
        one
        for same in alike.values()
        if len(same) <= _MOST_VERSIONS
        for one in same
        for other in same
        if replaces(other, one)
    }


_MOST_VERSIONS = 12
"""Documents of one work; more are a series, of which each tells of its own time."""


def _replaced_by(documents: Sequence[str], older: Collection[str]) -> set[str]:
    return {one for one in older for name in documents if replaces(name, one)}


def choose(question: str, rows: FromTables, searched: Answer) -> Answer:
    """Rows that were looked up stand before what was found in the text where that is not there, or doubtful and the
    rows are not, or another row of the same document; where the text quotes the very row, the quote stands, and is as
    sure as the rows are. Of rows that would have to be compared or counted none is shown by its words alone."""
    if searched.status == "quoted" and picks_one(question, searched, rows.documents):
        if rows.answer is not None:
            return rows.answer
        own = all(citation.evidence.name in rows.documents for citation in searched.citations)
        return one_of_many(question, searched) if own else searched
    if rows.answer is None:
        return searched
    if searched.status == "quoted" and _says_otherwise(rows, searched):
        return searched
    if rows.answer.fit == "sure" and (OTHER_ROWS in searched.reasons or _quotes_another_row(rows, searched)):
        return rows.answer
    if searched.status != "not_found" and (rows.answer.fit == "unsure" or searched.fit in ("sure", "likely")):
        same = rows.answer.fit != "unsure" and _quotes_row(rows, searched.citations[:1])
        return replace(searched, short=rows.answer.short) if same and searched.short else searched
    for citation in searched.citations:
        if _quotes_row(rows, [citation]):
            above = [governor.quote for governor in citation.evidence.governors]
            return replace(
                searched,
                text="\n".join([*above, f"{citation.quote} [1]"]),
                status="quoted",
                citations=(replace(citation, number=1),),
                short=rows.answer.short,
                fit=rows.answer.fit,
                reasons=rows.answer.reasons,
            )
    return rows.answer


def _quotes_row(rows: FromTables, citations: Sequence[Citation]) -> bool:
    """Whether one of the citations holds what the row is found by and what it says."""
    return bool(rows.values) and any(all(_holds(one.quote, value) for value in rows.values) for one in citations)


def _says_otherwise(rows: FromTables, searched: Answer) -> bool:
    """Whether the text that was found first tells another value of what the row is found by, in another document: a
    later letter may have changed it."""
    if rows.answer is None or len(rows.values) < 2 or not searched.citations:
        return False
    *by, value = rows.values
    first = searched.citations[0]
    own = {citation.evidence.name for citation in rows.answer.citations}
    said = " ".join([first.quote, *(governor.quote for governor in first.evidence.governors)])
    about_it = first.evidence.name not in own and all(one.casefold() in said.casefold() for one in by)
    numbers, its = (set(_NUMBER.findall(text)) for text in (first.quote, value))
    return about_it and bool(its) and bool(numbers) and its.isdisjoint(numbers)


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _quotes_another_row(rows: FromTables, searched: Answer) -> bool:
    assert rows.answer is not None
    own = {citation.evidence.name for citation in rows.answer.citations}
    same = [citation for citation in searched.citations if citation.evidence.name in own]
    if not rows.values or not same or len(same) < len(searched.citations):
        return False
    return not any(_holds(citation.quote, value) for citation in same for value in rows.values[-1:])


def _holds(text: str, value: str) -> bool:
    return bool(re.search(rf"(?<![\w.]){re.escape(value)}(?![\w.])", text))
