"""The default of a parameter, from the signature that declares it, where no text states it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...corpus.store import Store
from ...errors import NotFoundError
from ...graphs.code.facts import FUNCTION, METHOD
from ...graphs.code.symbols import Symbol
from ...questions.question import Question
from ...questions.view import view
from ..answer import Answer
from ..tools.asked import AskedGraph
from ..tools.say import definition_head

_ASKS = re.compile(r"\bdefaults?\b|\bout of the box\b|\bunless (?:i|we|you) (?:set|say|pass)\b", re.IGNORECASE)
_CONSTRUCTORS = ("__init__", "constructor", "initialize", "__construct")
_NAMED = re.compile(r"(?:[^:=]*[\s$&*])?(\w+)\s*\??(?::.*?)?(?<![=!<>])=(?![=>])(.*)", re.DOTALL)
_KEYWORD = re.compile(r"\s*(\w+): ?(-?\d[\w.]*|[\"':\[{].*|true|false|nil)\s*$", re.DOTALL)
"""A keyword with a value that is written out, as Ruby has them."""
_MEANT = 2
"""Of several symbols of one name, how many a question is taken to mean."""


def answer(store: Store, graph: AskedGraph, asked: Question) -> Answer | None:
    """``None`` where the question asks for no default, or names no symbol with a parameter that it names as well."""
    names = list(dict.fromkeys(name.strip("`()") for name in (*asked.identifiers, *asked.names)))
    if not names or not _ASKS.search(asked.text):
        return None
    for name in names:
        # The parameter may be written like code, too: "the default max_wait of Pump".
        said = view(asked.text.replace(name, " ").replace("_", " "), asked.language).terms
        for symbol in _callables(graph, name):
            meant = [
                (parameter, value)
                for parameter, value in defaults(symbol.signature)
                if all(view(word, "en").terms & said for word in parameter.strip("_").split("_"))
            ]
            if len(meant) == 1:
                return _say(store, asked, symbol, *meant[0])
    return None


def _say(store: Store, asked: Question, symbol: Symbol, parameter: str, value: str) -> Answer | None:
    citation = definition_head(store, 1, symbol)
    if citation is None or parameter not in citation.quote:
        return None
    text = f"{citation.quote} [1]"
    why = (f"the parameter {parameter} of {symbol.id} is taken to be meant",)
    return Answer(asked.text, text, "quoted", (citation,), short=value, fit="likely", reasons=why)


def _callables(graph: AskedGraph, name: str) -> Iterator[Symbol]:
    """What is called by that name: a function, or what makes an object of a class."""
    for each in (name, *(f"{name}.{made}" for made in _CONSTRUCTORS)):
        try:
            found = graph.verb("definition", each)
        except NotFoundError:
            continue
        yield from (one.symbol for one in found[:_MEANT] if one.symbol.label in (FUNCTION, METHOD))


def defaults(signature: str) -> Iterator[tuple[str, str]]:
    """The parameters of a signature on one line that have a default, each with it, in whatever language.

    >>> list(defaults("def f(a, b: dict[str, int]={}, *, c: int=3) -> None"))
    [('b', '{}'), ('c', '3')]
    >>> list(defaults("def f(a, b: 3, c: nil)"))
    [('b', '3'), ('c', 'nil')]
    >>> list(defaults("public int F(int a, long b = 3)"))
    [('b', '3')]
    """
    depth, start = 0, signature.find("(") + 1
    for at in range(start, len(signature)):
        depth += (signature[at] in "([{") - (signature[at] in ")]}")
        if depth < 0 or (depth == 0 and signature[at] == ","):
            if named := _NAMED.match(signature[start:at]) or _KEYWORD.match(signature[start:at]):
                yield named[1], named[2].strip()
            start = at + 1
        if depth < 0:
            return
