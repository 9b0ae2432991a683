"""Quoting on SQuAD 1.1 dev as an open corpus: 2,067 paragraphs, one document each, asked through a real library.

Printed: how often the gold sentence is the first evidence and the gold paragraph the first passage, next to the parts
of the choice alone (passage rank and first sentence; words; the reader), and EM and F1 of the short and of the written
answer, the supported and the unsupported apart. ``--written N`` asks the local model N questions (about 2 s each).
Rival in the same run: the same embedder on fixed chunks of 256 words of each article, the best sentence of the best
chunk by cosine.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from evidentia import Library
from evidentia.agents.answers.quoted import short
from evidentia.agents.steps import write
from evidentia.corpus.document import Evidence
from evidentia.corpus.spans import sentences
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_or_make
from evidentia.evaluation.metrics import answers, exact_match, f1
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, Question, read_articles, read_dev, untuned_questions
from evidentia.retrieval.base import Embedder
from evidentia.retrieval.quoting import best_sentences


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--written", type=int, default=0)
    parser.add_argument("--library", type=Path, help="a library that holds the paragraphs already")
    options = parser.parse_args()
    paragraphs, questions = read_dev(options.data)
    sample = random.Random(0).sample(untuned_questions(questions), options.questions)
    with open_or_make(options.library, paragraphs, "paragraphs") as library:
        rows, metrics = quoted(library, sample)
        found = chunked(library.embedder(), options.data, sample)
        rows += [(f"rival: 256-word chunks, {what}", share, len(sample)) for what, share in found.items()]
        metrics |= {f"chunks_{what.replace(' ', '_')}": round(share, 4) for what, share in found.items()}
        rows += written(library, sample[: options.written], metrics)
    report(
        options.json,
        f"SQuAD 1.1 dev, open corpus of {len(paragraphs):,} paragraphs, {len(sample):,} questions",
        ("what", "share or mean", "n"),
        rows,
        metrics,
    )


def quoted(library: Library, sample: list[Question]) -> tuple[list[tuple[str, float, int]], dict[str, object]]:
    hits: Counter[str] = Counter()
    given: list[tuple[float, float]] = []
    for name, question, golds in sample:
        found = library.search(question, 10)
        quotes = best_sentences(library.store, question, found, 24)
        hits["gold paragraph is the first passage"] += bool(
            found and found[0].span and Path(found[0].span.document).name == name
        )
        hits["gold paragraph is among the first 10"] += any(
            hit.span and Path(hit.span.document).name == name for hit in found
        )
        hits["gold sentence is the first evidence"] += bool(quotes) and answers(quotes[0].evidence, name, golds)
        hits["gold sentence is among the first 3"] += any(answers(quote.evidence, name, golds) for quote in quotes[:3])
        hits["rival: first sentence of the first passage"] += answers(first_sentence(found), name, golds)
        hits["part: words alone"] += bool(quotes) and answers(
            max(quotes, key=lambda quote: quote.own).evidence, name, golds
        )
        hits["part: the reader alone"] += bool(quotes) and answers(
            max(quotes, key=lambda quote: quote.reading.answered + quote.features[1]).evidence, name, golds
        )
        text = short(question, quotes[0]) if quotes else ""
        given += [(exact_match(text, golds), f1(text, golds))] if text else []
    count = len(sample)
    rows = [(what, number / count, count) for what, number in hits.items()]
    rows.append(("a short answer is given", len(given) / count, count))
    rows += [(f"short answers {what}", sum(s) / max(1, len(given)), len(given)) for what, s in _named(given)]
    return rows, {what.replace(" ", "_").replace(":", ""): round(value, 4) for what, value, _ in rows}


def _named(given: list[tuple[float, float]]) -> list[tuple[str, list[float]]]:
    return [("EM", [em for em, _ in given]), ("F1", [score for _, score in given])]


CHUNK_WORDS = 256


def chunked(embedder: Embedder, data: Path, sample: list[Question]) -> dict[str, float]:
    """The usual way: chunks of a fixed number of words, the best one by cosine, its best sentence by cosine."""
    words = [
        " ".join(paragraph["context"] for paragraph in article["paragraphs"]).split()
        for article in read_articles(data / DEV)
    ]
    chunks = [" ".join(text[at : at + CHUNK_WORDS]) for text in words for at in range(0, len(text), CHUNK_WORDS)]
    asked = embedder.encode([question for _, question, _ in sample])
    best = (asked @ embedder.encode(chunks).T).argmax(axis=1)
    holding = sentence = 0
    for vector, place, (_, _, golds) in zip(asked, best.tolist(), sample, strict=True):
        chunk = chunks[place]
        parts = [chunk[start:end] for start, end in sentences(chunk, 0, len(chunk))]
        chosen = parts[int((embedder.encode(parts) @ vector).argmax())]
        holding += any(gold in chunk for gold in golds)
        sentence += any(gold in chosen for gold in golds)
    return {"best sentence holds an answer": sentence / len(sample), "whole chunk does": holding / len(sample)}


def first_sentence(found: list[Evidence]) -> Evidence | None:
    if not found:
        return None
    start, end = sentences(found[0].quote, 0, len(found[0].quote))[0]
    return Evidence(found[0].quote[start:end], 0, "", "", found[0].span)


def written(library: Library, sample: list[Question], metrics: dict[str, object]) -> list[tuple[str, float, int]]:
    """What the local model writes, sentence by sentence: supported ones and the others apart."""
    scores: dict[str, list[tuple[float, float]]] = {"supported": [], "unsupported": []}
    for _, question, golds in sample:
        found = best_sentences(library.store, question, library.search(question, 10), 9)
        passages = write.context(library.store, found)
        for text, carrier in write.stream_sentences(library.store, library.model(), question, passages):
            scores["supported" if carrier else "unsupported"].append((exact_match(text, golds), f1(text, golds)))
    rows = []
    for kind, pairs in scores.items():
        for place, metric in enumerate(("EM", "F1")):
            if pairs:
                rows.append(
                    (
                        f"written sentences, {kind}: {metric}",
                        sum(pair[place] for pair in pairs) / len(pairs),
                        len(pairs),
                    )
                )
                metrics[f"written_{kind}_{metric}"] = round(rows[-1][1], 4)
    return rows


if __name__ == "__main__":
    main()
