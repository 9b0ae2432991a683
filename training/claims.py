"""A claim as a list of words that know whether they are wrong, and the parts of a sentence that rules look for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

_WORD = re.compile(r"\w+(?:[.,'’\-–/]\w+)*|[^\w\s]")
_GAPLESS = set(",.;:!?)]%")
_JOINING = {"and", "but", "which", "who", "that", "where", "while", "although", "because", "as", "or", "with", "when"}
AUXES = {"is", "was", "are", "were", "can", "could", "will", "would", "has", "had", "have", "may", "must", "should"}


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    wrong: bool = False

    @property
    def low(self) -> str:
        return self.text.lower()


Claim = list[Word]


def cut(text: str) -> Claim:
    return [Word(match) for match in _WORD.findall(text)]


def joined(claim: Sequence[Word]) -> tuple[str, list[tuple[int, int]]]:
    """The text, and the places of the wrong words in it."""
    text, places = "", []
    for word in claim:
        tight = not text or word.text in _GAPLESS or text[-1] in "([$“"
        text += word.text if tight else f" {word.text}"
        if word.wrong:
            places.append((len(text) - len(word.text), len(text)))
    return (text[:1].upper() + text[1:], places)


def wrong(text: str) -> Claim:
    return [replace(word, wrong=True) for word in cut(text)]


def put(claim: Claim, at: int, text: str, false: bool, width: int = 1) -> Claim:
    words = wrong(text) if false else cut(text)
    return [*claim[:at], *words, *claim[at + width :]]


def pick(places: list[int], rng: Random) -> int | None:
    return rng.choice(places) if places else None


def names(claim: Sequence[Word]) -> list[tuple[int, int]]:
    """Stretches of capitalised words; a first word only where more follow."""
    found, n = [], 0
    while n < len(claim):
        if claim[n].text[0].isupper() and not (n == 0 and len(claim) > 1 and not claim[1].text[0].isupper()):
            end = n
            while end < len(claim) and claim[end].text[0].isupper():
                end += 1
            start = (
                n + 1
                if claim[n].low in ("the", "a", "in", "on", "at", "this", "it", "he", "after") and end - n > 1
                else n
            )
            found.append((start, end))
            n = end
        n += 1
    return found


def is_finite(claim: Sequence[Word]) -> bool:
    verbs = any(w.low in AUXES or (w.low.endswith("ed") and w.text.islower()) for w in claim[1:-1])
    return verbs and claim[0].low not in _JOINING


def is_conditional(claim: Sequence[Word]) -> bool:
    return any(w.low in ("if", "unless", "except", "only", "but", "not", "when", "until", "although") for w in claim)


def lower_start(claim: Sequence[Word]) -> list[Word]:
    """A sentence's beginning inside another: an article loses its capital."""
    if claim and claim[0].low in (
        "the",
        "a",
        "an",
        "it",
        "he",
        "she",
        "they",
        "in",
        "this",
        "these",
        "there",
        "its",
        "his",
    ):
        return [replace(claim[0], text=claim[0].low), *claim[1:]]
    return [*claim]
