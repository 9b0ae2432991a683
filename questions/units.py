"""Properties that a value tells by its unit or form: what stands at 56 °C has a temperature, though nobody says so."""

from __future__ import annotations

import re
from functools import lru_cache

from ..corpus.words import stem_words

_NUMBER = r"\d[\d.,]*[ \u00a0]?"
_MONEY = (
    rf"[$€£¥₹][ \u00a0]?\d|{_NUMBER}(?:[$€£¥₹]|(?:euros?|dollars?|pounds?|cents?|pence|francs?|EUR|USD|GBP|CHF)\b)"
)
_LENGTH = rf"{_NUMBER}(?:mm|cm|m|km|ft|feet|foot|in|inch|inches|miles?|yards?|(?:milli|centi|kilo)?met(?:re|er)s?)\b"
_TIME = rf"{_NUMBER}(?:s|sec|ms|min|h|hrs?|(?:milli)?seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
_FORMS = {
    "temperature heat temperatur": rf"{_NUMBER}°|{_NUMBER}(?:degrees|Grad|K)\b",
    "price cost fee charge fare rent salary wage amount preis kosten gebühr miete pay paid": _MONEY,
    "weight mass heavy weigh gewicht": rf"{_NUMBER}(?:kg|g|mg|t|lbs?|oz|(?:kilo)?gram(?:me)?s?|tonnes?|pounds?)\b",
    "length height width depth distance altitude elevation diameter radius thickness long tall wide deep far": _LENGTH,
    "duration time period long wait last dauer": _TIME,
    "area size": rf"{_NUMBER}(?:m²|m2|km²|sqm|ha|hectares?|acres?)",
    "volume capacity": rf"{_NUMBER}(?:ml|l|cl|dl|m³|m3|lit(?:re|er)s?|gallons?)\b",
    "size memory space storage": rf"{_NUMBER}[KMGT]i?B\b",
    "speed velocity fast": rf"{_NUMBER}(?:km/h|mph|m/s|knots?|kn)\b",
    "voltage": rf"{_NUMBER}k?V\b|{_NUMBER}volts?\b",
    "power": rf"{_NUMBER}[kM]?W\b|{_NUMBER}watts?\b",
    "pressure": rf"{_NUMBER}(?:bar|mbar|hPa|k?Pa|psi)\b",
    "frequency": rf"{_NUMBER}[kMG]?Hz\b",
    "percentage percent share proportion rate": rf"{_NUMBER}%|{_NUMBER}per ?cent\b",
    "phone telephone number telefon telefonnummer": r"\+?\(?\d[\d ()/\u00a0-]{6,}\d",
    "email e-mail mail address": r"\S@\S+\.\w",
    "url link website site homepage address": r"https?://|\bwww\.",
}


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
