# ruff: noqa: E501
"""How a statement's words, names and deciding words meet those of a question."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from ..corpus.languages import COMPOUNDING
from .assertion import Fault, Level, clauses
from .days import MONTHS
from .names import INITIALS, name_share
from .numbered import counted_among
from .opposites import PREDICATES, SOFT, TOKEN, Sign, each, release_of
from .paraphrases import alike
from .question import Question
from .question_forms import LIGHT, VALUES
from .spellings import has_respelling, hyphenless_by_part
from .units import is_told_by_unit, names_form_only
from .variants import NO_INITIALS
from .view import View, token_stem

NAME, PROPERTY, DECIDING, SLIGHT = 2.0, 1.5, 1.0, 0.3
"""Weights of a question's words beside 1 for the others, where no idf is given."""
PARAPHRASED = 0.9


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
    initials: Mapping[str, str] = NO_INITIALS,
) -> Coverage:
    """``opening``: the head of the document, which may hold names, identifiers and dates for all that it says;
    ``initials`` of the question's names; ``told``: stems that the statement has in another form, such as a value in one of
    its ranges."""
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
            or hyphenless_by_part(question.text, question.language).get(stem) in plain
            or has_respelling(stem, plain)
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
        if degree < INITIALS and initials.get(name) in own.tokens:
            degree = INITIALS
        share += NAME * max([degree, *(name_share(name, view) for view in heads)])
        alone += NAME * degree
    for sign in question.deciding:
        if (sign.group in PREDICATES or sign.group in SOFT) and sign.word not in _NOW:
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
    row: bool = False,
) -> list[Fault]:
    """The other side of a deciding word, or none. What ``opening``, the head of the document, says holds for all of
    it; words of the groups ``settled`` were compared otherwise; ``row``: it is a row of a table."""
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
            if row and sign.group in ("year", "month", "weekday"):
                continue  # what goes with what is told by the columns
            if (others and sign.group not in ("year", "month", "weekday")) or (others and short):
                found += _nearest(question, sign, here, own, short)
            continue
        if sign.side in {other.side for other in above}:
            if sides and sign.group not in SOFT and sign.group != "year":
                found.append(("unsure", f"speaks of “{here[0].word}”"))
            continue
        if _holds(sign, own) or any(_holds(sign, view) for view in around):
            continue
        if (
            _between(sign, here)
            or _from_then_on(sign, here, own)
            or any(counted_among(sign, view.text) for view in (own, *around))
        ):
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
        elif sign.group not in PREDICATES and (sign.word not in _NOW or _PAST.search(own.text)):
            found.append(("likely" if sign.group in SOFT else "unsure", f"says nothing of “{sign.word}”"))
    return found


_OF_DOCUMENTS = frozenset(each("year month weekday quarter season"))
"""Groups of which a document is of one side: its date."""
_NOW = frozenset(each("now currently presently"))
"""What a statement means that says nothing of its time."""
_PAST = re.compile(
    r"\b(?:was|were|had|used to|previously|formerly|until|war|waren|hatten?|früher|bisher|bis)\b", re.IGNORECASE
)
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


def _from_then_on(sign: Sign, others: list[Sign], own: View) -> bool:
    """A month behind the one from which on the statement holds: December for "from 20 May"."""
    if sign.group != "month" or len(others) != 1 or others[0].side not in MONTHS or sign.side not in MONTHS:
        return False
    before = own.text[max(0, own.starts[others[0].at] - _SINCE_CHARS) : own.starts[others[0].at]]
    later = MONTHS.index(sign.side) > MONTHS.index(others[0].side)
    return later and _SINCE.search(before) is not None


_SINCE = re.compile(
    r"\b(?:from|since|as of|starting|effective|ab|seit)(?: the)?(?: \w{3,9},?)?(?: \d{1,2}(?:st|nd|rd|th|\.)?)?(?: of)? $",
    re.I,
)
_SINCE_CHARS = 30


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
