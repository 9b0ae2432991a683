"""Adjectives of countries: *Japanese* for the cell *Japan*, *European* for *Europe*."""

from __future__ import annotations

from collections.abc import Iterator

_ENDINGS = ("ese", "ean", "ian", "ish", "an", "n", "i")
_SHORTEST = 4
"""Letters of a country that is told by its adjective's beginning."""
_IRREGULAR = {
    "american": ("usa", "us", "u s", "united states", "united states of america"),
    "british": ("uk", "u k", "great britain", "united kingdom", "gb"), "english": ("england",),
    "french": ("france",), "german": ("germany", "deutschland"), "dutch": ("netherlands", "the netherlands", "holland"),
    "spanish": ("spain",), "polish": ("poland",), "danish": ("denmark",), "swedish": ("sweden",),
    "finnish": ("finland",), "norwegian": ("norway",), "turkish": ("turkey",), "greek": ("greece",),
    "swiss": ("switzerland",), "irish": ("ireland",), "welsh": ("wales",), "scottish": ("scotland",),
    "portuguese": ("portugal",), "chinese": ("china",), "italian": ("italy",), "belgian": ("belgium",),
    "brazilian": ("brazil", "brasil"), "canadian": ("canada",), "hungarian": ("hungary",), "czech": ("czech republic",),
}  # fmt: skip


def countries_of(adjective: str) -> Iterator[str]:
    """What a country may be called in a cell, in small letters, by its adjective.

    >>> sorted(countries_of("Japanese")), "europe" in countries_of("European"), list(countries_of("Cheese"))
    (['japan'], True, [])
    """
    word = adjective.casefold()
    yield from _IRREGULAR.get(word, ())
    if not adjective[:1].isupper() or word in _IRREGULAR:
        return
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST:
            yield from {stem, f"{stem}a"} if ending in ("n", "an", "ian") else (stem,)
