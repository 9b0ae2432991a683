"""Properties that a value tells by its unit or form: what stands at 56 °C has a temperature, though nobody says so.

Only units that mean one thing alone: metres may be a height or a depth, and pounds a price or a deposit.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from ..corpus.words import stem_words

_NUMBER = r"\d[\d.,]*[ \u00a0]?"
_FORMS = {
    "temperature heat temperatur": rf"{_NUMBER}°|{_NUMBER}(?:degrees|Grad|K)\b",
    "weight mass heavy weigh gewicht": rf"{_NUMBER}(?:kg|g|mg|t|lbs?|oz|(?:kilo)?gram(?:me)?s?|tonnes?|pounds?)\b",
    "speed velocity fast": rf"{_NUMBER}(?:km/h|mph|m/s|knots?|kn)\b",
    "length long size": rf"{_NUMBER}(?:characters?|chars|bytes?|letters|digits|words|pages|lines)\b",
    "size big large": rf"{_NUMBER}(?:[KMGT]i?B|bytes|megabytes|gigabytes)\b|\d ?[x×] ?\d",
    "age old": (
        r"\b(?:at least|over|under|above|below|aged?|older than|younger than|from) \d{1,2}"
        r"(?=\s*(?:[.,;)]\D|[.,;)]?$|(?:to|can|may|must|or|and|on|when|years?)\b))|\d(?: years? old|-year-olds?)\b"
    ),
    "voltage": rf"{_NUMBER}k?V\b|{_NUMBER}volts?\b",
    "power": rf"{_NUMBER}[kM]?W\b|{_NUMBER}watts?\b",
    "pressure": rf"{_NUMBER}(?:bar|mbar|hPa|k?Pa|psi)\b",
    "frequency": rf"{_NUMBER}[kMG]?Hz\b",
    "phone telephone telefon telefonnummer": r"\+?\(?\d[\d ()/\u00a0-]{6,}\d",
    "email e-mail": r"\S@\S+\.\w",
    "cost price charge kosten": (
        r"(?:[£$€]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[£$€]|euros?|dollars?|pounds))\s?"
        r"(?:per|an?|pro|je) (?:hour|day|night|week|month|year|person|head|piece|item|seat|adult|child|kilo|km|mile"
        r"|litre|stunde|tag|monat|jahr|stück)\b"
    ),
    "url link website homepage": r"https?://|\bwww\.",
}


_BEHIND_NOUN = re.compile(r"([^\W\d_]+)[ -](numbers?|codes?|dates?|nummer|datum)\b", re.IGNORECASE)
"""Words for the form of a value behind what it is of: the phone number, the order date."""


@lru_cache(maxsize=1)
def _by_stem() -> dict[str, list[re.Pattern[str]]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for names, form in _FORMS.items():
        for stem in stem_words(names.split(), "en"):
            found.setdefault(stem, []).append(re.compile(form))
    return found


def is_told_by_unit(stem: str, text: str) -> bool:
    """Whether ``text`` holds a value whose unit or form says that it is of the property ``stem``."""
    return any(form.search(text) for form in _by_stem().get(stem, ()))


def names_form_only(stem: str, asked: str, row: str, header: Container[str], language: str) -> bool:
    """Whether ``stem`` only says what form the value has ("number"), behind a word that the ``header`` of the table
    holds (stems), and the ``row`` has a figure."""
    return (
        row.startswith("|")
        and any(character.isdigit() for character in row)
        and any(
            stem_words([form.lower()], language)[0] == stem and stem_words([noun.lower()], language)[0] in header
            for noun, form in _BEHIND_NOUN.findall(asked)
        )
    )
