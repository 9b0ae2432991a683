"""The verdict whether one statement carries a claim: the judge's, weighed with what the exact rules find; those for
numbers decide alone.

A statement is a sentence, an item or a row with what governs it; never two of them, so that halves of two sentences
cannot be spliced. The check would rather turn down a true claim than let a false one through. Measured on planted wrong
claims and true paraphrases in ``benchmarks/support.py``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ...retrieval.reader.judge import Judge
from .alignment import LIGHT, Aligned, Alignment, align
from .faults import RULES, Fault, faults, unsaid

MIN_WORDS = 3
"""A bare name or a fragment says nothing that could be true."""
LONGEST = 6_000
"""Characters of a statement; a longer one, such as a cell of a megabyte, carries only what it says word for word."""
LEAST_SHARE = 0.25
"""Of the claim's content words that must stand in the statement or above it; below, nothing is asked of the judge."""
SUBJECT = 5
"""Words of a claim up to which its subject is named."""
DECISIVE = "number"
"""The rule whose faults decide alone: a model that reads takes one number for another."""
WEIGHED = tuple(rule for rule in RULES if rule != DECISIVE)
FEATURES = ("carried", "replaced", *WEIGHED)
BIAS = 1.25
WEIGHTS = (0.72, -1.0, -1.5, -3.0, -1.5, -3.0, -4.0, -4.0, -1.5, -1.5)
"""``training/verdict.py`` fits them on claims that people wrote about statements that the judge had not seen; those of
the rules are larger here, since models make things up more often than those people did. The bias was chosen
on the open half of the claims in ``benchmarks/data``."""
LEAST = 0.0
"""Log-odds from which on a claim counts as carried."""


@dataclass(frozen=True, slots=True)
class Verdict:
    carried: bool
    reasons: tuple[str, ...] = ()
    """Why not, each a phrase for people."""
    score: float = -math.inf
    """Log-odds where the judge was asked; infinite where the rules decided."""


@lru_cache(maxsize=2)
def open_judge(cache: Path) -> Judge:
    """The process's one judge for the models in ``cache``; its weights are read at its first use."""
    return Judge(cache)


def verdicts(claim: str, statements: Sequence[tuple[str, tuple[str, ...]]], judge: Judge) -> list[Verdict]:
    """One verdict for each statement, with what governs it. The judge is asked once, for all that the rules leave."""
    found = [decide_by_rules(claim, statement, governors) for statement, governors in statements]
    open_ones = [number for number, verdict in enumerate(found) if verdict is None]
    if open_ones:
        pairs = [(claim, text_for_judge(*statements[number])) for number in open_ones]
        for number, judged in zip(open_ones, judge.judge(pairs), strict=True):
            aligned = align(claim, *statements[number])
            found[number] = weigh(aligned, judged, faults(aligned, statements[number][1]))
    return [verdict for verdict in found if verdict is not None]


def text_for_judge(statement: str, governors: Sequence[str]) -> str:
    """A statement as the judge was trained to see it: below its innermost heading."""
    above = " ".join(governors[-1].strip("#= |").split()) if governors else ""
    return f"{above}. {statement}" if above else statement


def decide_by_rules(claim: str, statement: str, governors: tuple[str, ...]) -> Verdict | None:
    """Decides by the rules alone, where they can; ``None`` where the judge is to be asked."""
    if len(claim.split()) < MIN_WORDS:
        return Verdict(False, ("says too little",))
    if len(statement) > LONGEST:
        literal = _plain(claim) in _plain(statement)
        return Verdict(
            literal,
            () if literal else ("the statement is too long to be compared",),
            math.inf if literal else -math.inf,
        )
    aligned = align(claim, statement, governors)
    wrong = faults(aligned, governors)
    if any(fault.rule == DECISIVE for fault in wrong):
        return Verdict(False, tuple(fault.why for fault in wrong))
    if not wrong and _plain(claim) in _plain(statement):
        return Verdict(True, (), math.inf)
    if aligned.share < LEAST_SHARE:
        return Verdict(False, (f"the source says nothing of {', '.join(unsaid(aligned)[:3])}",))
    return None


def _plain(text: str) -> str:
    return f" {' '.join(text.lower().split()).strip(' .;,:')} "


def features(aligned: Alignment, carried: float, wrong: Sequence[Fault]) -> tuple[float, ...]:
    """The values that ``FEATURES`` names: the judge's log-odds; whether one or two words that do not stand there are
    all that sets the claim apart from a literal one; per rule, whether it finds a fault."""
    absent = {one.at for one in aligned.words if _absent(one) and one.word.lower() not in LIGHT}
    broken = {fault.rule for fault in wrong}
    return carried, float(_is_replacement(aligned, absent)), *(float(rule in broken) for rule in WEIGHED)


def _absent(one: Aligned) -> bool:
    """A word that is not in the statement. What stands above it is its subject, and is named at the beginning."""
    return not one.places or (one.places == (-1,) and one.at >= SUBJECT)


def _is_replacement(aligned: Alignment, spots: set[int]) -> bool:
    """One unknown word of a claim that is literal otherwise: more often another thing than another name of it."""
    if not spots or len(spots) > 2 or aligned.order() < 1:
        return False
    return all(one.places for one in aligned.words if one.at not in spots) and len(aligned.words) >= 4


def weigh(aligned: Alignment, carried: float, wrong: Sequence[Fault]) -> Verdict:
    values = features(aligned, carried, wrong)
    score = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))
    if score >= LEAST:
        return Verdict(True, (), score)
    doubtful = unsaid(aligned)[:3]
    why = (
        f"the source says nothing of {', '.join(doubtful)}" if doubtful else "the source does not say it in these words"
    )
    return Verdict(False, tuple(fault.why for fault in wrong) or (why,), score)
