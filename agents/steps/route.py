"""The way that a question goes: to the code graph, to the knowledge graph, or to the text indexes.

Deterministic: a question that has one of the forms of a verb (``tools/verbs.py``, ``tools/knowledge.py``) goes to its
graph; everything else is searched for. No model is asked to plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...retrieval.compose import Expression
from ..tools.base import Verb
from ..tools.cues import by_words
from ..tools.forms import cores, is_code_like
from ..tools.knowledge import KnowledgeMatch, match_knowledge
from ..tools.narrowing import KINDS, Narrowing, take_narrowing, ways_by_path_words
from ..tools.verbs import VERBS

_WHETHER = re.compile(r"(?:is|are|does|do|did|can|could|has|have|will|would)\b", re.IGNORECASE)
LONGEST = 16
"""Words of a question that is understood by its words alone."""


@dataclass(frozen=True, slots=True)
class Route:
    verb: str | None
    """The code graph's verb, or ``None`` when the question is only searched for."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """By the names of the verb's parameters."""
    other: str = ""
    """Of a question that wants yes or no ("Does A inherit from B?"): what should be among the rows."""
    whether: bool = False
    """The question wants yes or no."""
    certain: bool = False
    """The symbols are written like code, so that an unknown one is an answer in itself."""
    reason: str = ""
    """What the trace says."""
    match: KnowledgeMatch | None = None
    """What the knowledge graph is asked, where the code graph is not."""

    narrowing: Narrowing = field(default_factory=Narrowing)
    """Which of several symbols of one name is meant."""

    @property
    def symbol(self) -> str:
        return self.arguments.get("name", "")


def route(question: str, retriever: str | Expression | None = None, *, scoped: bool = False) -> Route:
    """Decides what answers a question. ``retriever``: the only one that may answer. ``scoped``: only some of the
    documents are asked."""
    if retriever is not None and retriever != "graph":
        return Route(None, reason=f"only {retriever} was asked for")
    if scoped and retriever is None:
        return Route(None, reason="the code graph cannot be limited to some documents: searched the text")
    plain, narrowing = take_narrowing(question)
    way = _by_form(question)
    narrowed = _by_form(plain) if narrowing and narrowing.file not in way.arguments.values() else way
    if narrowed is not way and narrowed.verb is not None and narrowed.arguments:
        way = replace(narrowed, narrowing=narrowing, reason=f"{narrowed.reason}, in {narrowing.phrase}")
    if way.verb is None:
        way = _by_path_words(question) or way
    asked_of_documents = match_knowledge(question) if way.verb is None and retriever is None else None
    return Route(None, reason=asked_of_documents.reason, match=asked_of_documents) if asked_of_documents else way


def _by_path_words(question: str) -> Route | None:
    """A question that has a form once plain words, which tell one of several symbols, are left out."""
    if len(question.split()) > LONGEST:
        return None
    for plain, narrowing in ways_by_path_words(question):
        way = _with_a_form(plain)
        # What a plain word is, and why something is so, the texts say.
        if way is None or way.verb in (None, "explain") or not VERBS[str(way.verb)].of_symbol:
            continue
        name = way.symbol
        named = is_code_like(name) or any(f"{narrowing.of} {kind}" in question for kind in KINDS if narrowing.of)
        if name and named and (not narrowing.of or name.endswith(narrowing.of)):
            reason = f"{way.reason}, of {narrowing.phrase}"
            return replace(way, narrowing=narrowing, certain=False, reason=reason)
    return None


def _with_a_form(question: str) -> Route | None:
    for text in cores(question):
        for verb in VERBS.values():
            for pattern in verb.patterns:
                if match := pattern.fullmatch(text):
                    return _route_of(verb, match)
    return None


def _by_form(question: str) -> Route:
    if way := _with_a_form(question):
        return way
    text = cores(question)[-1]
    if len(text.split()) <= LONGEST and (cue := by_words(text, tuple(VERBS.values()))):
        whether = bool(_WHETHER.match(text) and cue.arguments)
        reason = _reason(cue.verb, cue.arguments)
        return Route(
            cue.verb.name,
            arguments=cue.arguments,
            other="",
            whether=whether,
            certain=bool(cue.arguments),
            reason=reason,
        )
    return Route(None, reason="not a question for a graph: searched the text")


def _route_of(verb: Verb, match: re.Match[str]) -> Route:
    symbols = {name: symbol for name, symbol in match.groupdict().items() if symbol and name != "whether"}
    certain = all(is_code_like(match.string[max(match.start(name) - 1, 0) : match.end(name) + 1]) for name in symbols)
    other = symbols.pop("other", "")
    whether = bool(other or match.groupdict().get("whether"))
    return Route(
        verb.name, arguments=symbols, other=other, whether=whether, certain=certain, reason=_reason(verb, symbols)
    )


def _reason(verb: Verb, arguments: Mapping[str, str]) -> str:
    """The line of the trace; a parameter that was not given is left out."""
    return verb.asks.format_map({parameter.name: arguments.get(parameter.name, "") for parameter in verb.parameters})
