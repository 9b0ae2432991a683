# ruff: noqa: E501
"""How a statement's words, names and deciding words meet those of a question."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from ..corpus.languages import COMPOUNDING
from ..corpus.words import STOPWORDS
from .assertion import Fault, Level, clauses
from .numbered import counted_among
from .opposites import PREDICATES, SOFT, TOKEN, Sign, each, release_of
from .paraphrases import alike
from .question import Question
from .question_forms import LIGHT, VALUES
from .units import is_told_by_unit, names_form_only
from .view import View, token_stem, view

NAME, PROPERTY, DECIDING, SLIGHT = 2.0, 1.5, 1.0, 0.3
"""Weights of a question's words beside 1 for the others, where no idf is given."""
PARAPHRASED = 0.9

_NEGATION = re.compile(
    r"\b(?:not|never|cannot|neither|nor|\w+n['’]t|nicht|nie|niemals|keine?[rnms]?)\b(?!\s+(?:only|just|until|merely|nur|to be confused|forget|miss|worry|hesitate|vergessen))",
    re.I,
)
_NO_NOUN = re.compile(r"\b(?:no|without|kein\w*|ohne)\s+(\w+)", re.I)


@dataclass(frozen=True, slots=True)
class Coverage:
    share: float
    """Of the question's weight, held by statement and governors."""
    own: float
    """By the statement alone."""
    missing: tuple[str, ...]
    """Stems."""
    missing_words: tuple[str, ...]


def coverage(
    question: Question,
    own: View,
    around: tuple[View, ...],
    weights: Mapping[str, float] | None,
    opening: View | None = None,
    *,
    told: Container[str] = (),
) -> Coverage:
    """``opening``: the head of the document, which may hold names, identifiers and dates for all that it says;
    ``told``: stems that the statement has in another form, such as a value in one of its ranges."""
    heads = (*around, opening) if opening else around
    terms = frozenset().union(own.terms, *(view.terms for view in around))
    plain = own.stems.union(*(view.stems for view in around)) if around else own.stems
    every = {sign.group for view in (own, *around) for sign in view.signs}
    every |= {sign.group for sign in of_document(opening)} if opening else set()
    total = share = alone = 0.0
    missing = []
    for stem, factor in _weigh(question):
        weight = factor * (weights.get(stem, 1.0) if weights is not None else 1.0)
        total += weight
        if stem in plain:
            share += weight
        elif (
            any(group in terms for group in alike(stem))
            or (question.language in COMPOUNDING and is_compound(stem, plain))
            or is_told_by_unit(stem, own.text)
            or names_form_only(stem, question.text, own.text, plain, question.language)
            or stem in told
        ):
            share += weight * PARAPHRASED
        else:
            missing.append(stem)
        if stem in own.stems or any(group in own.terms for group in alike(stem)) or is_told_by_unit(stem, own.text):
            alone += weight
    for name in (*question.names, *question.identifiers):
        total += NAME
        degree = name_share(name, own)
        share += NAME * max([degree, *(name_share(name, view) for view in heads)])
        alone += NAME * degree
    for sign in question.deciding:
        if sign.group in PREDICATES or sign.group in SOFT:
            total += DECIDING
            if (
                sign.group in every
                or token_stem(sign.word, question.language) in plain
                or any(group in terms for group in alike(token_stem(sign.word, question.language)))
            ):
                share += DECIDING
                alone += DECIDING * any(other.group == sign.group for other in own.signs)
            elif " " not in sign.word:
                missing.append(token_stem(sign.word, question.language))
    asked = {token_stem(low, question.language): low for low in TOKEN.findall(question.text.lower())}
    words = tuple(asked.get(stem, stem) for stem in missing)
    return Coverage(share / total if total else 0.5, alone / total if total else 0.5, tuple(missing), words)


COMPOUND = 5
"""Letters of a word that count inside a longer one: "Grenze" in "Kapazitätsgrenze"."""


def is_compound(stem: str, present: Iterable[str]) -> bool:
    """Whether the word is part of a compound of the text, or a compound of two of its words."""
    inside = [other for other in present if min(len(other), len(stem)) >= COMPOUND - 1]
    if len(stem) >= COMPOUND and any(other.endswith(stem) or other.startswith(stem) for other in inside):
        return True
    heads = [other for other in inside if stem.startswith(other)]
    tails = [other for other in inside if stem.endswith(other)]
    return any(len(head) + len(tail) <= len(stem) <= len(head) + len(tail) + 2 for head in heads for tail in tails)


