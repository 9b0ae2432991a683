"""Planted wrong claims and true paraphrases: how many of each the support check lets through, beside its rivals.

``data/claims_open.txt`` was looked at while the check was made, ``data/claims_held.txt`` was not: each 100 wrong claims
and 100 true ones over five kinds of text. ``data/claims_roles.txt`` (looked at) has 31 and 23 of statements with
several clauses, whose things change places. Word overlap and cosine have no threshold of their own: theirs lets as many
true claims through as the check does. Printed too: what each kind of falsehood gets, the check without its judge, and
the share of each kind of text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evidentia.agents.support.alignment import align
from evidentia.agents.support.faults import faults
from evidentia.agents.support.verdict import text_for_judge, verdicts
from evidentia.corpus import words
from evidentia.evaluation.claims import Planted, read_claims
from evidentia.evaluation.report import arguments, report
from evidentia.retrieval.embedders.minilm import MiniLM
from evidentia.retrieval.reader.judge import Judge
from evidentia.settings import Settings

DATA = Path(__file__).resolve().parent / "data"


Check = Callable[[Planted], bool]


def check(judge: Judge) -> Check:
    return lambda one: verdicts(one.claim, [(one.statement, (one.governor,))], judge)[0].carried


def rules_alone(one: Planted) -> bool:
    """Whether no rule finds a fault."""
    return not faults(align(one.claim, one.statement, (one.governor,)), (one.governor,))


# The check as it was until 0.1.0's judge: shares of words, and their order.

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w-]+")
_NEGATION = re.compile(r"\b(?:no|not|never|none|neither|nor|without|cannot)\b|n't\b", re.IGNORECASE)


def old_check(one: Planted) -> bool:
    quote, sentence = one.statement, one.claim
    stems = words.stems(sentence)
    if len(sentence.split()) < 4 or not set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(quote)):
        return False
    if bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(quote)):
        return False
    if not {name.lower() for name in _NAME.findall(sentence)} <= set(words.words(quote)):
        return False
    found = words.stems(quote)
    kept = [stem for stem in stems if stem in set(found)]
    return len(kept) >= 0.85 * len(stems) and _in_order(kept, found) >= 0.7 * len(kept)


def _in_order(some: Sequence[str], all_of: Sequence[str]) -> int:
    tails: list[int] = []
    for place in (all_of.index(stem) for stem in some):
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)


def overlap(one: Planted) -> float:
    """Share of the claim's words that stand in the statement or above it."""
    said, shown = words.stems(one.claim), set(words.stems(f"{one.governor} {one.statement}"))
    return sum(stem in shown for stem in said) / max(1, len(said))


def cosines(planted: Sequence[Planted]) -> list[float]:
    embedder = MiniLM(Settings.from_env().cache)
    claims, statements = (
        embedder.encode([one.claim for one in planted]),
        embedder.encode([one.statement for one in planted]),
    )
    return [float(value) for value in np.sum(claims * statements, axis=1)]


def judged_alone(planted: Sequence[Planted], judge: Judge) -> list[float]:
    return judge.judge([(one.claim, text_for_judge(one.statement, (one.governor,))) for one in planted])


def rules_then_words(one: Planted) -> bool:
    """No fault, 85 % of the words, in one of their forms, and 70 % of them in order."""
    aligned = align(one.claim, one.statement, (one.governor,))
    return rules_alone(one) and aligned.share >= 0.85 and aligned.order() >= 0.7


