"""Exact rules against a claim: what in it contradicts the statement that is said to carry it, or goes beyond it.

No fault does not mean that the claim is carried, nor a fault of every rule that it is not: rules take some paraphrases
for contradictions. What each is worth is for ``verdict``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...corpus.words import stems
from .alignment import Alignment
from .clauses import place_faults
from .modality import modal_faults
from .names import name_faults
from .negation import negation_faults
from .opposed import opposite_faults
from .quantities import PERIODS, Quantity, matching, periods, quantities
from .roles import role_faults
from .subjects import subject_faults

RULES = ("number", "count", "name", "negation", "opposite", "modality", "role", "subject", "place")


@dataclass(frozen=True, slots=True)
class Fault:
    rule: str
    """One of ``RULES``."""
    why: str
    """A phrase for people."""


def faults(aligned: Alignment, governors: Sequence[str] = ()) -> list[Fault]:
    by_rule = {
        "name": name_faults(aligned, governors),
        "negation": negation_faults(aligned),
        "opposite": opposite_faults(aligned, governors),
        "modality": modal_faults(aligned),
        "role": role_faults(aligned),
        "subject": subject_faults(aligned),
        "place": place_faults(aligned),
    }
    found = number_faults(aligned.claim.text, aligned.statement.text, governors)
    found += [Fault(rule, why) for rule, reasons in by_rule.items() for why in reasons]
    return list(dict.fromkeys(found))


def number_faults(claim: str, statement: str, governors: Sequence[str] = ()) -> list[Fault]:
    """Finds faults of the rule ``number``, and of ``count`` in what is said in words, which paraphrases often do."""
    said, shown = quantities(claim), quantities(statement)
    above = [one for text in governors for one in quantities(text)]
    found, pairs = list[Fault](), []
    for one in said:
        same = matching(one, [*shown, *above])
        if not same:
            if not one.implied or any(_rival(one, other) for other in shown):
                rule = "number" if any(letter.isdigit() for letter in one.text) else "count"
                found.append(Fault(rule, f"says “{one.text}”, which the source does not say"))
        elif one.bound and all(other.bound and other.bound != one.bound for other in same):
            found.append(Fault("number", f"reverses the limit “{one.text}”"))
        elif same[0] in shown:
            pairs.append((one, same))
    found += [Fault("number", why) for why in _exchange_faults(pairs)]
    spoken, there = periods(claim), periods(" ".join((statement, *governors)))
    if spoken and there and not spoken & there:
        found.append(Fault("number", f"gives another time span: {', '.join(sorted(spoken))}"))
    return found


def _rival(one: Quantity, other: Quantity) -> bool:
    """ "First" where "second" stands, "twice" where another number does."""
    return other.ordinal == one.ordinal and (other.implied or not other.unit)


def _exchange_faults(pairs: Sequence[tuple[Quantity, list[Quantity]]]) -> list[str]:
    """Two numbers of which each stands among the words of the other."""
    for n, (one, mine) in enumerate(pairs):
        for other, theirs in pairs[n + 1 :]:
            if one.value == other.value or one.ordinal != other.ordinal or _kind(one) != _kind(other):
                continue
            kept = _shared_words(one, mine, theirs) + _shared_words(other, theirs, mine)
            crossed = _shared_words(one, theirs, mine) + _shared_words(other, mine, theirs)
            if crossed >= kept + 2 and _year(one) == _year(other):
                return [f"exchanges “{one.text}” and “{other.text}”"]
    return []


def _kind(one: Quantity) -> str:
    return "time" if one.unit in PERIODS else one.unit


def _year(one: Quantity) -> bool:
    return not one.unit and one.value == int(one.value) and 1000 <= one.value <= 2100


def _shared_words(one: Quantity, own: Sequence[Quantity], rival: Sequence[Quantity]) -> int:
    """Words around ``one`` that only ``own`` has around it."""
    return max(len(one.owners & mine.owners.difference(*(other.owners for other in rival))) for mine in own)


def unsaid(aligned: Alignment) -> list[str]:
    """The words of the claim that stand nowhere, as people may be told them."""
    known = set(stems(aligned.statement.text))
    return [one.word for one in aligned.missing if not set(stems(one.word)) & known]
