"""Fits how the support check weighs what it knows of a claim that its rules leave: a logistic regression.

    python training/verdict.py --weights runs/support/weights.safetensors

Claims are those made by rule (``pairs.py``) from articles of SQuAD's train split that are held out, so that the judge
has not seen them; only those that no rule refuses count. Prints the weights, beside each feature alone, and what passes
of each kind; ``agents/support/verdict.py`` has them rounded.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evidentia.agents.support.alignment import align
from evidentia.agents.support.verdict import FEATURES, decide_by_rules, features
from evidentia.evaluation.squad import read_articles, split_articles
from evidentia.retrieval.reader.judge import Judge, Judged
from evidentia.settings import Settings
from evidentia.training import wordnet
from evidentia.training.pairs import Maker, Pair


def open_pairs(pairs: list[Pair], judge: Judge) -> tuple[NDArray[np.float64], NDArray[np.bool_], list[str], int]:
    """Features, truth and kinds of the pairs that the rules leave; how many true ones the rules refuse."""
    kept, refused = [], 0
    for pair in pairs:
        verdict = decide_by_rules(pair.claim, pair.statement, pair.above)
        if verdict is None:
            kept.append(pair)
        elif not verdict.carried:
            refused += pair.carried
    judged: list[Judged] = judge.judge([(pair.claim, pair.shown) for pair in kept])
    rows = [
        features(align(pair.claim, pair.statement, pair.above), one) for pair, one in zip(kept, judged, strict=True)
    ]
    return np.array(rows), np.array([pair.carried for pair in kept]), [pair.kind for pair in kept], refused


def at_most(scores: NDArray[np.float64], truth: NDArray[np.bool_], share: float) -> tuple[float, float]:
    """The threshold that lets ``share`` of the false ones through, and the share of true ones above it."""
    least = float(np.quantile(scores[~truth], 1 - share))
    return least, float(np.mean(scores[truth] > least))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared / "squad" / "train-1.1.rebuilt.json.gz")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--pairs", type=int, default=6000)
    options = parser.parse_args()
    judge = Judge(Settings.from_env().cache, options.weights)
    made = list(
        Maker(split_articles(read_articles(options.data))[1], wordnet.opened(options.wordnet)).epoch(Random(11))
    )
    made = [pair for pair in made if pair.kind != "reworded"]  # nobody replaces one word of a quote by its synonym
    pairs = Random(12).sample(made, options.pairs)
    rows, truth, kinds, refused = open_pairs(pairs, judge)
    print(
        f"{len(pairs):,} pairs, {len(rows):,} left by the rules, {truth.sum():,} of them true; refused true: {refused}"
    )
    half = np.arange(len(rows)) % 2 == 0
    model = LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced").fit(rows[half], truth[half])
    scores = model.decision_function(rows[~half])
    for share in (0.05, 0.1, 0.2):
        least, passed = at_most(scores, truth[~half], share)
        print(f"false {share:.2f}: true {passed:.3f}, threshold {least:.2f}")
    for column, name in enumerate(FEATURES):
        weight = model.coef_[0][column]
        alone = at_most(np.sign(weight) * rows[~half][:, column], truth[~half], 0.1)[1]
        print(f"  {name}: {weight:+.3f}; alone, false 0.10: true {alone:.3f}")
    print(f"BIAS = {model.intercept_[0]:.3f}\nWEIGHTS = ({', '.join(f'{w:.3f}' for w in model.coef_[0])})")
    passed = scores > at_most(scores, truth[~half], 0.1)[0]
    for kind in sorted({*kinds}):
        mine = np.array([k == kind for k in kinds])[~half]
        print(f"  {kind}: {passed[mine].mean():.2f} of {mine.sum()} pass")


if __name__ == "__main__":
    main()
