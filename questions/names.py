"""The names of a question: whether a text holds them, and whether it speaks of another in their place."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from ..corpus.words import STOPWORDS
from .assertion import Fault
from .key_names import keys_in
from .opposites import CALENDAR
from .question import Question
from .question_forms import LIGHT
from .variants import NO_INITIALS
from .view import View, token_stem, view

INITIALS = 0.9
"""What the initials of a person of the same document count."""
_TELLING = 5
"""Characters of a code from which on it means the same within another, behind a hyphen: the TQFP100 of STK-TQFP100."""
_TERM = re.compile(r"[\s>]*(?:[-*+•]\s+)?[`*\"']*(?P<term>[A-Za-z_][\w.]*)[`*\"']*(?:\([^)\n]*\))?[`*]*(?::| [-–—] )")
_ACRONYM = re.compile(r"[A-Z]{3,6}")
_FORMS = {"url": "://", "urls": "://", "link": "://", "email": "@", "e-mail": "@"}
"""Names of things that are told by their signs."""


def name_share(name: str, view: View) -> float:
    """1 when the view holds the name, less when only its last word."""
    if pressed := keys_in(name):
        return float(pressed <= keys_in(view.text))
    lows = name.lower().removesuffix("()").split() or [name]
    if lows[0] in _FORMS and _FORMS[lows[0]] in view.text:
        return 1.0
    present = {*view.lows, *(low[:-2] for low in view.lows if low.endswith(("'s", "’s")))}
    present |= {low.replace("-", "") for low in view.lows if "-" in low}
    lows = [low if low in present else low.replace("-", "") for low in lows]
    if len(lows) == 1:
        if lows[0] in present:
            return 1.0
        around = r"[\w-]" if len(lows[0]) < _TELLING or not re.search(r"\d", lows[0]) else r"\w"
        if _ACRONYM.fullmatch(name) and _spells_out(name, view):
            return INITIALS
        if re.search(rf"(?<!{around}){re.escape(lows[0])}(?!{around})", view.text, re.IGNORECASE):
            return 1.0
        return (
            0.8
            if (len(lows[0]) > 3 and f"{lows[0]}s" in present)
            or (lows[0].isalpha() and token_stem(lows[0], view.language) in view.stems)
            else 0.0
        )
    held = [low for low in lows if low in present or low in STOPWORDS]
    if len(held) == len(lows):
        return 1.0
    initials = "".join(low[0] for low in lows if low not in STOPWORDS)
    if len(initials) > 1 and initials in present:
        return 0.9
    if lows[-1] in present and len(lows[-1]) > 2:
        return 0.7
    return 0.4 if any(low in present and len(low) > 3 for low in lows if low not in STOPWORDS) else 0.0


def _spells_out(acronym: str, view: View) -> bool:
    """Whether words side by side, with capitals, begin with its letters: AGM for the Annual General Meeting."""
    words = [token for token, low in zip(view.tokens, view.lows, strict=True) if low not in STOPWORDS]
    first = "".join(word[0] if word[0].isupper() and not word.isupper() else " " for word in words)
    return acronym in first


def name_faults(
    question: Question,
    own: View,
    around: tuple[View, ...],
    missing: Container[str],
    opening: View | None = None,
    *,
    initials: Mapping[str, str] = NO_INITIALS,
) -> list[Fault]:
    found: list[Fault] = []
    asked = {low for name in question.names for low in name.lower().split()} | set(
        view(question.text, question.language).lows
    )
    for identifier in question.identifiers:
        if any(name_share(identifier, view) == 1.0 for view in (own, *around, *([opening] if opening else []))):
            continue
        shape = _shape(identifier)
        alike = (other for view in (own, *around) for other in view.identifiers if _shape(other) == shape)
        rival = next(alike, "") or _sibling(identifier, own)
        if rival:
            found.append(("no", f"about {rival.upper() if identifier.isupper() else rival}, not {identifier}"))
        else:
            code = any(letter.isdigit() for letter in identifier)
            found.append(("no" if code else "unsure", f"does not name {identifier}"))
    for name in question.names:
        degree = max(name_share(name, view) for view in (own, *around))
        if degree < INITIALS and any(initials.get(name) in view.tokens for view in (own, *around)):
            degree = INITIALS
        if degree >= 0.8:
            rival = _contrast(question, name, own, asked)
            if name_share(name, own) < 0.8 and rival:
                found.append(("unsure", f"about {rival}, not {name}"))
            continue
        if head := _head_of_record(own, around, asked):
            found.append(("no", f"about {head}, not {name}"))
            continue
        if opening and name_share(name, opening) >= 0.8:
            if missing:
                found.append(("likely", f"{name} is named at the head of the document alone"))
            continue
        rival = _rival(question, name, own, around=around, asked=asked, missing=missing)
        if rival:
            found.append(("no", f"about {rival}, not {name}"))
        else:
            found.append(("likely" if degree >= 0.7 else "unsure", f"does not name {name}"))
    return found


def _head_of_record(own: View, around: tuple[View, ...], asked: set[str]) -> str:
    """The name above a line "Phone: 11", where that is a record of somebody whom the question does not name."""
    if not _FIELD.match(own.text):
        return ""
    for governor in around[_OF_DOCUMENT:]:
        tokens = governor.tokens
        named = 2 <= len(tokens) <= 3 and all(token[0].isupper() and token.isalpha() for token in tokens)
        if named and not governor.text.startswith("#") and not set(governor.lows) & asked:
            return " ".join(tokens)
    return ""


_FIELD = re.compile(r"[^\W\d_][^:.!?\n]{0,40}: \S")
_OF_DOCUMENT = 2
"""Governors that every statement has: the name of its document, and its headings."""


def begins_with(identifier: str, text: str) -> bool:
    """Whether a line tells of the identifier by beginning with it: "* ``SIGNAL_LOST``: no lock"."""
    term = _TERM.match(text)
    return term is not None and term["term"].lower() == identifier.lower()


def _sibling(identifier: str, own: View) -> str:
    """The identifier that the statement begins with, where it is another of the same family: SIGNAL_SENT beside
    SIGNAL_LOST."""
    family, joined, _ = identifier.lower().partition("_")
    term = _TERM.match(own.text)
    found = term["term"] if term else ""
    return found if joined and found.lower().startswith(f"{family}_") and found.lower() != identifier.lower() else ""


def _shape(identifier: str) -> str:
    return (
        re.sub(r"\d+", "9", identifier.lower()) if any(letter.isdigit() for letter in identifier) else "?" + identifier
    )


def _contrast(question: Question, name: str, own: View, asked: set[str]) -> str:
    """A name in the place that the question's name has there: after the same noun ("ferry Brio")."""
    at = _place(view(question.text, question.language), name)
    if at <= 0:
        return ""
    before = view(question.text, question.language).by_token[at - 1]
    if before in STOPWORDS or question.kind in ("person", "place", "name", "list"):
        return ""
    for place in range(1, len(own.tokens)):
        if own.by_token[place - 1] == before and own.lows[place] in own.capitals and own.lows[place] not in asked:
            return own.tokens[place]
    return ""


