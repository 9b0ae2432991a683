"""How right an answer, a ranking or a place is, each as a number from 0 to 1."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..corpus.document import Evidence

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Ranking = Mapping[str, Sequence[str]]
"""For each question the keys of documents, best first."""
Grades = Mapping[str, Mapping[str, int]]
"""For each question how relevant each document is; those that are not named are not."""
DEPTH = 10
_DRAWS = 10_000


def ndcg(ranking: Ranking, grades: Grades) -> float:
    """nDCG@10 (Järvelin and Kekäläinen, 2002), the mean over the questions of ``grades``."""

    def of_one(query: str) -> float:
        gains = [
            grades[query].get(document, 0) / math.log2(rank + 2) for rank, document in enumerate(ranking[query][:DEPTH])
        ]
        best = sorted(grades[query].values(), reverse=True)[:DEPTH]
        return sum(gains) / sum(grade / math.log2(rank + 2) for rank, grade in enumerate(best))

    return sum(map(of_one, grades)) / len(grades)


def recall(ranking: Ranking, grades: Grades) -> float:
    """Recall@10, the mean over the questions of ``grades``."""
    return sum(len({*ranking[key][:DEPTH]} & {*grades[key]}) / len(grades[key]) for key in grades) / len(grades)


def normal_words(text: str) -> list[str]:
    """SQuAD's own normalisation: lower case, no punctuation, no articles."""
    text = "".join(character for character in text.lower() if character not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    return float(any(normal_words(prediction) == normal_words(gold) for gold in golds))


def f1(prediction: str, golds: Sequence[str]) -> float:
    """The largest F1 of words with any of ``golds``."""

    def of_one(gold: str) -> float:
        guess, truth = normal_words(prediction), normal_words(gold)
        same = sum((Counter(guess) & Counter(truth)).values())
        return 2 * same / (len(guess) + len(truth)) if same else 0.0

    return max(map(of_one, golds))


def answers(evidence: Evidence | None, name: str, golds: Sequence[str]) -> bool:
    """Whether ``evidence`` is of the file ``name`` and its quote holds one of ``golds``."""
    return (
        evidence is not None
        and evidence.span is not None
        and Path(evidence.span.document).name == name
        and any(gold in evidence.quote for gold in golds)
    )


def paired_interval(one: ArrayLike, other: ArrayLike) -> tuple[float, float]:
    """The 95 % interval of the mean of ``one`` less ``other``, question by question, by 10,000 bootstrap draws."""
    import numpy as np

    differences, drawn = np.subtract(one, other), np.random.default_rng(0)
    means = [drawn.choice(differences, len(differences)).mean() for _ in range(_DRAWS)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
