"""Statements of one form about different things: "The buyer pays for the insurance", "The seller pays for the packing".

Of two such neighbours the one answers that holds the words of the question, whatever the reader makes of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..corpus import words

ALIKE, LOOSELY = 0.5, 0.3
"""Shares of the shorter statement's words that two have in common: to overrule one, and to keep them apart."""
LONGEST = 40
"""Words of a statement, beyond which it is no short form any more."""


def parallel(one: str, other: str, language: str, alike: float = ALIKE) -> bool:
    mine, its = (set(words.stems(text, language)) for text in (one, other))
    least = min(len(mine), len(its))
    return least > 1 and max(len(mine), len(its)) <= LONGEST and len(mine & its) >= alike * least and mine != its


def holds_more(question: str, one: str, other: str, language: str) -> bool:
    """Whether one holds all words of the question that the other does, and further ones."""
    asked = set(words.stems(question, language))
    mine, its = (asked & set(words.stems(text, language)) for text in (one, other))
    return mine > its


def overruling_place(question: str, statements: Sequence[str], language: str) -> int:
    """The place of the statement, further down, that is to stand first: of the form of the first, and with more of the
    question's words; 0 where there is none."""
    first = statements[0]
    for place, other in enumerate(statements[1:], start=1):
        if parallel(first, other, language) and holds_more(question, other, first, language):
            return place
    return 0
