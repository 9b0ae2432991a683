"""When to abstain: questions whose article is in the library, and questions whose article was left out.

SQuAD 1.1 dev, every second article added. The figures that ``agents/steps/abstain.py`` uses are fitted on one half of
the questions (``--fit`` prints the constants) and judged on the other: how often an unanswerable question is refused,
how often an answerable one is, and the risk (share of first quotes without a gold answer) of what is answered. Rivals
in the same run: a threshold on the cosine of the best sentence, and one on the words alone, each at its best.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from evidentia import Library
from evidentia.agents.steps import abstain
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import make_library
from evidentia.evaluation.metrics import answers
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import Question
from evidentia.retrieval.quoting import best_sentences


def load(data: Path) -> tuple[dict[str, str], list[Question], list[Question]]:
    """Paragraphs of the articles that are added, and the questions about added and about left-out articles."""
    paragraphs: dict[str, str] = {}
    inside: list[Question] = []
    outside: list[Question] = []
    for number, article in enumerate(json.loads((data / "dev-1.1.rebuilt.json").read_text())["data"]):
        for paragraph in article["paragraphs"]:
            name = f"{len(paragraphs):04d}.txt"
            questions = [
                (name, qa["question"], [answer["text"] for answer in qa["answers"]]) for qa in paragraph["qas"]
            ]
            if number % 2:
                outside += questions
            else:
                paragraphs[name] = paragraph["context"]
                inside += questions
    return paragraphs, inside, outside


def features(library: Library, questions: list[Question]) -> np.ndarray:
    """float64 ``[n, names + 2]``: ``abstain.NAMES`` of the best sentence, its cosine, and whether it holds a gold
    answer."""
    rows = []
    for name, question, golds in questions:
        quotes = best_sentences(library.store, question, library.search(question, 10), 1)
        if not quotes:
            rows.append([0.0] * (len(abstain.NAMES) + 2))
            continue
        asked, quote = library.embedder().encode([question, quotes[0].evidence.quote])
        right = answers(quotes[0].evidence, name, golds)
        rows.append([*abstain.features(quotes[0]), float(asked @ quote), right])
    return np.asarray(rows, dtype=float)


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method; the bias first."""
    design = np.column_stack([np.ones(len(x)), x])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (y - chance) - 1e-3 * weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-3 * np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return weights


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--questions", type=int, default=500, help="of each kind")
    parser.add_argument("--fit", action="store_true", help="print the constants for agents/steps/abstain.py")
    options = parser.parse_args()
    paragraphs, inside, outside = load(options.data)
    pick = random.Random(0)
    with tempfile.TemporaryDirectory() as folder, make_library(paragraphs, Path(folder), "paragraphs") as library:
        known = features(library, pick.sample(inside, options.questions))
        unknown = features(library, pick.sample(outside, options.questions))
    half = options.questions // 2
    x, y, width = np.vstack([known[:half], unknown[:half]]), np.repeat([1.0, 0.0], half), len(abstain.NAMES)
    if options.fit:
        print("BIAS and", abstain.NAMES, "=", fit(x[:, :width], y).round(3).tolist())
    ours = np.array([abstain.BIAS, *abstain.WEIGHTS])
    scores = {
        "evidentia": lambda rows: (
            1 / (1 + np.exp(-(np.column_stack([np.ones(len(rows)), rows[:, :width]]) @ ours))) - 0.5
        ),
        "rival: cosine": best_threshold(x[:, width], y, width),
        "rival: words": best_threshold(x[:, abstain.NAMES.index("own")], y, abstain.NAMES.index("own")),
    }
    rows = [
        (name, *judged(score(known[half:]), score(unknown[half:]), known[half:, -1])) for name, score in scores.items()
    ]
    metrics = {
        f"{name}_{column}": round(value, 4)
        for name, *values in rows
        for column, value in zip(("refused", "answered", "risk"), values, strict=True)
    }
    report(
        options.json,
        f"Abstaining, {half} answerable and {half} unanswerable questions held out",
        ("by", "unanswerable refused", "answerable answered", "risk of what is answered"),
        rows,
        metrics,
    )


def best_threshold(values: np.ndarray, y: np.ndarray, column: int) -> Callable[[np.ndarray], np.ndarray]:
    cuts = np.unique(values)
    best = max(cuts, key=lambda cut: ((values >= cut) == (y == 1)).mean())
    return lambda rows: rows[:, column] - best


def judged(known: np.ndarray, unknown: np.ndarray, right: np.ndarray) -> tuple[float, float, float]:
    answered = known >= 0
    wrong = (answered & (right == 0)).sum() + (unknown >= 0).sum()
    return (
        float((unknown < 0).mean()),
        float(answered.mean()),
        float(wrong / max(1, answered.sum() + (unknown >= 0).sum())),
    )


if __name__ == "__main__":
    main()
