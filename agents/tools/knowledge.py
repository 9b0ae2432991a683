"""The table of what can be asked of the knowledge graph: names, parameters, the ways people ask, what answers.

The router's forms, the command line's ``kg`` verbs, ``/api/knowledge/…`` and the tools of models and of the MCP server
are made from it. Its forms are narrow: a plain question must stay with the search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ...registry import check_name
from ..answer import Answer
from . import tell
from .base import BOTH, LOOP, Door, Parameter, Value, check_arguments
from .forms import core

if TYPE_CHECKING:
    from .asked import AskedKnowledge

_ENTITY = Parameter("name", "A name or term.", obvious=True)
_START = Parameter("start", "One.", obvious=True)
_END = Parameter("end", "The other.", obvious=True)

_MANY = (
    r"(?:documents|files|texts|transcripts|calls|meetings|interviews|notes|papers|articles|reports|pages|letters|e-?mails"
    r"|messages|conversations|discussions|podcasts|episodes|chats|reviews|tickets|books|stories|minutes|presentations"
    r"|library|collection|corpus|archive|folder|data ?set)"
)
COLLECTION = rf"(?:all )?(?:of )?(?:the|these|those|this|my|our)? ?(?:\d+ )?(?:[a-z]+ )?{_MANY}(?: as a whole)?"
"""All that the library holds, as people name it; one document alone is none."""
_RANK = (
    r"(?:main|key|major|central|recurring|common|overall|overarching|principal|dominant|biggest|big|top|core|broad|"
    r"prevailing|most (?:common|important|frequent|prominent|discussed)|important)"
)
_THEMES = rf"(?:{_RANK}(?: (?:and|or) {_RANK})? )?(?:themes|topics|subjects|threads|motifs)"
_DISCUSSED = (
    r"(?:(?:that )?(?:are |were )?(?:discussed|covered|addressed|raised|treated|talked about|dealt with)|"
    r"(?:that )?(?:recur|emerge|appear|come up|run through))"
)
_WHAT, _BE = r"(?:what|which) (?:are |were )?(?:the )?", r"(?:is|are|was|were)"
_WITH = r"(?:with|about|on|around|between|among) (?P<about>.{3,80})"
_IN = r"(?:of|in|across|throughout|from|over|within|through|among|by)"
_THING = r"[`'\"“]?(?P<{}>(?!(?:it|this|that|these|those|they|them)\b)\S(?:.{{0,80}}?\S)?)[`'\"”]?"
_SYMBOL = (
    r"(?:the )?(?:function |method |class |symbol )?(?P<name>`[^`\s]+`|[A-Za-z_][\w.]*\(\)|[A-Za-z_]\w*(?:\.\w+)+|"
    r"\w*[a-z\d]_\w+|(?-i:[A-Z]+[a-z]+[A-Z]\w*|[a-z]+[A-Z]\w*))"
)
"""A name as only code is written: of other words a plain question may speak so, too."""
_DOCS = r"(?:(?:of )?(?:the )?(?:docs?|documents?|documentation|doc pages?|pages?|passages?|manuals?|prose))"
_CHANGE = (
    r"(?:(?:this|these|my|the|our) (?:changes?|edits?|diff|commits?)(?: since (?P<revision>[\w./@^~-]+))?|"
    r"(?P<revision_>[\w./@^~-]*[\d/@^~][\w./@^~-]*|HEAD|main|master))"
)
_OLD = r"(?:stale|outdated|out of date|obsolete|wrong|untrue)"
_RELATED = r"(?:related|connected|linked|associated|tied)"
_KINDS = (
    r"(?P<kind>companies|firms|businesses|corporations|organi[sz]ations|people|persons|places|locations|countries|cities|"
    r"products|dates|names)"
)
_MENTIONED = r"(?:mentioned|named|referred to|talked about)"
_PARTS = {"start": _THING.format("start"), "end": _THING.format("end")}


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
    forms: tuple[str, ...] = ()
    """Patterns of the whole question; their groups are parameters."""
    only_names: bool = False
    """A question is meant only where its parameters are names: of terms a plain question may speak so, too."""
    look_up: bool = False
    """Answered at once from an index; others may take seconds."""
    doors: frozenset[Door] = BOTH
    """Of models: which are offered it."""

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
    return tell.overview(knowledge.store, graph, found, question, about=about, count=count, level=level)


def _list_mentioned(knowledge: AskedKnowledge, question: str, kind: str) -> Answer | None:
    return tell.mentioned_things(knowledge.store, knowledge.graph(), question, kind)


def _list_documentation(knowledge: AskedKnowledge, question: str, name: str) -> Answer | None:
    return tell.documentation(knowledge.store, knowledge.graph(), question, name)


def _stale(knowledge: AskedKnowledge, question: str, revision: str) -> Answer | None:
    return tell.stale_documents(knowledge.store, knowledge.graph(), question, revision)


KNOWLEDGE: Mapping[str, KnowledgeVerb] = {
    verb.name: verb
    for verb in (
        KnowledgeVerb(
            name="themes",
            description="What the documents are about, with quotes.",
            run=_themes,
            asks="asks for the main themes",
            parameters=(
                Parameter("about", "Words that they have to do with.", "", option=True),
                Parameter("count", "How many themes.", 12, option=True, obvious=True, most=100),
                Parameter("level", "0 is the broadest.", 0, option=True, least=0, most=9),
            ),
            forms=(
                rf"{_WHAT}{_THEMES}(?: {_DISCUSSED}| are there)?(?: {_IN} {COLLECTION}(?: {_WITH})?)?",
                rf"{_WHAT}{_THEMES} (?:do|does) {COLLECTION} (?:cover|discuss|share|treat|raise)",
                rf"(?:the )?{_THEMES}(?: {_DISCUSSED})? {_IN} {COLLECTION}(?: {_WITH})?",
                rf"(?:summari[sz]e|outline|describe) (?:the )?{_THEMES}(?: {_DISCUSSED})?(?: {_IN} {COLLECTION})?",
                rf"what (?:is|are) {COLLECTION} (?:all |mainly |mostly )?about",
            ),
        ),
        KnowledgeVerb(
            name="path",
            description="How two names are related: chains of quotes.",
            run=_path,
            asks="asks how {start} and {end} are related",
            parameters=(_START, _END),
            forms=(
                rf"how {_BE} {{start}} (?:and|with|to) {{end}} {_RELATED}(?: to (?:each other|one another))?",
                rf"how {_BE} {{start}} {_RELATED} (?:to|with|and) {{end}}",
                r"what (?:connects|links|ties|joins) {start} (?:and|to|with) {end}",
                r"(?:what is )?(?:the )?(?:connection|link|relation|relationship) between {start} and {end}",
            ),
            only_names=True,
        ),
        KnowledgeVerb(
            name="compare",
            description="Two names side by side, in quotes.",
            run=_compare,
            asks="asks to compare {start} and {end}",
            parameters=(_START, _END),
            forms=(r"compare {start} (?:and|with|to|against|versus|vs\.?) {end}",),
            only_names=True,
        ),
        KnowledgeVerb(
            name="mentioned",
            description="Which things of a kind are mentioned.",
            run=_list_mentioned,
            asks="asks which {kind} are mentioned",
            parameters=(Parameter("kind", "companies, people, dates or another noun."),),
            forms=(
                rf"(?:which|what|how many) {_KINDS} (?:are|were|get) (?:all )?{_MENTIONED}(?: {_IN} {COLLECTION})?",
                rf"(?:list )?(?:all )?(?:of )?(?:the )?{_KINDS}(?: that are)? {_MENTIONED}(?: {_IN} {COLLECTION})?",
                rf"(?:which|what) {_KINDS} (?:do|does) {COLLECTION} (?:mention|name|talk about|refer to)",
            ),
        ),
        KnowledgeVerb(
            name="entity",
            description="What a name is, and its relations, in quotes.",
            run=_entity,
            asks="asks about {name}",
            parameters=(_ENTITY,),
        ),
        KnowledgeVerb(
            name="documented",
            description="Which documents name a symbol of the code.",
            run=_list_documentation,
            doors=LOOP,
            asks="asks where {name} is documented",
            parameters=(Parameter("name", "A symbol.", obvious=True),),
            forms=(
                rf"where (?:is|are) {_SYMBOL} (?:documented|described|mentioned|explained)(?: in {_DOCS})?",
                rf"(?:which|what) {_DOCS} (?:mentions?|names?|describes?|documents?|explains?|covers?) {_SYMBOL}",
            ),
        ),
        KnowledgeVerb(
            name="stale",
            description="Documents that name code which changed since a git revision.",
            run=_stale,
            doors=LOOP,
            asks="asks which documents may be out of date",
            parameters=(Parameter("revision", "A git revision: HEAD~1.", "HEAD", obvious=True),),
            forms=(
                rf"(?:which|what) {_DOCS} (?:does|do|did|will) {_CHANGE} (?:make|render|leave) {_OLD}",
                rf"(?:which|what) {_DOCS} (?:is|are|may be|might be|could be|became|has become|have become|went|got) "
                rf"(?:made )?{_OLD} (?:since|after|by|because of|due to) {_CHANGE}",
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class KnowledgeMatch:
    verb: KnowledgeVerb
    arguments: dict[str, str]

    @property
    def reason(self) -> str:
        return self.verb.asks.format_map(self.arguments)


def match_knowledge(question: str) -> KnowledgeMatch | None:
    """The verb that a question has a form of."""
    for text in dict.fromkeys((" ".join(question.split()).rstrip(" ?.!"), core(question))):
        for verb in KNOWLEDGE.values():
            for pattern in _compile(verb.forms):
                if match := pattern.fullmatch(text):
                    found = {name.rstrip("_"): value for name, value in match.groupdict().items() if value}
                    return KnowledgeMatch(verb, found)
    return None


def knowledge_verb(name: str) -> KnowledgeVerb:
    """The verb of that name. Raises ``NotFoundError`` with the names that there are."""
    check_name("verb of the knowledge graph", name, KNOWLEDGE)
    return KNOWLEDGE[name]


@lru_cache(maxsize=64)
def _compile(forms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    filled = (form.replace("{start}", _PARTS["start"]).replace("{end}", _PARTS["end"]) for form in forms)
    return tuple(re.compile(form, re.IGNORECASE) for form in filled)
