"""Regular expressions of JSON Schema (ECMA 262) in the syntax of the engine (Rust's ``regex``).

The two differ in what ``.``, ``\\s``, ``\\d`` and ``\\w`` match and in their escapes; look-around and back-references
are only ECMA's. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import cache
from typing import Any

from ...errors import InputError

_SPACE = r"\t\n\x0B\x0C\r\x20\xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}"
_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": _SPACE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_PIECE = re.compile(
    r"\\u\{(?P<braced>[0-9A-Fa-f]{1,6})\}"
    r"|\\u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})"
    r"|\\u(?P<unicode>[0-9A-Fa-f]{4})|\\x(?P<hex>[0-9A-Fa-f]{2})|\\c(?P<control>[A-Za-z])"
    r"|\\(?P<property>[pP]\{[A-Za-z_]+(?:=[A-Za-z_]+)?\})"
    r"|\\(?P<escape>.)|\(\?(?P<group>:|<[A-Za-z_][A-Za-z0-9_]*>|.?)|(?P<lazy>(?:[*+?]|\{[0-9]+,?[0-9]*\})\?)"
    r"|(?P<plain>.)",
    re.DOTALL,
)


_DECIMAL = re.compile(
    r"\^\(\?!\^\[-\+\.]\*\$\)\[\+-]\?0\*"
    r"(?:\\d\*\\\.\?\\d\*\$"
    r"|\(\?:\\d\{0,(?P<before>[1-9]\d*)}\|\(\?=\[\\d\.]\{1,(?P<letters>\d+)}0\*\$\)"
    r"\\d\{0,(?P=before)}\\\.\\d\{0,(?P<behind>[1-9]\d*)}0\*\$\))"
)
"""What pydantic 2.12 and 2.13 write for ``Decimal``, in very many schemas: look-around that can be said without."""


def translate(pattern: str, where: str) -> str:
    """``pattern`` in the engine's syntax, matching the same texts (of pydantic's decimals only numbers: it does not
    anchor one alternative). Raises ``InputError`` where there is none."""
    parts, inside = [], False
    for match in _PIECE.finditer(_without_look_around(pattern)):
        kind, text = match.lastgroup or "", match[match.lastgroup or 0]
        if kind == "low":
            parts.append(_letter(0x10000 + ((int(match["high"], 16) & 0x3FF) << 10) + (int(text, 16) & 0x3FF)))
        elif kind in ("braced", "unicode", "hex"):
            code = int(text, 16)
            if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
                raise _refusal(f"the code point U+{code:04X}", where)
            parts.append(_letter(code))
        elif kind == "control":
            parts.append(_letter(ord(text.upper()) - 64))
        elif kind == "property":
            parts.append(f"\\{text}")
        elif kind == "escape":
            parts.append(_escape(text, inside, where))
        elif kind == "group":
            parts.append(_group(match, inside, where))
        elif kind == "lazy":
            # The set of texts that match does not depend on who takes how much.
            parts.append(match[0] if inside else text[:-1])
        else:
            parts.append(_plain(text, inside))
            inside = (text == "[") or (inside and text != "]")
    return "".join(parts)


def _without_look_around(pattern: str) -> str:
    """A pattern of ``_DECIMAL`` in other words; any other as it is."""
    found = _DECIMAL.fullmatch(pattern)
    if found is None:
        return pattern
    if found["before"] is None:
        return r"^[+-]?(?:\d+\.?\d*|\.\d+)$"
    before, behind = int(found["before"]), int(found["behind"])
    if int(found["letters"]) <= before + behind:
        return pattern
    whole = rf"(?:0*\d{{1,{before}}}|0+)"
    return rf"^[+-]?(?:{whole}|{whole}\.\d{{0,{behind}}}0*|\.\d{{1,{behind}}}0*|\.0+)$"


def _letter(code: int) -> str:
    return f"\\x{{{code:X}}}"


def _escape(letter: str, inside: bool, where: str) -> str:
    if letter.lower() in _CLASSES:
        members = _CLASSES[letter.lower()]
        if letter.islower():
            return members if inside else f"[{members}]"
        return f"[^{members}]"
    if letter in _CONTROLS:
        return _letter(_CONTROLS[letter])
    if letter == "b" and inside:
        return _letter(8)
    if letter.isalnum():
        raise _refusal(f"\\{letter}", where)
    return _letter(ord(letter))


def _group(match: re.Match[str], inside: bool, where: str) -> str:
    if inside:
        raise _refusal("(? inside a class", where)
    kind = match["group"]
    if kind == ":" or (kind.startswith("<") and kind.endswith(">")):
        return "(?:"
    raise _refusal("look-around", where)


def _plain(letter: str, inside: bool) -> str:
    if inside:
        # Rust gives these a meaning of their own in a class: nested classes and set operations.
        return _letter(ord(letter)) if letter in "[&~" else letter
    return r"[^\n\r\x{2028}\x{2029}]" if letter == "." else letter


def matches(pattern: str, text: str) -> bool:
    """Whether ``pattern``, in the engine's syntax, matches in ``text``, in time linear in ``text``."""
    from llguidance import LLMatcher

    texts = LLMatcher.grammar_from_json_schema({"type": "string", "pattern": pattern})
    found = LLMatcher(_bytes(), texts, log_level=0)
    data = json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return bool(found.try_consume_tokens(list(data)) == len(data) and found.is_accepting())


@cache
def _bytes() -> Any:
    from llguidance import LLTokenizer

    return LLTokenizer("byte")


def exactly(texts: Collection[str]) -> str:
    """An expression for these texts alone."""
    return f"^(?:{'|'.join(_literal(text) for text in texts)})$"


def other_than(texts: Collection[str]) -> str:
    """An expression for every text but these.

    >>> other_than(["a"])
    '^(?:|[^\\\\x{61}](?s:.*)|\\\\x{61}(?:(?s:.+)))$'
    """
    return f"^{_other(frozenset(texts))}$"


def _other(texts: frozenset[str]) -> str:
    firsts = sorted({text[0] for text in texts if text})
    parts = [] if "" in texts else [""]
    parts.append(f"[^{''.join(map(_literal, firsts))}](?s:.*)" if firsts else "(?s:.+)")
    parts += [_literal(one) + _other(frozenset(text[1:] for text in texts if text[:1] == one)) for one in firsts]
    return f"(?:{'|'.join(parts)})"


def _literal(text: str) -> str:
    return "".join(_letter(ord(letter)) for letter in text)


def _refusal(what: str, where: str) -> InputError:
    return InputError(
        f"the pattern uses {what}, which cannot be enforced", where=where, fix="write the pattern without it"
    )
