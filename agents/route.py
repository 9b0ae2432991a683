"""Which way a question goes: to the code graph, to the text indexes, or to both.

Deterministic: a few forms of English that ask for callers, callees, definitions, subclasses, references or the purpose
of a named symbol go to the graph; everything else is searched for. No model is asked to plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SYMBOL = r"[`'\"]?(?P<symbol>[A-Za-z_][\w.]*)(?:\(\))?[`'\"]?"
_KIND = r"(?:the )?(?:python )?(?:function|method|class|module|symbol|decorator)? ?"
_WHICH = r"(?:what|who|which)(?: (?:functions?|methods?|classes|code|places?|modules?))?"

_FORMS: tuple[tuple[str, str], ...] = (
    (
        "callees",
        rf"(?:what|{_WHICH}) (?:functions? |methods? )?(?:does|do|is) {_KIND}{_SYMBOL} (?:call|calling|invoke)s?",
    ),
    ("callees", rf"(?:list |show )?(?:the )?callees of {_KIND}{_SYMBOL}"),
    ("callees", rf"{_WHICH} (?:is|are) called (?:by|from|in) {_KIND}{_SYMBOL}"),
    ("callers", rf"{_WHICH} (?:calls?|invokes?) {_KIND}{_SYMBOL}"),
    ("callers", rf"(?:list |show )?(?:all )?(?:the )?callers of {_KIND}{_SYMBOL}"),
    ("callers", rf"where is {_KIND}{_SYMBOL} called(?: from)?"),
    ("definition", rf"where is {_KIND}{_SYMBOL} (?:defined|declared|implemented)"),
    ("definition", rf"(?:show |find )?(?:me )?(?:the )?(?:definition|signature|source) of {_KIND}{_SYMBOL}"),
    ("describe", rf"what (?:does|do) {_KIND}{_SYMBOL} do"),
    ("describe", rf"what is {_KIND}{_SYMBOL}"),
    ("describe", rf"(?:explain|describe) {_KIND}{_SYMBOL}"),
    ("subclasses", rf"{_WHICH} (?:subclass|inherit|derive|extend)(?:es|s)?(?: from)? {_KIND}{_SYMBOL}"),
    ("subclasses", rf"(?:what|which) are (?:the )?(?:subclasses|children) of {_KIND}{_SYMBOL}"),
    ("subclasses", rf"(?:list |show )?(?:all )?(?:the )?subclasses of {_KIND}{_SYMBOL}"),
    ("references", rf"where is {_KIND}{_SYMBOL} (?:used|referenced)"),
    ("references", rf"{_WHICH} (?:uses?|references?) {_KIND}{_SYMBOL}"),
    ("references", rf"(?:list |show )?(?:all )?(?:the )?(?:references|usages|uses) (?:to|of) {_KIND}{_SYMBOL}"),
)
_COMPILED = tuple(
    (verb, re.compile(rf"\s*{form}(?: in [\w./-]+)?\s*[?.!]*\s*", re.IGNORECASE)) for verb, form in _FORMS
)
_CODE_LIKE = re.compile(r"`[^`]+`|[_.()]|[a-z][A-Z]")


@dataclass(frozen=True, slots=True)
class Route:
    verb: str | None
    """The code graph's verb, or ``None`` when the question is only searched for."""
    symbol: str
    certain: bool
    """The symbol is written like code, so that an unknown one is an answer in itself."""
    reason: str


def route(question: str) -> Route:
    for verb, form in _COMPILED:
        match = form.fullmatch(question)
        if match:
            symbol = match["symbol"].rstrip(".")
            certain = bool(_CODE_LIKE.search(question[match.start("symbol") - 1 : match.end("symbol") + 1]))
            asks = f"asks what {symbol} does" if verb == "describe" else f"asks for the {verb} of {symbol}"
            return Route(verb, symbol, certain, asks)
    return Route(None, "", False, "no form of a graph question: searched for")
