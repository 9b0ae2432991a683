"""What a question asks of a passage: its sentences' phrases, by how near they stand to the question's words.

A fact is a sentence with the phrases in it. *A film directed by Michael Curtiz and starring Laura La Plante* gives the
question for a director the first name before the second: the word *directed* stands next to it. Knows no graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...corpus.phrases.names import Mention, Word

SAME_START = 5
"""Letters that two words must share from the start to count as kin: *director* and *directed*."""
BEHIND = 2.0
"""A word behind the phrase counts as this many times further away: English names what follows."""
HALVED = 2.0
"""At this many words from the phrase, a word counts half."""


def nearness(asked: Mapping[str, float], words: Sequence[Word], mention: Mention) -> float:
    """How near the words of a question stand to a mention, from 0 to 1. ``asked`` are the question's words with their
    weights, the largest of which is 1."""
    best = 0.0
    for at, word in enumerate(words):
        weight = max((weight for other, weight in asked.items() if kin(word.normal, other)), default=0.0)
        best = max(best, weight / (1.0 + _distance(at, mention) / HALVED))
    return best


def kin(one: str, other: str) -> bool:
    """Whether two words are likely forms of one."""
    if one[:3] != other[:3] or len(one) < 3:
        return one == other
    short, long = sorted((one, other), key=len)
    return one[:SAME_START] == other[:SAME_START] or (long.startswith(short) and len(long) - len(short) <= 3)


def _distance(at: int, mention: Mention) -> float:
    if at < mention.first:
        return float(mention.first - at)
    return BEHIND * (at - mention.last + 1) if at >= mention.last else 0.0
