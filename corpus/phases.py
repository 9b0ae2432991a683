"""Whether words speak of what is left of an amount or of what was taken of it: "how many days does he still have" is
answered by the column "Left", not by "Days of leave"."""

from __future__ import annotations

import re
from typing import Literal

Phase = Literal["", "left", "taken"]
_LEFT = re.compile(
    r"\b(?:left|remaining|remains?|still|balance|outstanding|unused|unspent|not yet|noch|übrig|verbleibend\w*|rest)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:taken|used up|used|spent|so far|already|consumed|bereits|schon|genommen|verbraucht)\b", re.IGNORECASE
)
_SIDE = re.compile(r"\b(?:left[ -](?:hand|side)|(?:on|to) the left|left out)\b", re.IGNORECASE)


def phase_of(text: str) -> Phase:
    """The one of the two that ``text`` names, the name of a column or a question; nothing where it names both."""
    plain = _SIDE.sub(" ", text.replace("_", " "))
    left, taken = _LEFT.search(plain) is not None, _TAKEN.search(plain) is not None
    return "" if left == taken else "left" if left else "taken"
