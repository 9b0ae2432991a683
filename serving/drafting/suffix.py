"""Copying: what followed the longest earlier occurrence of the last tokens, found with a suffix automaton.

Blumer et al. 1985; as a drafter: SAM-Decoding (Hu et al., ACL 2025). The automaton holds prompt and reply and grows
with every token. Each state keeps its two latest ends, so the most recent continuation comes first and a different one
may stand beside it. Long matches are right more often, and since a guess is worth what its match length was worth so
far, a chain is as long as its match deserves. Knows nothing of text or models.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import prior
from .drafter import PassOutcome
from .tree_growth import BestFirst, KindWeights

DEEPEST = 16
"""How many suffixes learn that they have a new latest end; a bound for texts that repeat one token for ever."""
ANCHORS = 4
"""How many suffixes, longest first, are asked for a continuation."""
CLASSES = (1, 2, 3, 4, 6, 9, 16)
"""Least match lengths of the classes by which hit rates are kept."""
_CLASS = [sum(length >= least for least in CLASSES[1:]) for length in range(CLASSES[-1] + 1)]
ONLY, AGREED, LATEST, OTHER = range(4)
"""A continuation that was met once; twice running; the latest of two; and one that stands beside it."""

Place = tuple[int, int]
"""State, and the length of the match that led there."""


class Automaton:
    """The suffix automaton of a growing token list; about 3 µs a token. Negative tokens separate texts."""

    def __init__(self, tokens: Sequence[int] = ()) -> None:
        self.tokens: list[int] = []
        self.next: list[dict[int, int]] = [{}]
        self.link, self.length = [-1], [0]
        self.end, self.before = [-1], [-1]
        """For each state, the place of the last token of its latest occurrence and of the one before; -1 for none."""
        self.last = 0
        for token in tokens:
            self.extend(token)

    def extend(self, token: int) -> None:
        follow, link, length = self.next, self.link, self.length
        place, new, state = len(self.tokens), len(follow), self.last
        self._mark(link[state], place - 1)
        self.tokens.append(token)
        follow.append({})
        length.append(length[state] + 1)
        link.append(0)
        self.end.append(place)
        self.before.append(-1)
        while state >= 0 and token not in follow[state]:
            follow[state][token] = new
            state = link[state]
        if state >= 0:
            old = follow[state][token]
            link[new] = old if length[state] + 1 == length[old] else self._split(state, token, old)
        self.last = new

    def _split(self, state: int, token: int, old: int) -> int:
        """A state for the shorter ones of the substrings of ``old``."""
        follow, link = self.next, self.link
        copy = len(follow)
        follow.append(follow[old].copy())
        self.length.append(self.length[state] + 1)
        link.append(link[old])
        self.end.append(self.end[old])
        self.before.append(self.before[old])
        link[old] = copy
        while state >= 0 and follow[state].get(token) == old:
            follow[state][token] = copy
            state = link[state]
        return copy

    def _mark(self, state: int, place: int) -> None:
        """An occurrence counts from when something follows it."""
        end, before, link = self.end, self.before, self.link
        for _ in range(DEEPEST):
            if state <= 0:
                return
            before[state], end[state] = end[state], place
            state = link[state]

    def after(self, place: Place, token: int) -> Place:
        """The longest match that ends in ``token``; ``(0, 0)`` where it never occurred."""
        state, length = place
        follow, link = self.next, self.link
        while token not in follow[state]:
            state = link[state]
            if state < 0:
                return 0, 0
            length = self.length[state]
        return follow[state][token], length + 1

    def guesses(self, place: Place) -> list[tuple[int, int]]:
        """At most two tokens that followed this match or shorter ones, with their kinds."""
        state, length = place
        tokens, size = self.tokens, len(self.tokens) - 1
        found: list[tuple[int, int]] = []
        first = -1
        for _ in range(ANCHORS):
            if state <= 0:
                break
            end, before = self.end[state], self.before[state]
            near = tokens[end + 1] if end < size else -1
            far = tokens[before + 1] if before >= 0 else -1
            group = 4 * _CLASS[min(length, CLASSES[-1])]
            if first < 0 <= near:
                found.append((near, group + (ONLY if far < 0 else AGREED if far == near else LATEST)))
                first = near
            for other in (near, far):
                if other >= 0 and other != first:
                    found.append((other, group + OTHER))
                    return found
            state = self.link[state]
            length = self.length[state]
        return found


class Copying:
    """A ``Source`` over prompt and reply."""

    name = "suffix"

    def __init__(self, prompt: Sequence[int]) -> None:
        self.text = Automaton(prompt)

    def root(self) -> Place:
        text = self.text
        return text.last, len(text.tokens)

    def after(self, cursor: Place, token: int) -> Place:
        return self.text.after(cursor, token)

    def guesses(self, cursor: Place) -> list[tuple[int, int]]:
        return self.text.guesses(cursor)

    def learn(self, step: PassOutcome) -> None:
        for token in step.written:
            self.text.extend(token)


def suffix() -> BestFirst:
    """The drafter that only copies."""
    return BestFirst("suffix", lambda prompt: [Copying(prompt)], [KindWeights(prior.copying(alone=True))])
