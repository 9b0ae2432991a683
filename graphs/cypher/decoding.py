"""The dialect as a grammar to decode by: a model under it can write reads only, with known functions and procedures.

Made from ``dialect.lark`` itself, for a longest-match lexer without priorities and word boundaries. It says a little
less than the dialect: a keyword that something must follow has a blank behind it, keywords are no names unless in
backticks, a slice of a list has a blank between a number and its dots, and there are no comments and no Unicode
escapes. What a grammar cannot say (how long a path may be, and that a blank stands behind ``END`` or ``IS NULL`` when a
word follows) stays with the guard, which reads every query anyway.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from .guard import FUNCTIONS, PROCEDURES

_AT_AN_END = frozenset(["ASC", "DESC", "CONSTANT", "END", "NULL_TEST", "CASE", "ELSE"])
"""Keywords behind which a query may end, or a sign follow as often as not."""
_RESERVED = frozenset(
    ["CASE", "WHEN", "THEN", "ELSE", "END", "CONSTANT", "ALL", "ANY", "NOT", "AND", "OR", "XOR", "IN", "AS"]
) | {"DISTINCT", "UNWIND", "WHERE", "WITH"}
"""Keywords that the parser would take for themselves where a name may stand."""
_UNSAID = re.compile(r"^(?:COMMENT:.*|%ignore COMMENT|//.*)\n|\s*->\s*\w+$|(?<=[A-Z])\.\d+(?=:)", re.MULTILINE)
_KEYWORD = re.compile(r"^([A-Z_]+): (/.*)\\b/i(.*)$", re.MULTILINE)
_BLANKS = r"[ \t\r\n]{1,16}"


@cache
def decoding_grammar(labels: tuple[str, ...] = ()) -> str:
    """Lark in the dialect of llguidance, for ``constraints.constrain("lark", …)``.

    With ``labels`` (of nodes and relations) no others can be written.
    """
    source = files(__package__).joinpath("dialect.lark").read_text(encoding="utf-8")
    plain = _UNSAID.sub("", source)
    reserved = "|".join(match[2].strip("/") for match in _KEYWORD.finditer(plain) if match[1] in _RESERVED)
    said = {
        r"\\(.|\n)": r"\\[^uU]",
        "([^`]|``)": r"([^`\\]|``)",
        "WS: /[ \\t\\r\\n]+/": f"WS: /{_BLANKS}/",
        "key: NAME |": "key: KEY |",
        "\nNAME: ": f"\nKEY: /[^\\W\\d]\\w*/\nNAME: ~/{reserved}/i & ",
        'CALL name ("." name)* ("(" arguments? ")")?': 'CALL PROCEDURE "(" arguments? ")"',
        '| name "(" arguments? ")"': '| FUNCTION "(" arguments? ")"',
        '        | postfix "." key "(" arguments? ")"\n': "",
        "label: name": f"label: {' | '.join(map(_label, labels)) or 'name'}",
    }
    for there, here in said.items():
        plain = plain.replace(there, here)
    known = f"FUNCTION: {_one_of(FUNCTIONS)}\nPROCEDURE: {_one_of(PROCEDURES)}\n"
    return '%llguidance {"ignore_once": true}\n' + _KEYWORD.sub(_keyword, plain) + known


def _keyword(match: re.Match[str]) -> str:
    name, expression, rest = match.groups()
    return f"{name}: {expression}{'' if name in _AT_AN_END else _BLANKS}/i{rest}"


def _one_of(names: frozenset[str]) -> str:
    return f"/{'|'.join(name.replace('.', '[.]') for name in sorted(names))}/i"


def _label(name: str) -> str:
    plain = re.fullmatch(r"[^\W\d]\w*", name)
    return f'"{name}"' if plain else '"`{}`"'.format(re.sub(r'(["\\])', r"\\\1", name.replace("`", "``")))
