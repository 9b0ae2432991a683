"""The table of what can be asked of the knowledge graph: names, parameters, the ways people ask, what answers.

The router's forms, the command line's ``kg`` verbs, ``/api/knowledge/…`` and the tools of models and of the MCP server
are made from it; the forms stand in ``knowledge_forms.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import NotFoundError
from ...graphs.knowledge.linking import find_entity
from ...registry import check_name
from ..answer import Answer
from . import tell, tell_whole
from .base import BOTH, LOOP, Door, Parameter, Value, check_arguments
from .forms import core
from .knowledge_forms import patterns

if TYPE_CHECKING:
    from .asked import AskedKnowledge

_ENTITY = Parameter("name", "A name or term.", obvious=True)
_START = Parameter("start", "One.", obvious=True)
_END = Parameter("end", "The other.", obvious=True)


@dataclass(frozen=True, slots=True)
class KnowledgeVerb:
    """One question that the knowledge graph answers with quotes."""

    name: str
    description: str
    """One sentence: the help of the command line, the description that a model reads."""
    run: Callable[..., Answer | None]
    """``run(knowledge, question, **arguments)``. Raises ``NotFoundError`` for names that are not mentioned."""
    asks: str
    """What the trace says."""
    parameters: tuple[Parameter, ...]
    way: str = ""
    """What the trace calls this way to ask; its name unless it is given."""
    written: bool = False
    """A language model may write the answer, from the quotes."""
    only_names: bool = False
    """A question is meant only where its parameters are names: of terms a plain question may speak so, too."""
    look_up: bool = False
    """Answered at once from an index; others may take seconds."""
    doors: frozenset[Door] = BOTH
    """Where models have it too: each costs them its description in every request."""

    def arguments(self, values: tuple[object, ...], named: Mapping[str, object]) -> dict[str, Value]:
        """Values by place and by name as ``run`` takes them. Raises ``InputError`` for what does not fit."""
        placed = {parameter.name: value for parameter, value in zip(self.parameters, values, strict=False)}
        return check_arguments(self.name, self.parameters, {**placed, **named})


def _entity(knowledge: AskedKnowledge, question: str, name: str) -> Answer | None:
    return tell.entity(knowledge.store, knowledge.graph(), question, name)


def _path(knowledge: AskedKnowledge, question: str, start: str, end: str) -> Answer | None:
    return tell.path(knowledge.store, knowledge.graph(), question, start, end)


def _compare(knowledge: AskedKnowledge, question: str, start: str, end: str) -> Answer | None:
    return tell.compare(knowledge.store, knowledge.graph(), question, start, end)


def _themes(knowledge: AskedKnowledge, question: str, about: str, count: int, level: int) -> Answer | None:
    graph, found = knowledge.graph(), knowledge.communities()
    return tell_whole.overview(knowledge.store, graph, found, question, about=about, count=count, level=level)


def _list_mentioned(knowledge: AskedKnowledge, question: str, kind: str) -> Answer | None:
    return tell.mentioned_things(knowledge.store, knowledge.graph(), question, kind)


def _ask_whole(knowledge: AskedKnowledge, question: str, about: str) -> Answer | None:
    graph, found, store = knowledge.graph(), knowledge.communities(), knowledge.store
    hits = knowledge.search(about, _MAPPED)
    return tell_whole.whole(store, graph, found, question, about=about, hits=hits, encode=knowledge.encode)


def _ask_around(knowledge: AskedKnowledge, question: str, about: str) -> Answer | None:
    hits = knowledge.search(about, _NEAR)
    graph, store = knowledge.graph(), knowledge.store
    return tell_whole.around(store, graph, question, about, hits=hits, encode=knowledge.encode)


def _tell_time(knowledge: AskedKnowledge, question: str, about: str, since: str, until: str) -> Answer | None:
    return tell_whole.in_time(knowledge.store, knowledge.graph(), question, about, since=since, until=until)


def _list_documents(knowledge: AskedKnowledge, question: str, name: str) -> Answer | None:
    return tell_whole.documents(knowledge.store, knowledge.graph(), question, name)


def _outline(knowledge: AskedKnowledge, question: str, name: str, depth: int) -> Answer | None:
    return tell_whole.contents(knowledge.store, knowledge.graph(), question, name, depth)


def _list_documentation(knowledge: AskedKnowledge, question: str, name: str) -> Answer | None:
    try:
        return tell.documentation(knowledge.store, knowledge.graph(), question, name)
    except NotFoundError:
        if find_entity(knowledge.graph(), name) is None:
            raise
        return _list_documents(knowledge, question, name)  # "LinkedIn" is written as symbols are


def _stale(knowledge: AskedKnowledge, question: str, revision: str) -> Answer | None:
    return tell.stale_documents(knowledge.store, knowledge.graph(), question, revision)


_MAPPED, _NEAR = 150, 30
"""Passages that a question about the whole, or about some entities, looks through beside the graph."""
KNOWLEDGE: Mapping[str, KnowledgeVerb] = {
    verb.name: verb
    for verb in (
        KnowledgeVerb(
            name="themes",
            written=True,
            way="global",
            description="What the documents are about, in quotes; level 0 is the broadest.",
            run=_themes,
            asks="asks for the main themes",
            parameters=(
                Parameter("about", "Words that they have to do with.", "", option=True, obvious=True),
                Parameter("count", "How many themes.", 12, option=True, obvious=True, most=100),
                Parameter("level", "0 is the broadest.", 0, option=True, obvious=True, least=0, most=9),
            ),
        ),
        KnowledgeVerb(
            name="path",
            description="How two names are related: chains of quotes.",
            run=_path,
            asks="asks how {start} and {end} are related",
            parameters=(_START, _END),
            only_names=True,
        ),
        KnowledgeVerb(
            name="compare",
            description="Two names side by side, in quotes.",
            run=_compare,
            asks="asks to compare {start} and {end}",
            parameters=(_START, _END),
            only_names=True,
        ),
        KnowledgeVerb(
            name="mentioned",
            way="list",
            description="Which companies, people, dates or other things are mentioned.",
            run=_list_mentioned,
            asks="asks which {kind} are mentioned",
            parameters=(Parameter("kind", "companies, people, dates or another noun.", obvious=True),),
        ),
        KnowledgeVerb(
            name="documented",
            description="Which documents name a symbol of the code.",
            run=_list_documentation,
            doors=frozenset(),
            asks="asks where {name} is documented",
            parameters=(Parameter("name", "A symbol.", obvious=True),),
        ),
        KnowledgeVerb(
            name="stale",
            description="Documents that name code which changed since a git revision.",
            run=_stale,
            doors=frozenset(),
            asks="asks which documents may be out of date",
            parameters=(Parameter("revision", "A git revision: HEAD~1.", "HEAD", obvious=True),),
        ),
        KnowledgeVerb(
            name="documents",
            doors=LOOP,
            description="Which documents name a thing: all of them.",
            run=_list_documents,
            asks="asks which documents name {name}",
            parameters=(_ENTITY,),
            way="list",
        ),
        KnowledgeVerb(
            name="time",
            doors=LOOP,
            description="Dated claims about a thing, in order of time.",
            run=_tell_time,
            asks="asks what changed",
            parameters=(
                Parameter("about", "A name or term; empty for all that changes.", "", obvious=True),
                Parameter("since", "2021, March 2021 or 2021-03-05.", "", option=True, obvious=True),
                Parameter("until", "The last day, month or year.", "", option=True, obvious=True),
            ),
        ),
        KnowledgeVerb(
            name="outline",
            doors=LOOP,
            description="The headings of documents, and how each section begins.",
            run=_outline,
            asks="asks for the contents of {name}",
            parameters=(
                Parameter("name", "Words of a document's name or title.", "", obvious=True),
                Parameter("depth", "Levels of headings.", 2, option=True, obvious=True, most=9),
            ),
        ),
        KnowledgeVerb(
            name="global",
            doors=LOOP,
            written=True,
            description="What all documents together say about a subject.",
            run=_ask_whole,
            asks="asks what the whole says about {about}",
            parameters=(Parameter("about", "A question or a subject.", obvious=True),),
        ),
        KnowledgeVerb(
            name="local",
            doors=LOOP,
            written=True,
            description="What is said about names and what they are tied to.",
            run=_ask_around,
            asks="asks what is said about {about}",
            parameters=(Parameter("about", "A question or names.", obvious=True),),
        ),
        KnowledgeVerb(
            name="entity",
            way="local",
            description="What a name is, and its relations, in quotes.",
            run=_entity,
            asks="asks about {name}",
            parameters=(_ENTITY,),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class KnowledgeMatch:
    verb: KnowledgeVerb
    arguments: dict[str, str]

    @property
    def reason(self) -> str:
        """The line of the trace: the way, and what is asked."""
        given = {parameter.name: self.arguments.get(parameter.name, "") for parameter in self.verb.parameters}
        return f"{self.verb.way or self.verb.name}: {self.verb.asks.format_map(given)}"


def match_knowledge(question: str) -> KnowledgeMatch | None:
    """The verb that a question has a form of."""
    for text in dict.fromkeys((" ".join(question.split()).rstrip(" ?.!"), core(question))):
        for verb in KNOWLEDGE.values():
            for pattern in patterns(verb.name):
                if match := pattern.fullmatch(text):
                    found = {name.rstrip("_"): value for name, value in match.groupdict().items() if value}
                    return KnowledgeMatch(verb, found)
    return None


def knowledge_verb(name: str) -> KnowledgeVerb:
    """The verb of that name. Raises ``NotFoundError`` with the names that there are."""
    check_name("verb of the knowledge graph", name, KNOWLEDGE)
    return KNOWLEDGE[name]