def _weigh(question: Question) -> list[tuple[str, float]]:
    return [(stem, SLIGHT if stem in LIGHT else 1.0) for stem in question.subject] + [
        (stem, PROPERTY) for stem in question.asked
    ]


_TELLING = 5
"""Characters of a code from which on it means the same within another, behind a hyphen: the TQFP100 of STK600-TQFP100."""
_FORMS = {"url": "://", "urls": "://", "link": "://", "email": "@", "e-mail": "@"}
"""Names of things that are told by their signs."""


def name_share(name: str, view: View) -> float:
    """1 when the view holds the name, less when only its last word."""
    lows = name.lower().removesuffix("()").split() or [name]
    if lows[0] in _FORMS and _FORMS[lows[0]] in view.text:
        return 1.0
    present = {*view.lows, *(low[:-2] for low in view.lows if low.endswith(("'s", "’s")))}
    if len(lows) == 1:
        if lows[0] in present:
            return 1.0
        around = r"[\w-]" if len(lows[0]) < _TELLING or not re.search(r"\d", lows[0]) else r"\w"
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


def of_document(opening: View) -> list[Sign]:
    """What the head of a document says of all of it: its date, its version or number, where it names only one."""
    sides: dict[str, set[str]] = {}
    for sign in opening.signs:
        sides.setdefault(sign.group, set()).add(sign.side)
    return [
        sign
        for sign in opening.signs
        if len(sides[sign.group]) == 1 and (sign.group in _OF_DOCUMENTS or sign.group.endswith("…"))
    ]


def deciding_faults(
    question: Question,
    own: View,
    around: tuple[View, ...],
    short: str,
    opening: View | None = None,
    *,
    settled: Container[str] = (),
) -> list[Fault]:
    """The other side of a deciding word, or none. What ``opening``, the head of the document, says holds for all of
    it; words of the groups ``settled`` were compared otherwise."""
    found: list[Fault] = []
    for sign in question.deciding:
        if sign.group in settled:
            continue
        if question.kind == "yes_no" and sign.group in PREDICATES:
            continue
        here = [other for other in own.signs if other.group == sign.group]
        above = [other for view in reversed(around) for other in view.signs if other.group == sign.group]
        sides = {other.side for other in here}
        if sign.side in sides:
            others = [other for other in here if other.side != sign.side]
            if (others and sign.group not in ("year", "month", "weekday")) or (others and short):
                found += _nearest(question, sign, here, own, short)
            continue
        if sign.side in {other.side for other in above}:
            if sides and sign.group not in SOFT and sign.group != "year":
                found.append(("unsure", f"speaks of “{here[0].word}”"))
            continue
        if _holds(sign, own) or any(_holds(sign, view) for view in around):
            continue
        if _between(sign, here) or any(counted_among(sign, view.text) for view in (own, *around)):
            continue
        head = [other for other in of_document(opening) if other.group == sign.group] if opening and not here else []
        if any(other.side == sign.side for other in head):
            continue
        if here or above:
            other = (here or above)[0]
            grave = sign.group not in SOFT or sign.group in _EXACT or len(here or above) == 1
            found.append(("no" if grave and here else "unsure", f"speaks of “{other.word}”, not “{sign.word}”"))
        elif head:
            found.append(("unsure", f"from {head[0].word}, not “{sign.word}”"))
        elif sign.group not in PREDICATES:
            found.append(("likely" if sign.group in SOFT else "unsure", f"says nothing of “{sign.word}”"))
    return found


_OF_DOCUMENTS = frozenset(each("year month weekday quarter season"))
"""Groups of which a document is of one side: its date."""
_EXACT = frozenset(each("trade loan lease season stage gross trip kin"))


def _holds(sign: Sign, view: View) -> bool:
    """The word itself stands there in another sense, or a label as a cell of its own."""
    if sign.group.endswith("…"):
        label = sign.side
        return any(release_of(token) == label for token in view.tokens) and not any(
            other.group == sign.group for other in view.signs
        )
    return sign.word in view.lows or token_stem(sign.word, view.language) in view.stems


def _between(sign: Sign, others: list[Sign]) -> bool:
    """A year within a span of years that the statement names."""
    if sign.group != "year" or len(others) < 2:
        return False
    years = sorted(int(other.side) for other in others)
    return years[0] <= int(sign.side) <= years[-1]


