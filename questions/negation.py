# ruff: noqa: E501
"""Whether a statement negates what a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .assertion import Fault
from .question import Question
from .view import View, token_stem, view

_NEGATION = re.compile(
    r"\b(?:not|never|cannot|neither|nor|\w+n['’]t|nicht|nie|niemals|keine?[rnms]?)\b(?!\s+(?:only|just|until|merely|nur|to be confused|forget|miss|worry|hesitate|vergessen))"
    r"(?![^.;:]{0,70}\b(?:but|sondern) (?:in|at|on|to|by|from|with|for|the|an?|im?|am|der|die|das)\b)",
    re.I,
)
_NO_NOUN = re.compile(r"\b(?:no|without|kein\w*|ohne)\s+(\w+)", re.I)


def negation_faults(question: Question, own: View, around: tuple[View, ...]) -> list[Fault]:
    """A statement that negates what is asked for: a yes-or-no question is decided by it, others are not answered."""
    refuses = _refuses(question, own, around)
    if question.kind == "yes_no":
        return [("sure", "negated where the question is not")] if refuses and not question.negated else []
    if question.kind in ("reason", "comparison", "definition", "passage") and not question.negated:
        return []
    if question.negated == bool(refuses):
        return []
    if question.negated:
        loose = bool(_NEGATION.search(own.text) or _NO_NOUN.search(own.text))
        return [] if loose else [("unsure", "does not say what is not")]
    if any(sign.group == "permission" for sign in question.deciding):
        return []
    if question.kind in ("number", "value", "count", "duration") and _LIMIT.search(own.text):
        return []
    return [("no" if _negates(question, own) else "unsure", "negated where the question is not")]


def says_no(question: Question, statement: str, above: Sequence[str]) -> bool:
    """Whether a statement below ``above`` says no to a yes-or-no question."""
    language = question.language
    return _refuses(question, view(statement, language), tuple(view(text, language) for text in above))


def _refuses(question: Question, own: View, around: tuple[View, ...]) -> bool:
    modal = {sign.side for one in (own, *around) for sign in one.signs if sign.group == "permission"}
    return _negates(question, own) or "must not" in modal or _refused_above(own, around)


_LIMIT = re.compile(
    r"\b(?:not|never|no|nicht|kein\w*)\b[^.;]{0,30}?\b(?:above|below|over|under|more|less|fewer|beyond|exceed\w*|longer|faster|higher"
    r"|larger|bigger|greater|heavier|older|wider|deeper|taller|smaller|shorter|younger|lighter|narrower|lower|before|after|until|über|unter|mehr|weniger|vor|nach|höher|niedriger|größer|kleiner|länger|kürzer|breiter|tiefer|schwerer|leichter|älter|jünger|schneller)\b[^.;]{0,15}\d",
    re.IGNORECASE,
)
"""What is not allowed above a number gives that number."""


def _refused_above(own: View, around: tuple[View, ...]) -> bool:
    """Whether its lead-in or heading refuses it; the names of columns refuse nothing."""
    return any(_NEGATION.search(one.text) for one in around[-1:]) and not own.text.startswith("|")


def _negates(question: Question, own: View) -> bool:
    """A negation whose next words are words of the question."""
    asked = {*question.subject, *question.asked} | {
        token_stem(sign.word, question.language) for sign in question.deciding
    }
    for found in _NEGATION.finditer(own.text):
        inside = own.text.rfind("(", 0, found.start()) > own.text.rfind(")", 0, found.start())
        until = own.text.find(")", found.end()) if inside else len(own.text)
        places = zip(own.starts, own.by_token, strict=True)
        behind = [stem for start, stem in places if found.end() <= start and (start < until or until < 0)][:2]
        if any(stem in asked for stem in behind):
            return True
    return any(token_stem(found[1].lower(), own.language) in asked for found in _NO_NOUN.finditer(own.text))
