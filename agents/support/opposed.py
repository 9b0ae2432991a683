# ruff: noqa: E501
"""A word of a claim whose opposite stands in the statement: maximum and minimum, rose and fell, with and without."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...questions.view import View
from .alignment import Alignment, align, bare, content, contrary
from .negation import negated_places
from .quantities import ALIKE

_UNSAFE = {"stage", "money", "alone", "agecast", "week", "dayside", "public", "test", "plan", "compass", "rw", "truth"}
"""Groups of opposites whose words have other senses too often to decide by themselves."""


def opposite_faults(aligned: Alignment, governors: Sequence[str]) -> list[str]:
    claim, statement = aligned.claim, aligned.statement
    found = []
    held = {place for one in aligned.words for place in one.places}
    turned = bool(negated_places(claim)) != bool(negated_places(statement) & held)
    sides: dict[str, set[str]] = {}
    for sign in (*statement.signs, *(sign for text in governors for sign in align(text, text).claim.signs)):
        sides.setdefault(sign.group, set()).add(sign.side)
    for sign in claim.signs:
        if sign.group in _UNSAFE or sign.group in ("permission", "year") or turned:
            continue
        there = sides.get(sign.group, set())
        if there and sign.side not in there and sign.word.lower() not in statement.text.lower():
            word = next(other.word for other in statement.signs if other.group == sign.group) if any(
                other.group == sign.group for other in statement.signs) else next(iter(there))  # fmt: skip
            found.append(f"says “{sign.word}” where “{word}” stands")
    found += _beside(claim, statement) if not turned else []
    for at, low in enumerate(map(bare, claim.lows)):
        bound = low in _BOUNDS and any(sign.isdigit() for sign in "".join(claim.lows[at + 1 : at + 3]))
        if low in statement.lows or turned or bound:
            continue
        other = next((o for o in statement.lows if frozenset((low, bare(o))) in _OPPOSED or contrary(low, bare(o))), "")
        if other and other not in claim.lows and (content(low) or low in _DIRECTIONS or low in ALIKE):
            found.append(f"says “{claim.tokens[at]}” where “{other}” stands")
    found += _direction(claim, statement) if not turned and not found else []
    for one in aligned.words:
        low = bare(claim.lows[one.at])
        if one.places and one.places[0] >= 0 and not turned:
            for place in one.places:
                if contrary(low, bare(statement.lows[place])) and low not in statement.lows:
                    found.append(f"says “{one.word}” where “{statement.tokens[place]}” stands")
    return found


def _beside(claim: View, statement: View) -> list[str]:
    """The opposite stands before the same word: "female mice" where "male mice" stand, whatever else is said."""
    sides = {sign.at: sign for sign in statement.signs}
    for sign in claim.signs:
        behind = claim.by_token[sign.at + 1] if sign.at + 1 < len(claim.tokens) else ""
        before = [n - 1 for n, stem in enumerate(statement.by_token) if stem == behind and n and content(behind)]
        others = [sides[n] for n in before if n in sides and sides[n].group == sign.group]
        both = any(other.group == sign.group and other.side != sign.side for other in claim.signs)
        if others and not both and len(others) == len(before) and all(other.side != sign.side for other in others):
            return [f"says “{sign.word}” where “{others[0].word}” stands"]
    return []


UP = re.compile(
    r"\b(?:up(?=\W+(?:by|from|over|more|almost|nearly|about|\$?\d))|ris(?:e|es|en|ing)|rose|increas\w+|gr[oe]w(?:s|th|ing)?|gain\w*|climb\w*|expand\w*|went up|goes up|go up)\b",
    re.I,
)
DOWN = re.compile(
    r"\b(?:down(?=\W+(?:by|from|over|more|almost|nearly|about|\$?\d))|fall(?:s|en|ing)?|fell|declin\w+|decreas\w+|drop\w*|shr[aiu]nk\w*|reduc\w+|dwindl\w*|went down)\b",
    re.I,
)
_BOUNDS = {"more", "less", "fewer", "over", "under", "above", "below"}
"""Beside a number they are compared as its bound."""
_DIRECTIONS = {"over", "under", "above", "below", "up", "down", "more", "against", "after", "before"}


def _direction(claim: View, statement: View) -> list[str]:
    """What rises in one and falls in the other, where only one thing moves."""
    ways = [(UP.search(text), DOWN.search(text)) for text in (claim.text, statement.text)]
    for one, other in ((0, 1), (1, 0)):
        said, there = ways[0][one], ways[1][other]
        if said and there and not ways[0][other] and not ways[1][one]:
            return [f"says “{said[0]}” where “{there[0]}” stands"]
    return []


_OPPOSED = frozenset(
    frozenset(pair.split())
    for pair in """
    more less|more fewer|over under|above below|better worse|stronger weaker|faster slower|quicker slower|greater smaller
    larger smaller|longer shorter|higher lower|up down|positive negative|positively negatively|gain loss|win lose
    success failure|successful unsuccessful|favor against|favour against|accelerate slow|strengthen weaken|improve worsen|improved impaired
    improved worsened|expand shrink|grow shrink|growth decline|rise fall|rises falls|rising falling|increase decline
    increased reduced|increased decreased|majority minority|required optional|mandatory optional|active inactive
    leading trailing|ascending descending|local remote|manual automatic|slow fast|slowly quickly|early late|easy difficult
    single double|single-digit double-digit|permitted forbidden|allowed forbidden|permitted prohibited|allowed prohibited
    strong weak|rich poor|safe dangerous|same different|together apart|cause avoid|begin end|beginning concluding
    beginning ending|start finish|join leave|attack defend|friend enemy|ally enemy|victory defeat|love hate|hard soft
    heavy light|thick thin|wide narrow|deep shallow|full empty|clean dirty|simple complex|simple complicated|single multiple
    single variety|single several|temporary permanent|permanently temporarily|rural urban|import export|supply demand
    upstream downstream|inside outside|within beyond|lend borrow|credit debit|asset liability|guilty innocent|war peace
    lowest highest|worst best|least most|smallest largest|slightly sharply|slightly strongly|slightly greatly
    partially fully|partly fully|partially completely|limited unlimited|gradually suddenly|voluntary compulsory
    synchronous asynchronous|public private|visible hidden|mutable immutable|linear quadratic|linear exponential
    quadratic exponential|worst-case best-case|encode decode|encrypt decrypt|read write|load store|push pull|lock unlock
    """.replace("\n", "|").split("|")
    if pair.strip()
)
