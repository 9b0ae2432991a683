"""Short answers from given evidence, on SQuAD 1.1 dev: the local model in four ways, and the embedded reader.

Ways: free (the first line of what it writes) or copied (the likeliest stretch of the evidence), each plain and with the
trained adapter; the reader, and the reader where ``ask`` takes it to be sure, else the adapter. Evidence: the gold
paragraph, what a library of all 2,067 paragraphs finds, or what it finds without the passages that hold a gold answer,
where saying nothing is right. Printed: EM and F1, the share of answers that stand in a sentence of the evidence, the
share whose cited sentence holds a gold answer, the share without an answer, seconds. Questions that rounds of training
were compared on are not asked. The free ways, which write token by token, get the first ``--free`` questions.
``--library`` names one that was made before (see ``squad.py``; the making takes minutes).
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from pathlib import Path

from evidentia import Library, serving
from evidentia.agents import grounded
from evidentia.agents.answers.quoted import SURE
from evidentia.agents.steps import write
from evidentia.agents.support.exact import holds
from evidentia.agents.support.verdict import open_judge, verdicts
from evidentia.corpus.spans import sentences
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_or_make
from evidentia.evaluation.metrics import exact_match, f1
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import Question, read_dev, unseen
from evidentia.retrieval.quoting import best_sentences
from evidentia.retrieval.reader.reader import Reader
from evidentia.serving.base import LocalModel, Sampling
from evidentia.serving.models.adapters import with_adapter
from evidentia.settings import Settings

Answered = tuple[str, str]
"""The answer and the sentence that is cited for it; either may be empty."""
Way = Callable[[str, list[str]], Answered]
LONGEST = 48


def free(model: LocalModel) -> Way:
    """The first line of the reply; cited is the first sentence that carries it."""

    def answered(question: str, pieces: list[str]) -> Answered:
        text = ""
        for piece in model.stream(grounded.messages(question, pieces), Sampling(max_tokens=LONGEST)):
            text += piece
            if "\n" in text.lstrip():
                break
        line = text.strip().partition("\n")[0]
        said = "" if line == grounded.NOT_FOUND else line
        return said, next((place for place in every_sentence(pieces) if supports(place, said)), "")

    return answered


def copied(model: LocalModel) -> Way:
    def answered(question: str, pieces: list[str]) -> Answered:
        found = grounded.answer(model, question, pieces)
        if found.place is None:
            return "", ""
        number, start, end = found.place
        return found.answer, pieces[number][start:end]

    return answered


def embedded(reader: Reader, sure: float = -math.inf) -> Way:
    """The best span of the piece that most likely answers, if its margin is above ``sure``."""

    def answered(question: str, pieces: list[str]) -> Answered:
        if not pieces:
            return "", ""
        readings = reader.read(question, pieces)
        best = max(range(len(pieces)), key=lambda number: readings[number].answered + readings[number].margin)
        if readings[best].margin <= sure:
            return "", ""
        start, end = readings[best].answer
        places = [place for place, _ in readings[best].sentences]
        first, last = next((place for place in places if place[0] <= start < place[1]), (start, end))
        return pieces[best][start:end], pieces[best][first:last]

    return answered


def first_of(*ways: Way) -> Way:
    """What the first of ``ways`` says that says anything."""

    def answered(question: str, pieces: list[str]) -> Answered:
        return next((found for way in ways if (found := way(question, pieces))[0]), ("", ""))

    return answered


def every_sentence(pieces: list[str]) -> list[str]:
    return [piece[start:end] for piece in pieces for start, end in sentences(piece, 0, len(piece))]


def supports(sentence: str, answer: str) -> bool:
    judge = open_judge(Settings.from_env().cache)
    return holds(sentence, answer) or verdicts(answer, [(sentence, ())], judge)[0].carried


Shown = tuple[str, list[str], list[str]]
"""Question, pieces of evidence, gold answers."""


def measured(way: Way, asked: list[Shown]) -> dict[str, float]:
    total = dict.fromkeys(("EM", "F1", "supported", "cites gold", "no answer"), 0.0)
    began = time.perf_counter()
    for question, pieces, golds in asked:
        answer, sentence = way(question, pieces)
        total["EM"] += exact_match(answer, golds) if golds else not answer
        total["F1"] += f1(answer, golds) if golds else not answer
        total["supported"] += bool(answer and sentence)
        total["cites gold"] += any(gold in sentence for gold in golds)
        total["no answer"] += not answer
    spent = time.perf_counter() - began
    said = len(asked) - total["no answer"]
    total["supported"] *= len(asked) / max(1.0, said)  # of the answers that were given
    return {name: value / len(asked) for name, value in total.items()} | {"s/question": spent / len(asked)}


def open_corpus(library: Library, sample: list[Question], answers: bool) -> list[Shown]:
    """Without ``answers`` the passages that hold a gold answer are left out, and no answer is the right one."""
    shown = []
    for _, question, golds in sample:
        hits = library.search(question, 10)
        if not answers:
            hits = [hit for hit in hits if not any(gold.lower() in hit.quote.lower() for gold in golds)]
        quotes = best_sentences(library.store, question, hits, 9)
        pieces = [piece.quote for piece in write.context(library.store, quotes)]
        shown.append((question, pieces, golds if answers else []))
    return shown


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--free", type=int, default=30)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--adapter", default=grounded.ADAPTER, help="name, or folder, of the adapter")
    parser.add_argument("--ways", nargs="*", help="only these rows")
    options = parser.parse_args()
    paragraphs, questions = read_dev(options.data)
    sample = random.Random(1).sample(unseen(questions), options.questions)
    with open_or_make(options.library, paragraphs, "paragraphs") as library:
        settings = {
            "gold paragraph": [(question, [paragraphs[name]], golds) for name, question, golds in sample],
            "open corpus": open_corpus(library, sample, answers=True),
            "open corpus without the answer": open_corpus(library, sample, answers=False),
        }
    rows, metrics = [], {}
    for name, way in ways(options.adapter).items():
        for setting, asked in settings.items():
            if options.ways and name not in options.ways:
                continue
            part = asked[: options.free] if name.endswith("free") else asked
            figures = measured(way, part)
            rows.append((name, setting, *(round(value, 3) for value in figures.values()), len(part)))
            metrics |= {f"{name}, {setting}, {what}": round(value, 4) for what, value in figures.items()}
    columns = ("way", "evidence", "EM", "F1", "supported", "cites gold", "no answer", "s/question", "n")
    report(options.json, f"SQuAD 1.1 dev, {len(sample)} questions", columns, rows, metrics)


def ways(adapter: str) -> dict[str, Way]:
    plain = serving.load_in_process(Settings().model, Settings.from_env())
    adapted = with_adapter(plain, adapter)
    reader = Reader(Settings.from_env().cache)
    return {
        "plain, free": free(plain),
        "plain, copied": copied(plain),
        "adapter, free": free(adapted),
        "adapter, copied": copied(adapted),
        "embedded reader": embedded(reader),
        "embedded reader where sure": embedded(reader, SURE),
        "reader where sure, else adapter": first_of(embedded(reader, SURE), copied(adapted)),
    }


if __name__ == "__main__":
    main()
