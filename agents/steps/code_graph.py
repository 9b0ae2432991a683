"""The code graph's part in an answer: the rows of a verb, and the definitions of symbols that a question names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from ...corpus import catalog, words
from ...corpus.document import Evidence
from ...corpus.passages import passage_at_line
from ...corpus.quotes import quote_holds
from ...corpus.spans.examples import MANUALS
from ...corpus.spans.units import CODE_KINDS
from ...corpus.store import Store
from ...errors import NotFoundError
from ...graphs.code import CodeAnswer
from ...graphs.code.symbols import is_file_of_tests
from ...graphs.code.unread import unread_files
from ...questions.question import Question
from ..answer import Answer, Citation
from ..tools.asked import AskedGraph
from ..tools.narrowing import Narrowing, choose_symbols, fill
from ..tools.verbs import VERBS
from .route import Route

LOOKED_AT, PLACES, ABOUT = 6, 3, 0.35
"""Hits among which most must be code, how many of them are shown, and the share of the question's words that one must
have."""
DEED_LOOKED_AT, DEED_PLACES = 10, 5
"""The same of a question for the place where the code does something."""
_DEED = re.compile(
    r"(?:in |from |at )?(?:where|(?:which|what) (?:code|file|function|method|class|module|part|line|place)s?)\b.*"
    r"\b(?:decid|determin|comput|calculat|chos|choos|select|check|validat|verif|handl|implement|pars|enforc|trigger|"
    r"schedul|creat|regist|buil|convert|filter|limit|retr|translat|generat|sort|compar|load|sav|stor|remov|delet)"
    r"(?:e|es|ed|en|er|ers|s|t|y|ies|ied|ing|ding)?\b",
    re.IGNORECASE,
)
NARROWED = 10
"""Symbols of one name in one file or language that are asked about."""
BEST_MATCHES = 2
"""Of several symbols of one name, how many a question that mentions it is taken to mean."""
_FUNCTIONS = re.compile(r"(?:which|what) (?:other )?(?:functions?|methods?) (?!.*\bimport)", re.IGNORECASE)
SLIP = 0.8
"""How much alike a word and a name are (``difflib``) of which the word is a slip."""
_OF_CASES = ("raises", "throws")
_CASE = re.compile(r"\b(?:when|if|after|once|while) (?P<case>[^?]+)", re.IGNORECASE)
_CODE_WORD = re.compile(r"`([\w.]+)(?:\(\))?`|\b([A-Za-z]\w*(?:[._]\w+)+|[a-z]+[A-Z]\w*)\b")


def answer(store: Store, graph: AskedGraph, way: Route, question: str) -> Answer | None:
    """Answers from the code graph; ``None`` when the symbol is unknown, was not written like code and is not nearly the
    name of one: the question is then searched for instead."""
    assert way.verb is not None
    try:
        found = _ask(store, graph, way) if way.narrowing else graph.verb(way.verb, **way.arguments)
    except NotFoundError as error:
        asked = str(next(iter(way.arguments.values()), "")).rpartition(".")[2]
        certain = way.certain and VERBS[way.verb].of_symbol
        plain = not certain and not _is_slip(asked, error.suggestions)
        searched = plain or unread_files(store.connection, asked)
        return None if searched else Answer(question, f"Not found here: {error}", "not_found")
    verb = VERBS[way.verb]
    if _FUNCTIONS.match(question):
        found = [replace(one, rows=tuple(row for row in one.rows if row.edge != "IMPORTS")) for one in found]
    if not way.whether:
        said = verb.say(store, question, verb, found)
        return None if said and way.verb in _OF_CASES and not _tells_case(question, said.text) else said
    meant = [narrowed for one in found if (narrowed := _only(one, way.other)).rows] if way.other else []
    told = verb.say(store, question, verb, meant or found)
    if told is None:
        return None
    return replace(told, text=f"{_yes_or_no(way, meant, found[0])}: {told.text}")


def _tells_case(question: str, said: str) -> bool:
    """Whether what is raised is said for the case that the question names: "when the result times out"."""
    case = _CASE.search(question)
    return case is None or set(words.stems(case["case"])) <= set(words.stems(said))


def _is_slip(asked: str, suggestions: Sequence[str]) -> bool:
    """Whether one name of the code, and no other, is nearly ``asked``."""
    last = (name.rpartition(".")[2] for name in suggestions)
    return sum(SequenceMatcher(None, asked.lower(), name.lower()).ratio() >= SLIP for name in last) == 1


def _ask(store: Store, graph: AskedGraph, way: Route) -> list[CodeAnswer]:
    """The rows for the symbols that the question's words about file and language leave."""
    assert way.verb is not None
    if not VERBS[way.verb].of_symbol:
        return [_within(one, way.narrowing) for one in graph.verb(way.verb, **way.arguments)]
    try:
        chosen = {name: choose_symbols(store.connection, value, way.narrowing) for name, value in way.arguments.items()}
    except NotFoundError:
        if way.verb == "definition" and way.narrowing.words:  # no path says so: all of that name are shown
            return graph.verb(way.verb, **way.arguments)
        raise
    arguments = fill(dict(way.arguments), chosen)
    meant = chosen.get("name", [])[:NARROWED]
    if list(arguments) != ["name"] or not meant:
        return graph.verb(way.verb, **arguments)
    found = [one for item in meant for one in graph.verb(way.verb, name=item.id)]
    return list({(one.verb, one.symbol.id): one for one in found}.values())


