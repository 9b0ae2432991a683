"""Values that a statement pairs with what they stand for: "(0=Sunday, 6=Saturday)", "10 = trace, 20 = debug"."""

from __future__ import annotations

import re

_WORD = r"(?!(?:and|or)\b)[^\s,;:()\[\]=|<>`\"']+"
_PAIR = re.compile(
    rf"(?<![^\s,;:([`\"'])[`\"']?(?P<one>{_WORD}(?: {_WORD}){{0,2}})[`\"']?\s?(?:=|->|→)\s?"
    rf"[`\"']?(?P<other>{_WORD}(?: {_WORD}){{0,2}})[`\"']?(?=\s*(?:[,;).|]|$|(?:and|or) ))"
)
_LEAST = 2


def paired_value(question: str, statement: str) -> str:
    """What the statement pairs with the one value that the question names: "Sunday" for "which day is 0"; empty where
    it has no list of pairs, or the question names several of their values or both of one."""
    pairs = [(found["one"], found["other"].rstrip(".")) for found in _PAIR.finditer(statement)]
    if len(pairs) < _LEAST:
        return ""
    named = [its for pair in pairs for one, its in (pair, pair[::-1]) if _names(question, one)]
    return named[0] if len(named) == 1 else ""


def _names(question: str, value: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w-]|\.\d)", question, re.IGNORECASE) is not None