def _place(view: View, name: str) -> int:
    first = name.lower().split()[0]
    return next((at for at, low in enumerate(view.lows) if low == first or low == f"{first}'s"), -1)


def _rival(
    question: Question, name: str, own: View, around: tuple[View, ...], asked: set[str], missing: Container[str]
) -> str:
    """Another name where the question's is missing: in its very place, or in a statement that else says all of it."""
    contrast = _contrast(question, name, own, asked)
    if contrast:
        return contrast
    lows = name.lower().split()
    tail = lows[-1]
    for place in range(1, len(own.lows)):
        if (
            len(lows) > 1
            and own.lows[place] == tail
            and own.lows[place - 1] in own.capitals
            and own.lows[place - 1] not in lows
        ):
            return f"{own.tokens[place - 1]} {own.tokens[place]}"
    text = view(question.text, question.language)
    at = _place(text, name)
    if at >= 2:
        before = text.by_token[at - 2 : at]
        for place in range(2, len(own.lows)):
            if (
                own.by_token[place - 2 : place] == before
                and own.lows[place] in own.capitals
                and own.lows[place] not in asked
                and before[0] not in STOPWORDS
            ):
                return own.tokens[place]
    wanted = {*question.subject, *question.asked}
    rest = [stem for stem in wanted if stem not in LIGHT]
    complete = bool(rest) and all(stem not in missing for stem in rest) and len(question.names) == 1
    if not complete:
        return ""
    if question.kind not in ("person", "name", "place", "list"):
        others = [
            token
            for token, low in zip(own.tokens, own.lows, strict=True)
            if low in own.capitals and low not in asked and low not in CALENDAR
        ]
        if others:
            return others[0]
        first = own.tokens[0] if own.tokens else ""
        if (
            first[:1].isupper()
            and own.lows[0] not in STOPWORDS
            and own.by_token[0] not in text.stems
            and not first.endswith("s")
        ):
            return first
    for governor in reversed(around):
        tokens = governor.tokens
        if 0 < len(tokens) <= 3 and all(token[0].isupper() for token in tokens) and not set(governor.lows) & asked:
            return " ".join(tokens)
    return ""
