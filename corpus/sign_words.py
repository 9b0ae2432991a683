"""Signs as words: ``{`` and ``^A`` where a text sets them before what they stand for, or in quotes, and as a question
asks for them. Search cuts signs away, so each of them makes a word of the full-text index besides.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MARK, _OF_TERM = "ːsign", "ːterm"
"""Letters that no other word of the index begins with."""
_SIGN = r"\^[A-Za-z@\[\]\\_^]|[^\w\s]{1,2}|_"
_TERM = re.compile(rf"^[ \t]*(?P<sign>{_SIGN})(?:[ ]{{2,}}|[ ]*\t)[ \t]*(?=\S)", re.MULTILINE)
_CELL = re.compile(rf"\|[ \t]*(?P<sign>(?!\|)(?:{_SIGN}))[ \t]*(?=\|)")
_QUOTED = re.compile(rf"(?P<open>[`'\"‘“])(?P<sign>(?![`'\"‘“])(?:{_SIGN}))[`'\"’”]")
_BULLETS = frozenset(["-", "*", "+", "•", "‣", "◦", "--", "//", "#", "##", ".."])
_NOUN = r"(?:symbols?|signs?|keys?|characters?|commands?|marks?|buttons?|shortcuts?)"
_ASKED = re.compile(
    rf"what(?:['’]?s| does| do| is| are)(?: the| an?)?(?: {_NOUN})? (?P<open>[`'\"‘“])?"
    rf"(?P<sign>(?![?])(?:{_SIGN})|(?<=[`'\"‘“])\?)"
    rf"(?(open)[`'\"’”])(?: {_NOUN})?(?=[ ?]|$)",
    re.IGNORECASE,
)


def asked_sign(question: str) -> str:
    """The sign that a question asks about: "what does the { symbol mean"; empty for any other question."""
    found = _ASKED.match(question.strip())
    return found["sign"] if found else ""


@lru_cache(maxsize=4096)
def signs_of(text: str) -> frozenset[str]:
    """The signs that stand before what they mean, in a cell of their own, or in quotes."""
    terms = {found["sign"] for found in _TERM.finditer(text)} - _BULLETS
    return frozenset(terms | {found["sign"] for form in (_CELL, _QUOTED) for found in form.finditer(text)})


def term_sign(statement: str) -> str:
    """The sign that a statement begins with and says the meaning of; empty for any other statement."""
    found = _TERM.match(statement) or _CELL.match(statement)
    return found["sign"] if found else ""


def sign_words(text: str) -> str:
    terms = {found["sign"] for found in _TERM.finditer(text)} - _BULLETS
    return " ".join(
        [_word(sign, _MARK) for sign in sorted(signs_of(text))] + [_word(sign, _OF_TERM) for sign in sorted(terms)]
    )


def asked_sign_words(question: str) -> list[str]:
    """The words of the sign that is asked about: that of any place that tells of it, and that of a line of its own."""
    sign = asked_sign(question)
    return [_word(sign, _MARK), _word(sign, _OF_TERM)] if sign else []


def _word(sign: str, mark: str) -> str:
    return mark + "".join(f"{ord(letter):x}" for letter in sign)
