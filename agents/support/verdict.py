"""The verdict whether one statement carries a claim: exact rules first, then the judge for what is worded freely.

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

from ...retrieval.reader.judge import Judge, Judged
from ...settings import Settings
from .alignment import LIGHT, Aligned, Alignment, align
from .faults import faults, unsaid

MIN_WORDS = 3
"""A bare name or a fragment says nothing that could be true."""
LONGEST = 6_000
"""Characters of a statement; a longer one, such as a cell of a megabyte, carries only what it says word for word."""
LEAST_SHARE = 0.25
"""Of the claim's content words that must stand in the statement or above it; below, nothing is asked of the judge."""
SUBJECT = 5
"""Words of a claim up to which its subject is named."""
FEATURES = ("carried", "doubt", "replaced")
BIAS = 1.5
WEIGHTS = (1.0, -1.0, -1.0)
"""Of the size that ``training/verdict.py`` fits on claims made by rule; rounded, and the bias chosen, on the open half
of the claims in ``benchmarks/data``."""
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


def verdicts(
    claim: str, statements: Sequence[tuple[str, tuple[str, ...]]], judge: Judge | None = None
) -> list[Verdict]:
    """One verdict for each statement, with what governs it. The judge, without one that of the environment's settings,
    is asked once, for all that the rules leave."""
    found = [decide_by_rules(claim, statement, governors) for statement, governors in statements]
    open_ones = [number for number, verdict in enumerate(found) if verdict is None]
    if open_ones:
        judge = judge or open_judge(Settings.from_env().cache)
        pairs = [(claim, text_for_judge(*statements[number])) for number in open_ones]
        for number, judged in zip(open_ones, judge.judge(pairs), strict=True):
            found[number] = weigh(align(claim, *statements[number]), judged)
    return [verdict for verdict in found if verdict is not None]


def text_for_judge(statement: str, governors: Sequence[str]) -> str:
    """A statement as the judge was trained to see it: below its innermost heading."""
    above = " ".join(governors[-1].strip("#= |").split()) if governors else ""
    return f"{above}. {statement}" if above else statement


def decide_by_rules(claim: str, statement: str, governors: tuple[str, ...]) -> Verdict | None:
    """What the rules decide; ``None`` where they find no fault and the claim is not literal."""
    if len(claim.split()) < MIN_WORDS:
        return Verdict(False, ("says too little",))
    if len(statement) > LONGEST:
        literal = _plain(claim) in _plain(statement)
        return Verdict(
            literal,
            () if literal else ("the statement is too long to be compared",),
            math.inf if literal else -math.inf,
        )
    wrong = faults(claim, statement, governors)
    if wrong:
        return Verdict(False, tuple(wrong))
    if _plain(claim) in _plain(statement):
        return Verdict(True, (), math.inf)
    aligned = align(claim, statement, governors)
    if aligned.share < LEAST_SHARE:
        return Verdict(False, (f"the source says nothing of {', '.join(unsaid(aligned)[:3])}",))
    return None


def _plain(text: str) -> str:
    return f" {' '.join(text.lower().split()).strip(' .;,:')} "


def features(aligned: Alignment, judged: Judged) -> tuple[float, float, float]:
    """The values that ``FEATURES`` names: the judge's log-odds; how probably the most doubtful of the words that do not
    stand there is wrong; whether one or two of them are all that sets the claim apart from a literal one."""
    claim = aligned.claim
    absent = {one.at for one in aligned.words if _absent(one) and one.word.lower() not in LIGHT}
    places = [(claim.starts[at], claim.starts[at] + len(claim.tokens[at])) for at in absent]
    doubt = max((_probability(judged.wrong(place)) for place in places), default=0.0)
    return judged.carried, doubt, float(_is_replacement(aligned, absent))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _absent(one: Aligned) -> bool:
    """A word that is not in the statement. What stands above it is its subject, and is named at the beginning."""
    return not one.places or (one.places == (-1,) and one.at >= SUBJECT)


def _is_replacement(aligned: Alignment, spots: set[int]) -> bool:
    """One unknown word of a claim that is literal otherwise: more often another thing than another name of it."""
    if not spots or len(spots) > 2 or aligned.order() < 1:
        return False
    return all(one.places for one in aligned.words if one.at not in spots) and len(aligned.words) >= 4


def weigh(aligned: Alignment, judged: Judged) -> Verdict:
    score = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(aligned, judged), strict=True))
    if score >= LEAST:
        return Verdict(True, (), score)
    doubtful = unsaid(aligned)[:3]
    why = (
        f"the source says nothing of {', '.join(doubtful)}" if doubtful else "the source does not say it in these words"
    )
    return Verdict(False, (why,), score)
