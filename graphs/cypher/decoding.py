"""The dialect as a grammar to decode by: a model under it writes no query but one that the parser accepts.

Made from ``dialect.lark`` itself, for a longest-match lexer without priorities and word boundaries. It says a little
less than the dialect: a keyword that something must follow has a blank behind it, and there are no comments and no
Unicode escapes. What a grammar cannot say (which functions there are, how long a path may be) stays with the guard.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_AT_AN_END = frozenset(["ASC", "DESC", "CONSTANT", "END", "NULL_TEST", "CASE", "ELSE"])
"""Keywords behind which a query may end, or a sign follow as often as not."""
_RESERVED = frozenset(
    [
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "CONSTANT",
        "ALL",
        "ANY",
        "NOT",
        "AND",
        "OR",
        "XOR",
        "IN",
        "AS",
        "DISTINCT",
        "UNWIND",
        "WHERE",
        "WITH",
    ]
)
"""Keywords that are no names here (they are in backticks), since the parser would take them for themselves."""
_PRIORITY = re.compile(r"^([A-Z_]+)\.\d+:", re.MULTILINE)
_ALIAS = re.compile(r"\s*->\s*\w+$", re.MULTILINE)
_KEYWORD = re.compile(r"^([A-Z_]+): (/.*)\\b/i(.*)$", re.MULTILINE)
_COMMENT = re.compile(r"^(?:COMMENT:.*|%ignore COMMENT|//.*)\n", re.MULTILINE)


@cache
def decoding_grammar() -> str:
    """Lark in the dialect of llguidance, for ``constraints.constrain("lark", …)``."""
    source = files(__package__).joinpath("dialect.lark").read_text(encoding="utf-8")
    for pattern in (_COMMENT, _ALIAS):
        source = pattern.sub("", source)
    plain = _PRIORITY.sub(r"\1:", source)
    reserved = "|".join(match[2].strip("/") for match in _KEYWORD.finditer(plain) if match[1] in _RESERVED)
    named = _KEYWORD.sub(_keyword, plain).replace("key: NAME |", "key: KEY |")
    named = named.replace("\nNAME: ", f"\nKEY: /[^\\W\\d]\\w*/\nNAME: ~/{reserved}/i & ")
    return named.replace(r"\\(.|\n)", r"\\[^uU]").replace("([^`]|``)", r"([^`\\]|``)")


def _keyword(match: re.Match[str]) -> str:
    name, expression, rest = match.groups()
    blank = "" if name in _AT_AN_END else r"[ \t\r\n]"
    return f"{name}: {expression}{blank}/i{rest}"
