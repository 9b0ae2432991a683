"""Who did it to whom, and what caused what: things that changed places between a statement and a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ...corpus.words import STOPWORDS, stems
from ...questions.paraphrases import IRREGULAR
from ...questions.view import View
from .alignment import LIGHT, Alignment, content

NEAR, NEAR_LINK = 5, 3
"""Content words on either side of a verb, and of a link such as "because", that are compared."""
_LINKS = {"because", "since", "due", "than", "before", "after", "into", "from", "instead", "rather"}


def role_faults(aligned: Alignment) -> list[str]:
    """Finds two things that changed places around a word that both texts have: agent and patient, cause and effect."""
    claim, statement = aligned.claim, aligned.statement
    words = [one for one in aligned.words if one.places and one.places[0] >= 0]
    for at, low in enumerate(claim.lows):
        if low not in _LINKS and not acts(claim, at):
            continue
        places = [n for n, other in enumerate(statement.lows) if other == low or same_verb(claim, at, statement, n)]
        if len(places) == 1 and _agent_lost(aligned, at, places[0]):
            return [f"reverses what the source says about “{claim.tokens[at]}”"]
        if len(places) != 1 or passive(claim, at) != passive(statement, places[0]):
            continue
        near = NEAR_LINK if low in _LINKS else NEAR
        left, right = [one for one in words if one.at < at][-near:], [one for one in words if one.at > at][:near]
        crossed = [one for one in left if all(place > places[0] for place in one.places)]
        crossing = [one for one in right if all(place < places[0] for place in one.places)]
        kept = len(left) + len(right) - len(crossed) - len(crossing)
        if crossed and crossing and 2 * kept <= len(crossed) + len(crossing):
            return [f"reverses what the source says about “{claim.tokens[at]}”"]
    return exchange_faults(aligned)


def _agent_lost(aligned: Alignment, at: int, place: int) -> bool:
    """The statement says by whom; the claim has those words behind its verb, and others before it."""
    claim, statement = aligned.claim, aligned.statement
    behind = statement.lows[place + 1 : place + 3]
    if "by" not in behind or passive(claim, at):
        return False
    by = place + 1 + behind.index("by")
    agents = [n for n in range(by + 1, min(by + 5, len(statement.lows))) if content(statement.lows[n])][:2]
    mine = [one for one in aligned.words if set(one.places) & set(agents)]
    others = [one for one in aligned.words if one.places and one.places[0] >= 0 and one.at < at and one not in mine]
    return bool(mine) and bool(others) and all(one.at > at for one in mine)


def exchange_faults(aligned: Alignment) -> list[str]:
    """Finds two words or names of an otherwise literal claim that changed places."""
    claim, statement = aligned.claim, aligned.statement
    if aligned.share < 0.85:
        return []
    keys = [statement.by_token[n] if content(low) else low for n, low in enumerate(statement.lows)]
    said = [(n, claim.by_token[n] if content(low) else low) for n, low in enumerate(claim.lows) if low not in STOPWORDS]
    said = [(n, key) for n, key in said if key and key in set(keys) and claim.lows[n] not in LIGHT]
    line = [key for _, key in said]
    if len(line) < 4 or len(line) > 40 or _within(line, keys):
        return []
    voices, runs = voices_differ(aligned), _runs(claim, [n for n, _ in said])
    for a, one in enumerate(runs):
        for other in runs[a + 1 :]:
            names = all(claim.tokens[said[run[0]][0]][0].isupper() for run in (one, other))
            if not names and not (len(one) == len(other) == 1 and _comparable(line, one[0], other[0], voices)):
                continue
            apart = claim.lows[said[one[-1]][0] + 1 : said[other[0]][0]]
            if names and (voices or len(line) - len(one) - len(other) < 3 or not {*apart} - _LISTING):
                continue
            fronted = claim.lows[0] in _FRONTED, statement.lows[0] in _FRONTED
            if (fronted == (True, False) and other[0] < 4) or (
                fronted == (False, True) and line[other[-1]] in keys[:4]
            ):
                continue
            between = line[one[-1] + 1 : other[0]]
            turned = [
                *line[: one[0]],
                *(line[n] for n in other),
                *between,
                *(line[n] for n in one),
                *line[other[-1] + 1 :],
            ]
            if turned != line and _within(turned, keys):
                first, second = (" ".join(claim.tokens[said[n][0]] for n in run) for run in (one, other))
                return [f"exchanges “{first}” and “{second}”"]
    return []


_LISTING = {"and", "or", "is", "are", "was", "were", "as", "be", "also", "called", "both", "the", "a"}
"""Words between two names that may change places."""


def _runs(claim: View, said: Sequence[int]) -> list[list[int]]:
    """Places in the line, names of several words together."""
    found: list[list[int]] = []
    for place, at in enumerate(said):
        name = claim.tokens[at][0].isupper() and at > 0
        if name and found and said[found[-1][-1]] == at - 1 and claim.tokens[at - 1][0].isupper():
            found[-1].append(place)
        else:
            found.append([place])
    return found


def _comparable(line: Sequence[str], a: int, b: int, voices: bool) -> bool:
    """Two numbers, neither of them a year beside a day; or two words with others between them."""
    one, other = line[a], line[b]
    digits = one[0].isdigit() + other[0].isdigit()
    if digits == 2:
        return _YEAR.fullmatch(one) is None and _YEAR.fullmatch(other) is None
    return not digits and not voices and len(line) >= 5 and b - a >= 2


_YEAR = re.compile(r"1[0-9]\d\d|20\d\d")


def _within(line: Sequence[str], keys: Sequence[str]) -> bool:
    """Whether ``line`` stands in ``keys`` in its order, whatever stands between."""
    rest = iter(keys)
    return all(key in rest for key in line)


_FRONTED = {
    "in",
    "on",
    "at",
    "for",
    "with",
    "under",
    "during",
    "after",
    "before",
    "when",
    "if",
    "where",
    "by",
    "from",
    "because",
    "as",
    "while",
}


def acts(shown: View, at: int) -> bool:
    """Whether a word is a verb that something does, as far as its form tells."""
    before = shown.lows[at - 1] if at else ""
    if _describes(before) or (before.endswith("ly") and {"more", "most"} & {*shown.lows[:at]}):
        return False
    return verb_form(shown, at)


def verb_form(shown: View, at: int) -> bool:
    low = shown.lows[at]
    known = low.endswith("ed") or shown.by_token[at] in _verbs() or low in _irregular_forms()
    return content(low) and (known or _governs(shown, at))


def _governs(shown: View, at: int) -> bool:
    """ "Sends a", "forwards it": the form of the third person, behind a noun and before its object."""
    low, behind = shown.lows[at], shown.lows[at + 1] if at + 1 < len(shown.lows) else ""
    before = shown.lows[at - 1] if at else ""
    return low.endswith("s") and not low.endswith("ss") and behind in _OBJECTS and (content(before) or before in _WHO)


_OBJECTS = frozenset(
    {"a", "an", "the", "it", "its", "his", "her", "their", "them", "him", "no", "all", "each", "every", "more", "less"}
)
_WHO = frozenset({"which", "who", "that", "it", "he", "she", "but", "and"})


def _describes(before: str) -> bool:
    """A word behind an article describes: "a covered work"."""
    return before in ("a", "an", "the", "of", "any", "this", "its", "their", "his", "her", "for", "and")


@cache
def _verbs() -> frozenset[str]:
    return frozenset(stems(_RELATIONS))


@cache
def _irregular_forms() -> frozenset[str]:
    return frozenset(each for line in IRREGULAR.strip().splitlines() for each in line.split()[1:])


def same_verb(claim: View, at: int, statement: View, place: int) -> bool:
    noun = statement.lows[place].endswith(("ion", "ment", "ance", "ence"))
    return content(claim.lows[at]) and claim.by_token[at] == statement.by_token[place] and not noun


def passive(shown: View, at: int) -> bool:
    """Whether a verb is passive, as in "was bought" and "developed in 1698 by": who acts stands behind it, or is not
    said."""
    before = [low for low in shown.lows[max(0, at - 4) : at] if not low.endswith("ly") and low not in ("not", "also")]
    return (bool(before) and before[-1] in _BE) or "by" in shown.lows[at + 1 : at + 7]


def voices_differ(aligned: Alignment) -> bool:
    """Whether one of the texts says by whom and the other who: their words then stand in another order."""
    claim, statement = aligned.claim, aligned.statement
    return _by(claim) != _by(statement) or any(
        passive(claim, at) != passive(statement, place)
        for at in range(len(claim.lows))
        if acts(claim, at)
        for place in range(len(statement.lows))
        if same_verb(claim, at, statement, place)
    )


def _by(shown: View) -> bool:
    return "by" in shown.lows or any(low in _BE for low in shown.lows)


_BE = {"is", "was", "are", "were", "be", "been", "being"}
_RELATIONS = """
cause lead affect influence regulate control activate inhibit induce require depend replace follow precede defeat beat
buy acquire sell own exceed produce contain include enable allow result derive kill attack invade conquer found create
support oppose increase reduce drive trigger determine imply follow outnumber dominate govern serve report pay lend call
"""