def _nearest(question: Question, sign: Sign, here: list[Sign], own: View, short: str) -> list[Fault]:
    """Both sides are named: the short answer must stand in the clause of the right one."""
    place = own.text.find(short) if short else -1
    if place < 0:
        level: Level = "unsure" if sign.group == "order" and question.kind in VALUES else "likely"
        return [(level, f"also speaks of “{next(other.word for other in here if other.side != sign.side)}”")]
    for start, end in clauses(own.text):
        if start <= place < end:
            inside = {other.side for other in here if start <= own.starts[other.at] < end}
            if inside and sign.side not in inside:
                other = next(other for other in here if other.side in inside)
                return [("no", f"“{short}” goes with “{other.word}”, not “{sign.word}”")]
            if inside == {sign.side}:
                return []
    distances = sorted((abs(own.starts[other.at] - place), other.side != sign.side, other.word) for other in here)
    if distances and distances[0][1]:
        return [("unsure", f"“{short}” stands nearer to “{distances[0][2]}”")]
    return [("likely", "also speaks of the opposite")]


def name_faults(
    question: Question, own: View, around: tuple[View, ...], held: Coverage, opening: View | None = None
) -> list[Fault]:
    found: list[Fault] = []
    asked = {low for name in question.names for low in name.lower().split()} | set(
        view(question.text, question.language).lows
    )
    for identifier in question.identifiers:
        if any(name_share(identifier, view) == 1.0 for view in (own, *around, *([opening] if opening else []))):
            continue
        shape = _shape(identifier)
        rival = next((other for view in (own, *around) for other in view.identifiers if _shape(other) == shape), "")
        if rival:
            found.append(("no", f"about {rival.upper() if identifier.isupper() else rival}, not {identifier}"))
        else:
            code = any(letter.isdigit() for letter in identifier)
            found.append(("no" if code else "unsure", f"does not name {identifier}"))
    for name in question.names:
        degree = max(name_share(name, view) for view in (own, *around))
        if degree >= 0.8:
            rival = _contrast(question, name, own, asked)
            if name_share(name, own) < 0.8 and rival:
                found.append(("unsure", f"about {rival}, not {name}"))
            continue
        if opening and name_share(name, opening) >= 0.8:
            if held.missing:
                found.append(("likely", f"{name} is named at the head of the document alone"))
            continue
        rival = _rival(question, name, own, around=around, asked=asked, held=held)
        if rival:
            found.append(("no", f"about {rival}, not {name}"))
        else:
            found.append(("likely" if degree >= 0.7 else "unsure", f"does not name {name}"))
    return found


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


def _rival(question: Question, name: str, own: View, around: tuple[View, ...], asked: set[str], held: Coverage) -> str:
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
    complete = bool(rest) and all(stem not in held.missing for stem in rest) and len(question.names) == 1
    if not complete:
        return ""
    if question.kind not in ("person", "name", "place", "list"):
        others = [
            token for token, low in zip(own.tokens, own.lows, strict=True) if low in own.capitals and low not in asked
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


def negation_faults(question: Question, own: View, around: tuple[View, ...]) -> list[Fault]:
    """A statement that negates what is asked for: a yes-or-no question is decided by it, others are not answered."""
    modal = {sign.side for view in (own, *around) for sign in view.signs if sign.group == "permission"}
    refuses = _negates(question, own) or "must not" in modal or _refused_above(own, around)
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


_LIMIT = re.compile(
    r"\b(?:not|never|no|nicht|kein\w*)\b[^.;]{0,30}?\b(?:above|below|over|under|more|less|beyond|exceed\w*|longer|faster|higher"
    r"|lower|before|after|until|über|unter|mehr|vor|nach)\b[^.;]{0,15}\d",
    re.IGNORECASE,
)
"""What is not allowed above a number gives that number."""


def _refused_above(own: View, around: tuple[View, ...]) -> bool:
    """Whether its lead-in or heading refuses it; the names of columns refuse nothing."""
    return any(_NEGATION.search(view.text) for view in around[-1:]) and not own.text.startswith("|")


def _negates(question: Question, own: View) -> bool:
    """A negation whose next words are words of the question."""
    asked = {*question.subject, *question.asked} | {
        token_stem(sign.word, question.language) for sign in question.deciding
    }
    for found in _NEGATION.finditer(own.text):
        behind = [stem for start, stem in zip(own.starts, own.by_token, strict=True) if start >= found.end()][:2]
        if any(stem in asked for stem in behind):
            return True
    return any(token_stem(found[1].lower(), own.language) in asked for found in _NO_NOUN.finditer(own.text))
