"""A query that a language model writes: under a grammar of this graph alone where the model takes one, else read,
checked against the schema, and its error handed back.

A model in this process is given the grammar as a constraint. One at an endpoint that plans first says in plain words
what must be looked up, and then translates that (CodexGraph, Liu et al. 2024); whether the endpoint keeps a grammar is
tried before it is trusted, for some ignore it without a word. Nothing runs that the guard and the schema refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...errors import EvidentiaError, GraphError, InputError, ModelError, QueryRefused
from ...graphs.base import GraphRows
from ...graphs.cypher.narrowing import AskableLabel, schema_grammar
from ...graphs.translation.answering import complaints_of
from ...graphs.translation.translate import CypherCandidate, Translator
from ...serving.base import Completing, LanguageModel, Message, Sampling
from ...serving.constraints import constrain
from ...serving.models.endpoint import form_fields
from ...serving.talk.text import ask, is_served

TRIES = 3
MAX_TOKENS = 300
LABELS = 12
"""Labels of a grammar, those of the candidates first: a small model is lost among more."""
_PROBE = "zx-407"
_FENCED = re.compile(r"```(?:cypher)?\s*(.+?)```", re.DOTALL | re.IGNORECASE)
_SYSTEM = (
    "You translate a question to one read-only Cypher query over the graph below. Use only its labels, relationship "
    "types, directions and properties. Answer with the query alone."
)
_WRITE = "In plain words and at most three short lines: what must be looked up in this graph to answer the question?"
_TRANSLATE = "Now write the one Cypher query that looks it up."


@dataclass(frozen=True, slots=True)
class WrittenQuery:
    cypher: str
    rows: GraphRows
    tries: tuple[str, ...]
    """What was wrong with the queries before it."""


def write_query(
    model: LanguageModel,
    translator: Translator,
    question: str,
    candidates: Sequence[CypherCandidate],
    run: Callable[[str], GraphRows],
) -> WrittenQuery:
    """Raises ``GraphError`` with what was wrong last when no query runs, ``ModelError`` when the model fails."""
    names = [text for one in candidates[:1] for test in one.plan.tests for text in test.values if isinstance(text, str)]
    grammar = narrow_grammar(translator, candidates, names)
    if is_served(model):
        constraint = constrain("lark", model.vocabulary, grammar)
        prompt = model.chat_tokens(_messages(translator, question, candidates))
        written = "".join(
            piece.text for piece in ask(model, prompt, Sampling(max_tokens=MAX_TOKENS), constraint=constraint)
        )
        if complaint := _complaint(translator, written.strip()):
            raise GraphError("the language model wrote no query that the graph takes", where=written, fix=complaint)
        return WrittenQuery(written.strip(), run(written.strip()), ())
    if not isinstance(model, Completing):
        raise ModelError("this language model cannot be held to a grammar, and takes no requests", where=model.name)
    return _translate(model, translator, question, candidates, run=run, grammar=grammar)


def _translate(
    model: Completing,
    translator: Translator,
    question: str,
    candidates: Sequence[CypherCandidate],
    *,
    run: Callable[[str], GraphRows],
    grammar: str,
) -> WrittenQuery:
    turns = [{"role": one.role, "content": one.content} for one in _messages(translator, question, candidates)]
    plan = _content(model, [*turns, {"role": "user", "content": _WRITE}])
    turns += [
        {"role": "user", "content": _WRITE},
        {"role": "assistant", "content": plan},
        {"role": "user", "content": _TRANSLATE},
    ]
    fields = form_fields(("grammar", grammar)) if keeps_grammar(model) else {}
    tries: list[str] = []
    for _ in range(TRIES):
        reply = _content(model, turns, **fields)
        found = _FENCED.search(reply)
        query = (found[1] if found else reply).strip()
        problem = _complaint(translator, query)
        if not problem:
            try:
                return WrittenQuery(query, run(query), tuple(tries))
            except (GraphError, QueryRefused) as error:
                problem = str(error)
        tries.append(problem)
        turns += [
            {"role": "assistant", "content": reply},
            {"role": "user", "content": f"That query was not run. {problem} Write it again, mended."},
        ]
    raise GraphError(f"the language model wrote no query that runs in {TRIES} tries", where=query, fix=tries[-1])


def keeps_grammar(model: Completing) -> bool:
    """Whether the model is really held to a grammar: it is asked for one word and allowed only another."""
    asked = [{"role": "user", "content": "Say: yes"}]
    try:
        reply = model.complete(asked, Sampling(max_tokens=16), **form_fields(("grammar", f'start: "{_PROBE}"')))
    except (ModelError, InputError):
        return False
    return str(reply.get("content") or "").strip() == _PROBE


def _content(model: Completing, turns: Sequence[dict[str, str]], **fields: object) -> str:
    return str(model.complete(turns, Sampling(max_tokens=MAX_TOKENS), **fields).get("content") or "")


def _complaint(translator: Translator, query: str) -> str:
    try:
        return "; ".join(complaints_of(translator, query))
    except EvidentiaError as error:
        return str(error)


def narrow_grammar(translator: Translator, candidates: Sequence[CypherCandidate], names: Sequence[str]) -> str:
    """The grammar of the labels that the candidates speak of and of those next to them."""
    schema = translator.schema
    spoken = dict.fromkeys(label for one in candidates for label in one.plan.pattern.nodes)
    beside = (end for label in spoken for relation in schema.at[label] for end in (relation.source, relation.target))
    chosen = [*dict.fromkeys((*spoken, *beside, *schema.labels))][:LABELS]
    labels = [AskableLabel(label, {one.name: one.kind for one in schema.labels[label]}) for label in chosen]
    return schema_grammar([one for one in labels if one.properties], [one.triple for one in schema.relations], names)


def _messages(translator: Translator, question: str, candidates: Sequence[CypherCandidate]) -> list[Message]:
    schema = translator.schema
    near = {label for one in candidates for label in one.plan.pattern.nodes} or set(schema.labels)
    lines = [
        f"(:{label} {{{', '.join(f'{one.name}: {one.kind}' for one in each)}}})"
        for label, each in schema.labels.items()
        if label in near
    ]
    lines += [
        f"(:{one.source})-[:{one.type}]->(:{one.target})" for one in schema.relations if near & {one.source, one.target}
    ]
    shown = "\n".join(f"- {one.cypher}" for one in candidates[:3])
    told = "\n".join(lines)
    return [
        Message("system", _SYSTEM),
        Message("user", f"Graph:\n{told}\n\nQueries that may be near:\n{shown}\n\nQuestion: {question}"),
    ]
