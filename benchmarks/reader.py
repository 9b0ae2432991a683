"""The embedded reader on SQuAD 1.1 dev, gold paragraphs: EM, F1, the sentence that holds the answer, and abstaining.

The scorer is checked first on the predictions that BERT's authors published (EM 86.206, F1 92.196). Abstaining is
measured on the same questions asked of their own paragraph and of another one, near in words, that does not answer:
the risk (share of wrong answers among those given) at several coverages, and the calibration of its confidence.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Sequence
from pathlib import Path

from evidentia.evaluation.data import DATA
from evidentia.evaluation.metrics import exact_match, f1, normal_words
from evidentia.evaluation.report import arguments, report
from evidentia.retrieval.reader.reader import Reader, Reading
from evidentia.settings import Settings

COVERAGES = (0.5, 0.7, 0.8, 0.9, 1.0)
BINS = 10


def load(data: Path) -> list[tuple[str, str, str, list[str]]]:
    """``(id, question, paragraph, gold answers)``."""
    articles = json.loads((data / "dev-1.1.rebuilt.json").read_text())["data"]
    return [
        (qa["id"], qa["question"], paragraph["context"], [answer["text"] for answer in qa["answers"]])
        for article in articles
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]


def published(data: Path, asked: Sequence[tuple[str, str, str, list[str]]]) -> tuple[float, float]:
    predictions = json.loads((data / "predictions-1.1-BERT-ensemble.json").read_text())
    pairs = [(exact_match(predictions[key], golds), f1(predictions[key], golds)) for key, _, _, golds in asked]
    return sum(em for em, _ in pairs) / len(pairs), sum(score for _, score in pairs) / len(pairs)


def sentence_holds(reading: Reading, paragraph: str, golds: list[str]) -> bool:
    (start, end), _ = max(reading.sentences, key=lambda entry: entry[1])
    return any(gold in paragraph[start:end] for gold in golds)


def wrong_paragraph(question: str, own: str, golds: list[str], others: Sequence[str]) -> str:
    """Of 40 paragraphs drawn, the one that shares most words with the question and does not hold an answer."""
    asked = set(normal_words(question))
    fitting = [text for text in others if text != own and not any(gold in text for gold in golds)]
    return max(fitting, key=lambda text: len(asked & set(normal_words(text))))


def risk(outcomes: list[tuple[float, bool]]) -> dict[float, float]:
    """Confidence and rightness to the share of wrong ones among the most confident, by coverage."""
    ranked = sorted(outcomes, key=lambda entry: -entry[0])
    found = {}
    for coverage in COVERAGES:
        kept = ranked[: max(1, round(coverage * len(ranked)))]
        found[coverage] = 1 - sum(right for _, right in kept) / len(kept)
    return found


def calibration_error(outcomes: list[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of confidence."""
    total = 0.0
    for number in range(BINS):
        inside = [(c, right) for c, right in outcomes if min(BINS - 1, int(c * BINS)) == number]
        if inside:
            total += abs(sum(c for c, _ in inside) - sum(right for _, right in inside))
    return total / len(outcomes)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--questions", type=int, default=10_570)
    parser.add_argument("--weights", type=Path, help="other trained weights than the packaged ones")
    options = parser.parse_args()
    asked = load(options.data)
    checked = published(options.data, asked)
    sample = asked if options.questions >= len(asked) else random.Random(0).sample(asked, options.questions)
    reader, rng = Reader(Settings.from_env().cache, options.weights), random.Random(1)
    paragraphs = sorted({paragraph for _, _, paragraph, _ in asked})
    em = score = held = 0.0
    answered: list[tuple[float, bool]] = []
    right: list[tuple[float, bool]] = []
    for _, question, paragraph, golds in sample:
        other = wrong_paragraph(question, paragraph, golds, rng.sample(paragraphs, 40))
        own, foreign = reader.read(question, [paragraph, other])
        text = paragraph[slice(*own.answer)]
        em, score = em + exact_match(text, golds), score + f1(text, golds)
        held += sentence_holds(own, paragraph, golds)
        answered += [(_confidence(own), True), (_confidence(foreign), False)]
        right += [(_confidence(own), bool(exact_match(text, golds))), (_confidence(foreign), False)]
    count = len(sample)
    rows: list[tuple[object, ...]] = [
        ("scorer on the published BERT ensemble: EM", checked[0], len(asked)),
        ("scorer on the published BERT ensemble: F1", checked[1], len(asked)),
        ("reader: EM", em / count, count),
        ("reader: F1", score / count, count),
        ("reader: the chosen sentence holds an answer", held / count, count),
        ("answered or not, right at 0.5", sum((c >= 0.5) == truth for c, truth in answered) / len(answered), 2 * count),
        ("calibration error of 'this passage answers'", calibration_error(answered), 2 * count),
    ]
    rows += [(f"risk at coverage {c:.0%} (half cannot be answered)", r, 2 * count) for c, r in risk(right).items()]
    metrics = {_key(str(what)): round(float(str(value)), 5) for what, value, _ in rows}
    report(options.json, f"The reader on SQuAD 1.1 dev, {count:,} questions", ("what", "value", "n"), rows, metrics)


def _key(what: str) -> str:
    return re.sub(r"\W+", "_", what).strip("_")


def _confidence(reading: Reading) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, reading.answered))))


if __name__ == "__main__":
    main()
