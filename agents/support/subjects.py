"""Who does what in a statement of several clauses: a claim takes its subject from one clause and its verb from another.

Clauses are told by commas and by the words that join them, verbs by their forms: where none is known, nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...questions.opposites import each
from ...questions.view import View
from .alignment import Aligned, Alignment, content
from .roles import acts, passive, same_verb, verb_form

_JOINS = frozenset(
    each(
        """and but or while whereas which who that after before because although though when where since if unless until
        so"""
    )
)
_BACK = frozenset(each("it they them this these those such both each he she one ones all any some"))
"""They stand for something that was named before: the subject is not known then."""
_RELATIVE = frozenset({"which", "who", "that"})
LITERAL = 0.8
"""The share of a claim's words that stand there, from which on a word in another's place is told."""
_BREAK = re.compile(r"[,;:()–—]")


def subject_faults(aligned: Alignment) -> list[str]:
    """Finds where what is said of one of the statement's subjects is claimed of another; or of what stands behind the
    verb."""
    claim, statement = aligned.claim, aligned.statement
    for at in range(1, len(claim.lows)):
        if not _is_verb(claim, at):
            continue
        places = [n for n in range(len(statement.lows)) if same_verb(claim, at, statement, n)]
        if (
            len(places) != 1
            or not _is_verb(statement, places[0])
            or passive(claim, at) != passive(statement, places[0])
        ):
            continue
        mine = [one for one in aligned.words if one.at < at]
        if not mine or not mine[-1].places or mine[-1].places[0] < 0:
            continue
        subject = _subject(statement, places[0])
        fault = _of_another(mine, subject, statement) or _other_name(mine, subject, statement)
        if fault:
            return [fault]
    return _than(aligned) or _in_place_of(aligned)


def _is_verb(shown: View, at: int) -> bool:
    """A participle that describes is no verb: "terminated threads", "cells producing"."""
    behind = shown.tokens[at + 1] if at + 1 < len(shown.tokens) else ""
    describes = shown.lows[at].endswith("ed") and content(behind) and behind.islower()
    joined = at > 0 and shown.lows[at - 1] == "and" and verb_form(shown, at)
    return (acts(shown, at) or joined) and not describes and not shown.lows[at].endswith("ing")


def _other_name(mine: Sequence[Aligned], subject: Sequence[int], statement: View) -> str:
    """ "According to Osei it was …", where Farrell says so and Osei stands elsewhere."""
    held = {place for one in mine for place in one.places}
    names = [n for n in subject if statement.tokens[n][0].isupper() and n]
    for one in mine:
        elsewhere = one.places and one.places[0] >= 0 and not set(one.places) & set(subject)
        if one.word[0].isupper() and one.at and elsewhere and names and held.isdisjoint(names):
            return f"says of {one.word} what is said of {statement.tokens[names[0]]}"
    return ""


def _in_place_of(aligned: Alignment) -> list[str]:
    """A word that stands above the statement alone, before one before which the statement has another."""
    statement = aligned.statement
    if aligned.share < LITERAL:
        return []
    placed = {one.at: one.places for one in aligned.words}
    for one in aligned.words:
        behind = placed.get(one.at + 1, ())
        if one.places != (-1,) or len(behind) != 1 or behind[0] < 1:
            continue
        other = statement.lows[behind[0] - 1]
        if content(other) and behind[0] - 1 not in {place for places in placed.values() for place in places}:
            return [f"says “{one.word}” where “{statement.tokens[behind[0] - 1]}” stands"]
    return []


def _of_another(mine: Sequence[Aligned], subject: Sequence[int], statement: View) -> str:
    """``subject``: the tokens that may be what the statement's verb is said of."""
    held = {place for one in mine for place in one.places}
    if not subject or held & set(subject[-2:]):
        return ""
    if any(place in subject for place in mine[-1].places):
        return ""
    return f"says of {mine[-1].word} what is said of {statement.tokens[subject[-1]]}"


def _subject(statement: View, verb: int) -> list[int]:
    """Content words before the verb: of its own clause, or of the clauses that it goes on from; none where a pronoun
    stands for them."""
    begin = verb
    while begin and not (_begins(statement, begin) and any(acts(statement, n) for n in range(begin))):
        begin -= 1
    if _BACK & set(statement.lows[begin:verb]):
        return []
    own = [n for n in range(begin, verb) if content(statement.lows[n]) and not statement.lows[n].endswith("ly")]
    if own or not begin:
        return own
    if statement.lows[begin] in _RELATIVE:
        return [n for n in range(begin) if content(statement.lows[n])][-1:]
    first = next((n for n in range(begin) if acts(statement, n)), begin)
    return [n for n in range(first) if content(statement.lows[n])]


def _begins(statement: View, at: int) -> bool:
    """Whether a clause may begin with this token."""
    end = statement.starts[at - 1] + len(statement.tokens[at - 1])
    return statement.lows[at] in _JOINS or _BREAK.search(statement.text[end : statement.starts[at]]) is not None


def _than(aligned: Alignment) -> list[str]:
    """ "Better than iron" where "better than aluminium" is claimed, which stands elsewhere."""
    claim, statement = aligned.claim, aligned.statement
    for at in range(1, len(claim.lows) - 1):
        if claim.lows[at] != "than":
            continue
        there = [n for n in range(1, len(statement.lows)) if statement.lows[n] == "than"
                 and statement.lows[n - 1] == claim.lows[at - 1]]  # fmt: skip
        mine = [one for one in aligned.words if one.at > at][:3]
        if len(there) == 1 and mine and mine[0].places and mine[0].places[0] >= 0:
            near = set(range(there[0] + 1, there[0] + 6))
            if all(near.isdisjoint(one.places) for one in mine) and not passive(claim, at - 1):
                return [f"compares with {mine[0].word}, unlike the source"]
    return []