def rules_then_cosine(planted: Sequence[Planted]) -> list[float]:
    """The lowest of the cosines between each absent word, in its context, and the nearest of the statement (the worst
    word of BERTScore's recall, Zhang et al., 2020); -1 with a fault."""
    embedder = MiniLM(Settings.from_env().cache)
    found = []
    for one in planted:
        if not rules_alone(one):
            found.append(-1.0)
            continue
        claim, statement = (embedder.tokenizer.encode(text) for text in (one.claim, one.statement))
        said, there = (unit(states) for states in embedder._numpy.states([claim.ids, statement.ids]))
        nearest = (said @ there[1:-1].T).max(axis=1)
        aligned = align(one.claim, one.statement, (one.governor,))
        worst = 1.0
        for word in aligned.missing:
            start = aligned.claim.starts[word.at]
            inside = [n for n, (a, z) in enumerate(claim.offsets) if a < start + len(word.word) and start < z]
            worst = min([worst, *(float(nearest[n]) for n in inside)])
        found.append(worst)
    return found


def unit(states: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.linalg.norm(states, axis=1, keepdims=True)
    return states / lengths


def shares(planted: Sequence[Planted], passed: Sequence[bool]) -> tuple[float, float]:
    """Of wrong claims, and of true ones, that pass."""
    wrong = [ok for one, ok in zip(planted, passed, strict=True) if not one.true]
    true = [ok for one, ok in zip(planted, passed, strict=True) if one.true]
    return sum(wrong) / len(wrong), sum(true) / len(true)


def at_rate(planted: Sequence[Planted], scores: Sequence[float], rate: float) -> list[bool]:
    """As many true claims pass as ``rate`` says."""
    true = sorted((score for one, score in zip(planted, scores, strict=True) if one.true), reverse=True)
    least = true[max(0, round(rate * len(true)) - 1)]
    return [score >= least for score in scores]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--weights", type=Path, help="other trained weights than the packaged ones")
    parser.add_argument("--halves", nargs="*", default=["open", "held", "roles"])
    options = parser.parse_args()
    judge = Judge(Settings.from_env().cache, options.weights)
    rows: list[tuple[object, ...]] = []
    metrics: dict[str, float] = {}
    for half in options.halves:
        planted = read_claims(DATA / f"claims_{half}.txt")
        ours = [check(judge)(one) for one in planted]
        rate = shares(planted, ours)[1]
        rivals = {
            "the check": ours,
            "the rules alone, the rest let through": [rules_alone(one) for one in planted],
            "the rules, then shares of words": [rules_then_words(one) for one in planted],
            "the rules, then the worst word's cosine, same true rate": at_rate(
                planted, rules_then_cosine(planted), rate
            ),
            "the judge alone, same true rate": at_rate(planted, judged_alone(planted, judge), rate),
            "the check before": [old_check(one) for one in planted],
            "word overlap, same true rate": at_rate(planted, [overlap(one) for one in planted], rate),
            "cosine, same true rate": at_rate(planted, cosines(planted), rate),
        }
        for name, passed in rivals.items():
            wrong, true = shares(planted, passed)
            rows.append((half, name, wrong, true, len(planted) // 2))
            metrics |= {f"{half} {name}, wrong": round(wrong, 4), f"{half} {name}, true": round(true, 4)}
        rows += [(half, what, *figures) for what, figures in parts(planted, ours)]
    columns = ("half", "what", "wrong let through", "true let through", "n of each")
    report(options.json, "Planted wrong claims and true paraphrases", columns, rows, metrics)


def parts(planted: Sequence[Planted], passed: Sequence[bool]) -> list[tuple[str, tuple[object, ...]]]:
    """The check, by kind of text and by kind of falsehood."""
    texts, kinds = defaultdict[str, list[int]](list), defaultdict[str, list[bool]](list)
    for number, one in enumerate(planted):
        texts[one.text].append(number)
        if not one.true:
            kinds[one.kind].append(passed[number])
    found: list[tuple[str, tuple[object, ...]]] = []
    for text, numbers in texts.items():
        wrong, true = shares([planted[n] for n in numbers], [passed[n] for n in numbers])
        found.append((f"  {text}", (wrong, true, len(numbers) // 2)))
    return found + [(f"  wrong: {kind}", (sum(ok) / len(ok), "", len(ok))) for kind, ok in sorted(kinds.items())]


if __name__ == "__main__":
    main()
