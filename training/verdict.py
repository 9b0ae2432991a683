"""Fits how the support check weighs the judge and the rules: a logistic regression.

    python training/verdict.py --weights runs/support/weights.safetensors

Claims are those that people wrote about statements that the judge was not trained on (``written_claims/``); those that
a rule decides alone are left out. Prints the weights, beside the judge alone and what passes of each kind, each half of
the statements by weights fitted on the other; ``agents/support/verdict.py`` has those of both.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evidentia.agents.support.alignment import align
from evidentia.agents.support.faults import faults
from evidentia.agents.support.verdict import FEATURES, decide_by_rules, features
from evidentia.retrieval.reader.judge import Judge
from evidentia.settings import Settings
from evidentia.training.pairs import Pair
from evidentia.training.support import WRITTEN, written


def rows_of(pairs: list[Pair], judge: Judge) -> NDArray[np.float64]:
    judged = judge.judge([(pair.claim, pair.shown) for pair in pairs])
    found = []
    for pair, one in zip(pairs, judged, strict=True):
        aligned = align(pair.claim, pair.statement, pair.above)
        found.append(features(aligned, one, faults(aligned, pair.above)))
    return np.array(found)


def fitted(rows: NDArray[np.float64], truth: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=2000, class_weight="balanced").fit(rows, truth)


def at_most(scores: NDArray[np.float64], truth: NDArray[np.bool_], share: float) -> tuple[float, float]:
    """The threshold that lets ``share`` of the false ones through, and the share of true ones above it."""
    least = float(np.quantile(scores[~truth], 1 - share))
    return least, float(np.mean(scores[truth] > least))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--written", type=Path, default=WRITTEN)
    parser.add_argument("--weights", type=Path, help="the reader's, with the judge's among them")
    options = parser.parse_args()
    judge = Judge(Settings.from_env().cache, options.weights)
    every = written(options.written)[1]
    pairs = [pair for pair in every if decide_by_rules(pair.claim, pair.statement, pair.above) is None]
    decided = [pair for pair in every if pair not in pairs]
    print(f"{len(every):,} pairs; rules decide {len(decided)}, {sum(p.carried for p in decided)} of them true")
    rows, truth = rows_of(pairs, judge), np.array([pair.carried for pair in pairs])
    half = np.array([crc32(pair.statement.encode()) // 10 % 2 == 0 for pair in pairs])
    scores = np.zeros(len(rows))
    for mine in (half, ~half):
        scores[mine] = fitted(rows[~mine], truth[~mine]).decision_function(rows[mine])
    whole = fitted(rows, truth)
    for share in (0.03, 0.05, 0.1):
        least, passed = at_most(scores, truth, share)
        alone = at_most(rows[:, 0], truth, share)[1]
        print(f"false {share:.2f}: true {passed:.3f}, threshold {least:.2f}; the judge alone {alone:.3f}")
    for name, weight in zip(FEATURES, whole.coef_[0], strict=True):
        print(f"  {name}: {weight:+.2f}")
    print(f"BIAS = {whole.intercept_[0]:.2f}\nWEIGHTS = ({', '.join(f'{w:.2f}' for w in whole.coef_[0])})")
    kinds = np.array([pair.kind for pair in pairs])
    through = scores > at_most(scores, truth, 0.05)[0]
    for kind in sorted({*kinds}):
        print(f"  {kind}: {through[kinds == kind].mean():.2f} of {np.sum(kinds == kind)} pass")


if __name__ == "__main__":
    main()
