"""How much of a question's words a statement carries, each weighed by how seldom the library's passages hold it."""

from __future__ import annotations

from collections.abc import Mapping

from ..corpus import words
from ..corpus.languages import COMPOUNDING
from ..corpus.store import Store
from ..questions.match import is_compound
from ..questions.question import Question
from ..questions.spellings import hyphenless_stems

LEAST_WEIGHT = 1.0
"""Of a word, in a library so small that every word is common; names count twice that."""
GOVERNED = 0.7
"""What a word counts that stands only above a statement."""


def temper(store: Store, weights: Mapping[str, float]) -> dict[str, float]:
    """A word that the library does not hold weighs as much as the others do: people and texts choose different ones."""
    unseen = {stem for stem in weights if not words.count_passages(store, stem)}
    known = [weight for stem, weight in weights.items() if stem not in unseen]
    usual = sum(known) / len(known) if known else 1.0
    return {
        stem: max(LEAST_WEIGHT, min(weight, usual) if stem in unseen else weight) for stem, weight in weights.items()
    }


def word_share(weights: Mapping[str, float], asked: Question, text: str, governors: str = "") -> float:
    """Share of the question's weight in ``text``; what only its governors carry counts ``GOVERNED``."""
    present, above = (set(words.stems(part, asked.language)) if part else set[str]() for part in (text, governors))
    present |= hyphenless_stems(text, asked.language)
    if asked.language in COMPOUNDING:
        present |= {stem for stem in weights if stem not in present and is_compound(stem, present)}
    carried = sum(
        weight * (1.0 if stem in present else GOVERNED if stem in above else 0.0) for stem, weight in weights.items()
    )
    return carried / (sum(weights.values()) or 1.0)
