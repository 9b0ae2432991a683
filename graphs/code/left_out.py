"""The lines of a file that were left out since they do not parse, as a phrase of its error, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMED = 8
_PHRASE = re.compile(r"; lines? ([\d, -]+) (?:is|are) left out$")


def say_left_out(lines: Sequence[range]) -> str:
    """``; lines 2-4, 9 are left out``"""
    said = [f"{each.start}-{each.stop - 1}" if len(each) > 1 else str(each.start) for each in lines]
    one = len(lines) == 1 and len(lines[0]) == 1
    more = f" and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
    return f"; line{'s' * (not one)} {', '.join(said[:_NAMED])}{more} {'is' if one else 'are'} left out"


def lines_left_out(error: str) -> list[range]:
    """Empty where an error does not name all of them."""
    found = _PHRASE.search(error)
    parts = [part.partition("-") for part in found[1].split(", ")] if found else []
    return [range(int(first), int(last or first) + 1) for first, _, last in parts]
