"""What a language model extracted, as far as the library's own text bears it: names, and pairs that it joined.

A name counts in each passage that has its words, in any case, and a pair where one passage has both names. What goes
from the library thus takes its names and pairs along, and what was told of a text that was never there adds nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ...corpus.phrases.names import MOST_WORDS, Titles, Word


class ToldNames:
    """Names by their normal form, those that are no sentences. A pair is one whichever of its names was told first."""

    def __init__(self, names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> None:
        self._names = Titles(dict.fromkeys(name for name in names if name.count(" ") < MOST_WORDS))
        self._partners: dict[str, set[str]] = {}
        for pair in pairs:
            self._partners.setdefault(min(pair), set()).add(max(pair))

    def found_in(self, words: Sequence[Word]) -> list[str]:
        """The names that a text has, each once, the longest at each place."""
        return list(dict.fromkeys(mention.phrase for mention in self._names.find(words, any_case=True)))

    def pairs_among(self, names: Collection[str]) -> Iterator[tuple[str, str]]:
        """The pairs both of whose names are among these."""
        others = set(names)
        return ((one, other) for one in names for other in sorted(self._partners.get(one, set()) & others))


NOTHING_TOLD = ToldNames((), ())
