"""Names with a title before them that stand for the name in full: *Mr. Ebenezer Scrooge* for *Ebenezer Scrooge*.

Only where a document has both: in an encyclopedia a *Sir John Anderson* is another one than the footballer. A surname
with a title is a part of a name (``name_parts.py``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence

from .accept import DROPPED, Rows
from .merges import Merge

TITLE = "title before the name"
_TITLES = ("mr", "mister", "ms", "miss", "dr", "prof", "professor", "sir", "rev", "reverend")
"""*Mrs. John Smith* is not John Smith, and *General Motors Company* is no general."""


def title_merges(rows: Rows, names: Sequence[int], apart: Collection[tuple[str, str]]) -> list[Merge]:
    """``names``: the phrases that are names, in order; ``apart``: pairs, the smaller first, that are never merged."""
    pairs = [
        (phrase, name)
        for phrase, name in _titled_names([rows.phrases[at] for at in names], names)
        if tuple(sorted((rows.phrases[phrase], rows.phrases[name]))) not in apart
    ]
    places = _first_places(rows, {at for pair in pairs for at in pair})
    found = []
    for phrase, name in pairs:
        shared = places[phrase].keys() & places[name].keys()
        if shared:
            document = min(shared)
            sentence = places[phrase][document]
            found.append(Merge(rows.phrases[phrase], rows.phrases[name], TITLE, document, sentence))
    return found


def _titled_names(written: Sequence[str], names: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The numbers of each name with a title and of the name without it."""
    for title in _TITLES:
        for at in range(bisect_left(written, f"{title} "), bisect_left(written, f"{title}!")):
            name = written[at].partition(" ")[2]
            place = bisect_left(written, name)
            if " " in name and place < len(written) and written[place] == name:
                yield names[at], names[place]


def _first_places(rows: Rows, phrases: Collection[int]) -> Mapping[int, dict[int, int]]:
    """The documents that have each phrase, with the first sentence there."""
    import numpy as np

    found: dict[int, dict[int, int]] = {phrase: {} for phrase in phrases}
    held = np.isin(rows.mentions[:, 0], list(found)) & (rows.mentions[:, 5] != DROPPED)
    for phrase, document, sentence in rows.mentions[held][:, [0, 1, 4]].tolist() if found else ():
        found[phrase].setdefault(document, sentence)
    return found