def _within(one: CodeAnswer, narrowing: Narrowing) -> CodeAnswer:
    """The rows in the file or language that is meant. Raises ``NotFoundError`` where none is."""
    rows = tuple(row for row in one.rows if narrowing.holds(row.symbol))
    if one.rows and not rows:
        places = ", ".join(dict.fromkeys(row.symbol.file for row in one.rows[:PLACES]))
        raise NotFoundError(f"there is none in {narrowing.phrase}; there are in {places}", where=one.symbol.name)
    return replace(one, rows=rows)


def says_something(way: Route, answer: Answer) -> bool:
    """Whether the answer stands, and no text has to be searched: where no code is known to raise an error, a docstring
    may still say that one does; what a symbol without a docstring is, the documentation may say."""
    rows = [bool(one.evidence.rows) for one in answer.citations]
    silent = (way.verb in ("raises", "history") and not any(rows)) or (way.verb == "explain" and rows[:1] == [True])
    return answer.status != "not_found" and not silent


def choose(way: Route, from_graph: Answer, found: Answer) -> Answer:
    """The graph's silent answer, or what the text says. No text is sure of what no code is known to raise, nor of a
    member of something that the text does not name."""
    if found.status == "not_found" or (from_graph.citations and found.fit == "unsure"):
        return from_graph
    owner = way.symbol.rpartition(".")[0].rpartition(".")[2]
    if from_graph.status == "not_found" and owner and not any(owner in one.quote for one in found.citations):
        return replace(found, fit="unsure", reasons=(*found.reasons, f"no {way.symbol} is known"))
    if way.verb != "raises" or from_graph.status == "not_found":
        return found
    return replace(found, fit="unsure", reasons=(*found.reasons, "no code is known that raises it"))


def _yes_or_no(way: Route, meant: Sequence[CodeAnswer], first: CodeAnswer) -> str:
    if meant or (first.rows and not way.other):
        return "Yes"
    known = first.symbol.document and not (first.doubts or first.unattributed)
    other = f", {way.other} is not among them" if way.other and first.rows else ""
    return f"No{other}" if known else f"Not as far as is known{other}"


def _only(one: CodeAnswer, name: str) -> CodeAnswer:
    """The rows of the symbol that ``name`` means, and of what it holds."""
    rows = (row for row in one.rows if row.edge != "CATCHES")  # whether it is raised there, was asked
    return replace(one, rows=tuple(row for row in rows if f".{name}." in f".{row.symbol.id}."))


def definitions(store: Store, graph: AskedGraph, question: str) -> list[Evidence]:
    """The passages that define the symbols which ``question`` names in code's spelling, best match of each first."""
    return _defining(store, graph, ["".join(match) for match in _CODE_WORD.findall(question)])


def _defining(store: Store, graph: AskedGraph, names: Iterable[str]) -> list[Evidence]:
    symbols = [answer.symbol for name in dict.fromkeys(names) for answer in _definitions_of(graph, name)[:BEST_MATCHES]]
    found: list[Evidence] = []
    for symbol in symbols:
        key = passage_at_line(store, symbol.document, symbol.line)
        found += catalog.evidence(store, [(key, 1.0)], "graph", f"defines {symbol.id}") if key else []
    return found


def asks_for_deed(text: str) -> bool:
    """Whether a question wants the place where the code does something: "where is it decided whether …"."""
    return _DEED.match(text) is not None


def places(store: Store, graph: AskedGraph, asked: Question, hits: Sequence[Evidence]) -> Answer | None:
    """The definitions that the question names or that were found for it, whole, by their places, where no statement
    answers; ``None`` where neither names nor hits are code."""
    names = [*asked.identifiers, *(word for name in asked.names for word in name.split())]
    named = _defining(store, graph, [name.strip("`()") for name in names])
    of_deed = asks_for_deed(asked.text)
    first = [hit for hit in hits if hit.span][: DEED_LOOKED_AT if of_deed else LOOKED_AT]
    found = [hit for hit in first if hit.kind in CODE_KINDS and not hit.name.endswith(MANUALS)]
    stems = set(words.stems(asked.text))
    shares = [
        len(stems & set(words.stems(f"{hit.name} {hit.heading} {hit.quote}"))) / (len(stems) or 1) for hit in found
    ]
    if not named and (2 * len(found) < len(first) or max(shares, default=0.0) < ABOUT):
        return None
    # What is asked for is where the code does it, before where that is tried.
    found.sort(key=lambda hit: (is_file_of_tests(hit.name), of_deed and hit.kind != "function"))
    named.sort(key=lambda hit: is_file_of_tests(hit.name))
    shown = list({hit.key: hit for hit in (*named, *found)}.values())[: DEED_PLACES if of_deed else PLACES]
    citations = tuple(
        Citation(number, hit.quote, hit, quote_holds(store, hit)) for number, hit in enumerate(shown, start=1)
    )
    lines = [f"{one.evidence.heading or one.evidence.name}: {one.place} [{one.number}]" for one in citations]
    text = "\n".join(["No text states the answer. The code in question is here:", *lines])
    why = ("no text states it; only the code is here",)
    return Answer(asked.text, text, "quoted", citations, fit="unsure", reasons=why)


def _definitions_of(graph: AskedGraph, name: str) -> list[CodeAnswer]:
    try:
        return graph.verb("definition", name)
    except NotFoundError:
        return []
