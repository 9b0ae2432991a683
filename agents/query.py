"""One question to the graphs of a library, answered by the rows of a query that is shown, or searched for.

In this order: the forms of the code graph's and the knowledge graph's verbs, the tables, then any question over all
that the engine holds, by the translator. With ``write`` the language model writes the query, and what it cannot write
is left to the translator. Where no query answers, the text is searched, with what stands around the names in the graph,
and the answer says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..corpus.document import Evidence
from ..errors import GraphError, MissingExtra, ModelError, QueryRefused
from ..graphs.base import GraphRows
from ..graphs.cypher.writing import literal, quote_name
from ..graphs.translation.answering import GraphRefusal, GraphTable, answer_from_graph
from ..graphs.translation.translate import Translator
from .answer import Answer, Citation
from .ask import Agent, refuse
from .steps import code_graph, knowledge_graph, tables
from .steps.query import WrittenQuery, write_query
from .steps.route import route
from .steps.trace import Trace

MOST = 1_000
SECONDS = 10.0
SHOWN = 20
AROUND, NAMES = 12, 3
"""Neighbours of a name that are shown beside what was searched, and names of which they are."""


@dataclass(frozen=True, slots=True)
class GraphAgent:
    agent: Agent

    def ask(self, question: str, *, write: bool = False) -> Answer:
        """Raises ``InputError`` for an empty or overlong question, and errors of the engine where there is none."""
        refuse(question, self.agent.max_question_chars, None)
        trace = Trace()
        answer = self._answer(question.strip(), write, trace)
        return replace(answer, trace=(*trace.steps, *answer.trace))

    def _answer(self, question: str, write: bool, trace: Trace) -> Answer:
        found = self._by_verb(question, trace)
        if found is None and not self.agent.tables.is_empty:
            rows = tables.answer(self.agent.tables, question)
            trace.step("tables", rows.said)
            found = rows.answer if rows.answer is not None and rows.answer.fit != "unsure" else None
        if found is not None:
            return found
        translator = self.agent.graph.translator(self.agent.embedder().encode)
        if write:
            try:
                return self._write(question, translator, trace)
            except (ModelError, MissingExtra, GraphError, QueryRefused) as error:
                trace.step("query", f"{error} Translated without the model.")
        outcome = answer_from_graph(translator, question, self._run)
        if isinstance(outcome, GraphTable):
            trace.step("query", outcome.cypher)
            return say_rows(question, outcome.cypher, outcome.rows, outcome)
        trace.step("query", "; ".join([outcome.reason, *outcome.tried]))
        return self._search(question, outcome, trace)

    def _by_verb(self, question: str, trace: Trace) -> Answer | None:
        """The forms that the verbs have: one case of a query that needs no translator."""
        way = route(question)
        trace.step("route", way.reason)
        if way.match is not None:
            outcome = knowledge_graph.answer(self.agent.knowledge, way.match, question)
            trace.step("knowledge", outcome.said)
            return outcome.answer
        if way.verb is None:
            return None
        found = code_graph.answer(self.agent.store, self.agent.graph, way, question)
        trace.step("graph", found.metadata.get("query", "") if found else f"no symbol named {way.symbol}")
        return found if found is not None and code_graph.says_something(way, found) else None

    def _run(self, cypher: str) -> GraphRows:
        return self.agent.graph.query(cypher, timeout=SECONDS, max_rows=MOST)

    def _write(self, question: str, translator: Translator, trace: Trace) -> Answer:
        model = self.agent.model()
        written = write_query(model, translator, question, translator.candidates(question), self._run)
        trace.step("query", "; ".join([*written.tries, written.cypher]))
        if not written.rows.rows:
            raise GraphError("the query that the language model wrote has no rows", where=written.cypher)
        return replace(say_rows(question, written.cypher, written.rows, written), model=model.name)

    def _search(self, question: str, refused: GraphRefusal, trace: Trace) -> Answer:
        *_, answer = self.agent.ask(question, retriever="fused")
        assert isinstance(answer, Answer)
        around = [*self._around(refused.names[:NAMES])]
        trace.step("search", f"{len(answer.citations)} quotes; {len(around)} names with what stands around them")
        first = len(answer.citations) + 1
        citations = [Citation(first + at, one.quote, one, True) for at, one in enumerate(around)]
        lines = [f"Not answered by the graph: {refused.reason}. Searched the text instead.", answer.text]
        lines += [f"Around {one.evidence.name} in the graph: {_line(one)} [{one.number}]" for one in citations]
        metadata = {**answer.metadata, "refused": refused.reason, "tried": list(refused.tried)}
        return replace(
            answer, text="\n".join(lines), citations=(*answer.citations, *citations), metadata=metadata, short=""
        )

    def _around(self, names: Sequence[str]) -> Iterator[Evidence]:
        """What the graph joins with each name, whatever label it has."""
        for name in names:
            for label, key, spelled in self.agent.graph.called(name)[:1]:
                query = (
                    f"MATCH (n:{quote_name(label)})-[r]-(m) WHERE n.{quote_name(key)} = {literal(spelled)} "
                    f"RETURN DISTINCT type(r) AS relation, coalesce(m.name, m.id) AS name LIMIT {AROUND}"
                )
                try:
                    rows = self._run(query)
                except (GraphError, QueryRefused):
                    continue
                if rows.rows:
                    yield evidence_of(query, rows, spelled)


def say_rows(question: str, cypher: str, rows: GraphRows, found: GraphTable | WrittenQuery) -> Answer:
    """Shows the rows with the query that gives them."""
    evidence = evidence_of(cypher, rows, "the graph")
    cells = [[_cell(cell) for cell in row] for row in rows.rows]
    single = cells[0][0] if len(cells) == 1 and len(cells[0]) == 1 else ""
    lines = [f"{single} [1]"] if single else [f"- {' | '.join(row)} [1]" for row in cells[:SHOWN]]
    if len(cells) > SHOWN:
        more = " and others: cut short" if rows.truncated else ""
        lines = [f"{len(cells):,} rows:", *lines, f"… and {len(cells) - SHOWN:,} more{more}"]
    if len(rows.columns) > 1:
        lines = [" | ".join(rows.columns), *lines]
    level = found.level if isinstance(found, GraphTable) else "likely"
    reasons = found.reasons if isinstance(found, GraphTable) else ("a language model wrote the query",)
    return Answer(
        question,
        "\n".join(lines),
        "rows",
        (Citation(1, evidence.quote, evidence, True),),
        metadata={"query": cypher, "columns": list(rows.columns)},
        short=single,
        fit=level,
        reasons=reasons,
        notes=rows.notes,
    )


def evidence_of(cypher: str, rows: GraphRows, name: str) -> Evidence:
    cells = [" | ".join(map(_cell, row)) for row in rows.rows]
    count = f"{len(cells):,} row{'' if len(cells) == 1 else 's'}"
    quote = "\n".join([" | ".join(rows.columns), *cells])
    return Evidence(quote, 1.0, "graph", count, name=name, kind="rows", query=cypher, rows=rows.rows)


def _line(one: Citation) -> str:
    return ", ".join(" ".join(map(str, row)) for row in one.evidence.rows[:AROUND])


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, dict):
        return str(cell.get("name") or cell.get("id") or "")
    return "–" if cell is None else str(cell)
