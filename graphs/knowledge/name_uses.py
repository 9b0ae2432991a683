"""How the documents use names that may be parts of a person's name, or her whole name, counted from the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ...corpus.phrases.persons import DOUBT, SURE
from .accept import DROPPED, Rows, titled_phrases
from .facts import NAME, OPENER
from .letters import FIRST, JOINED, LAST, among, sums_of
from .name_parts import BEFORE, KEPT_FORMS, NameUse, ends_of_phrase, may_be_person, parts_of_name
from .pronouns import HE, SHE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def name_uses(
    rows: Rows, phrases: NDArray[np.int64], spellings: Sequence[str]
) -> tuple[dict[str, NameUse], dict[int, set[str]]]:
    """Those of names that have a part which stands alone somewhere, and of these parts; and the persons whom pages and
    sections of each document are about. ``phrases``: those that are names."""
    import numpy as np

    held = np.isin(rows.mentions[:, 5], (NAME, OPENER))
    size, phrase_of = len(rows.phrases), rows.mentions[:, 0]
    signs = np.where(held, rows.signs, 0)
    plus = np.bincount(phrase_of, np.maximum(signs, 0), size).astype(np.int64)
    minus = np.bincount(phrase_of, np.maximum(-signs, 0), size).astype(np.int64)
    # What a page or a section is called is about a thing of its own: *Mr. Jones* the song.
    titled = titled_phrases(rows)
    persons = phrases[(plus[phrases] >= SURE) & (plus[phrases] >= DOUBT * minus[phrases])]
    parts = {at: found for at in persons.tolist() if (found := parts_of_name(rows.phrases[at], spellings[at]))}
    keys = {part for found in parts.values() for part in (found[0], found[-1])}
    of_key = sums_of(keys)
    first, last = rows.letters[phrases, FIRST], rows.letters[phrases, LAST]
    alone = (first == 0) & among(rows.letters[phrases, JOINED], of_key)
    may_be_short = (alone | (among(first, sums_of(BEFORE)) & among(last, of_key))) & ~titled[phrases]
    shorts = [
        at
        for at in phrases[may_be_short].tolist()
        if _key(rows.phrases[at]) in keys and may_be_person(rows.phrases[at], int(plus[at]), int(minus[at]))
    ]
    asked = {_key(rows.phrases[at]) for at in shorts}
    wanted = np.zeros(size, np.bool_)
    wanted[shorts] = True
    wanted[[at for at, found in parts.items() if not asked.isdisjoint((found[0], found[-1]))]] = True
    of_asked = sums_of(asked)
    ends = phrases[among(first, of_asked) | among(last, of_asked)].tolist()
    wanted[[at for at in ends if not asked.isdisjoint(ends_of_phrase(rows.phrases[at]))]] = True
    parts_alone = set(shorts)
    uses = {
        at: NameUse(spellings[at], at in parts_alone, signs_for=int(plus[at]), signs_against=int(minus[at]))
        for at in np.flatnonzero(wanted).tolist()
    }
    _count_uses(rows, uses, np.flatnonzero(wanted[phrase_of] & (rows.mentions[:, 5] != DROPPED)), signs)
    pages: dict[int, set[str]] = {}
    about = np.unique(rows.sentences[np.isin(rows.sentences[:, 3], persons)][:, [0, 3]], axis=0)
    for document, phrase in about.tolist():
        pages.setdefault(document, set()).add(rows.phrases[phrase])
    return {rows.phrases[at]: use for at, use in uses.items()}, pages


def _count_uses(rows: Rows, uses: Mapping[int, NameUse], chosen: NDArray[np.int64], signs: NDArray[np.int64]) -> None:
    """Fills in, from the chosen mentions, in which documents each name is used, how often and how."""
    import numpy as np

    chosen = chosen[np.argsort(rows.mentions[chosen, 0], kind="stable")]
    phrase, document, sentence = rows.mentions[chosen, 0], rows.mentions[chosen, 1], rows.mentions[chosen, 4]
    first = np.flatnonzero(np.diff(phrase * len(rows.gathered.documents) + document, prepend=-1))
    sign = signs[chosen]
    counted = (
        (phrase[first], document[first], sentence[first], np.diff(first, append=len(chosen))),
        (np.add.reduceat(part, first) if len(first) else part for part in (sign, (sign < 0).astype(np.int64))),
    )
    for at, page, place, count, total, doubts in zip(
        *(part.tolist() for kind in counted for part in kind), strict=True
    ):
        use = uses[at]
        use.documents[page], use.mentions[page], use.signs[page] = place, count, total
        if doubts:
            use.doubted[page] = doubts
    sexes = _find_sexes(rows)
    called = sexes[sentence]
    behind = np.minimum(sentence + 1, len(sexes) - 1)
    of_next = (called == 0) & (rows.sentences[behind, 0] == document)
    called[of_next] = sexes[behind[of_next]]
    for sex in (HE, SHE):
        for at, count in zip(
            *(part.tolist() for part in np.unique(phrase[called == sex], return_counts=True)), strict=True
        ):
            uses[at].called[sex] = count


@lru_cache(maxsize=KEPT_FORMS)
def _key(phrase: str) -> str:
    """The word that a part of a name has: that, or the one behind a title; empty for other phrases."""
    title, space, word = phrase.partition(" ")
    return title if not space else word if title in BEFORE else ""


def _find_sexes(rows: Rows) -> NDArray[np.int64]:
    """The sex that each sentence's first pronoun tells, *he* or *she*; 0 where there is none."""
    import numpy as np

    found = np.zeros(len(rows.sentences), np.int64)
    found[rows.pronouns[:, 0]] = rows.pronouns[:, 3]
    return found
