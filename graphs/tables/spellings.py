"""How a word of a question may be written in a cell: one or many, shortened as days and months are, or the noun that an
adjective is made of."""

from __future__ import annotations

from collections.abc import Sequence

from ..english.names import singular
from .database import normal

_TIMES = tuple(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december
    """.split()  # noqa: SIM905
)
_SHORTEST, _LONGEST = 3, 5
"""Letters of a day's or a month's name that is cut short: "Sat", "Thur", "Thurs"."""
_ADJECTIVE = 4


def spellings_of(text: str) -> tuple[set[str], set[str]]:
    """Those that are looked up first, and those where these are in no cell."""
    found = {normal(text)}
    found |= {one[:-1] for one in found if one.endswith("s")}
    found |= {one.replace(" ", "-") for one in found}
    return found, {singular(one) for one in found} | {short for one in found for short in (*_times(one), *_nouns(one))}


def is_written_so(text: str, samples: Sequence[str]) -> bool:
    """Whether cells of a column with these samples may write the text in another way: days are days, and "sunny" is no
    "Sun" among them."""
    of_times = bool(samples) and all(_times(normal(one)) for one in samples)
    return bool(_times(normal(text))) == of_times


def _times(word: str) -> set[str]:
    """ "saturday" -> "sat", "satu", "satur"; "sat" -> "saturday"."""
    if word in _TIMES:
        return {word[:length] for length in range(_SHORTEST, _LONGEST + 1)}
    whole = [one for one in _TIMES if one.startswith(word)] if _SHORTEST <= len(word) <= _LONGEST else []
    return {*whole} if len(whole) == 1 else set()


def _nouns(word: str) -> set[str]:
    """ "rainy" -> "rain"; "foggy" -> "fog"."""
    if len(word) < _ADJECTIVE or not word.isalpha() or not word.endswith("y"):
        return set()
    noun = word[:-1]
    return {noun, noun[:-1]} if noun[-1] == noun[-2] else {noun}
