"""Adjectives of degree and what columns they are measured by: "dearest", "older", "the most expensive".

A superlative or comparative says of what it is in general, price or age or size; which column that is, its table says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MONEY = ("price", "cost", "fee", "rent", "fare", "charge", "rate", "premium", "amount", "preis", "kosten")
_LENGTH = ("length", "duration", "distance", "runtime", "pages", "minutes", "hours", "days")
_WEIGHT, _SIZE = ("weight", "mass"), ("size", "area", "capacity", "population", "volume")
_AWAY, _ROOM = ("distance", "away"), ("seats", "capacity", "places", "beds", "space", "volume")
_KINDS: Sequence[tuple[tuple[str, ...], str, str]] = (
    (_MONEY, "dear pricey pricy costly expensive", "cheap affordable economical inexpensive"),
    (_LENGTH, "long lengthy", "short brief"),
    (("height", "altitude", "elevation"), "tall", ""),
    (_WEIGHT, "heavy", "light"),
    (("width",), "wide broad", "narrow"),
    (("depth",), "deep", "shallow"),
    (("thickness", "diameter"), "thick", "thin"),
    (("speed", "pace"), "fast quick", "slow"),
    (("temperature", "temp"), "hot warm", "cold cool chilly"),
    (("wealth", "income"), "rich wealthy", "poor"),
    (("strength", "power", "force"), "strong powerful", "weak"),
    (("noise", "loudness", "decibels"), "loud noisy", "quiet"),
    (("visitors", "attendance", "customers", "passengers", "guests", "footfall"), "busy crowded popular", ""),
    (("rain", "rainfall", "precipitation", "humidity"), "wet rainy humid", "dry"),
    (("wind", "gust", "gusts"), "windy", ""),
    (("sun", "sunshine"), "sunny", ""),
    (_ROOM, "roomy spacious", ""),
    (("slope", "gradient", "incline"), "steep", ""),
    (_AWAY, "far distant", "near close"),
    (("value", "worth", "price"), "valuable precious", ""),
)
_IRREGULAR = {"farthest": "far", "furthest": "far", "farther": "far", "further": "", "eldest": "old", "elder": "old"}
_AGED, _SIZED = {"old": True, "young": False, "new": False}, {"big": True, "large": True, "small": False, "great": True}
_MORE, _LESS = frozenset(("most", "more")), frozenset(("least", "less"))


@dataclass(frozen=True, slots=True)
class Grade:
    """What an adjective says of the columns that it may be measured by."""

    by: tuple[str, ...]
    """Words of their names, the likeliest first; empty for an age."""
    high: bool
    aged: bool = False
    """Whether it is an age: a date that is early is a high one."""
    sized: bool = False


def _grades() -> dict[str, Grade]:
    found = {word: Grade(_SIZE, high, sized=True) for word, high in _SIZED.items()}
    found |= {word: Grade((), high, aged=True) for word, high in _AGED.items()}
    for by, much, little in _KINDS:
        found |= {word: Grade(by, True) for word in much.split()} | {word: Grade(by, False) for word in little.split()}
    return found


ADJECTIVES = _grades()


_VERBS = {
    "cost": _MONEY,
    "earn": ("salary", "wage", "wages", "pay", "income", "earnings"),
    "weigh": _WEIGHT,
    "measure": _SIZE,
    "last": _LENGTH,
    "seat": _ROOM,
    "sleep": ("beds", "places", "capacity"),
    "hold": ("capacity", "volume", "content"),
}


def verb_grade(word: str) -> Grade | None:
    """What there is more of where something costs, weighs or lasts more."""
    plain = word.casefold()
    by = next(
        (_VERBS[one] for one in (plain, plain.removesuffix("s"), plain.removesuffix("ed")) if one in _VERBS), None
    )
    return Grade(by, True) if by is not None else None


def superlative_grade(word: str) -> Grade | None:
    """
    >>> superlative_grade("dearest").high, superlative_grade("heaviest").by, superlative_grade("forest")
    (True, ('weight', 'mass'), None)
    """
    return _grade(word.casefold(), "est")


def comparative_grade(word: str) -> Grade | None:
    return _grade(word.casefold(), "er")


def grade_behind(degree: str, word: str) -> Grade | None:
    """That of "most expensive", "less costly", with the degree before the adjective."""
    one = ADJECTIVES.get(word.casefold())
    if one is None or degree.casefold() not in _MORE | _LESS or one.sized:
        return None
    high = one.high == (degree.casefold() in _MORE)
    return Grade(one.by, high, one.aged)


def _grade(word: str, ending: str) -> Grade | None:
    if word in _IRREGULAR and _IRREGULAR[word] and word.endswith(ending):
        return ADJECTIVES.get(_IRREGULAR[word])
    if not word.endswith(ending):
        return None
    stem = word.removesuffix(ending)
    forms = [stem, f"{stem}e", *([f"{stem[:-1]}y", f"{stem[:-1]}ey"] if stem.endswith("i") else [])]
    forms += [stem[:-1]] if len(stem) > 2 and stem[-1] == stem[-2:-1] else []
    return next((ADJECTIVES[form] for form in forms if form in ADJECTIVES), None)
