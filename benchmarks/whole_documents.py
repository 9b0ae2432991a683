"""Chunking-free evidence from whole long documents, beside the windows that search reads: does the first quote begin
with the gold sentence?

Articles of SQuAD 1.1 dev, their paragraphs joined, of 5,000 tokens or more that the local model's context still holds.
*Whole*: every token of the article is read once and every sentence of it may be quoted. *Windows*: what ``--retriever
cfic`` does, held to the same article: the first five passages of fused search there, in windows of 4,096 bytes. Rivals
choose among all sentences. Questions that no weight and no round of training was chosen on.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from evidentia import Library
from evidentia.benchmarks.cfic import Case, Tally, by_meaning, by_words, models
from evidentia.benchmarks.whole_ways import PARAGRAPH, WINDOW, Reading
from evidentia.corpus.document import Evidence
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_or_make
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, Question, read_articles, read_dev, unseen
from evidentia.retrieval.cfic import prompts
from evidentia.retrieval.cfic.reading import REPLY_TOKENS, local
from evidentia.retrieval.cfic.retriever import DOCUMENTS
from evidentia.retrieval.cfic.retriever import read as read_windows
from evidentia.retrieval.cfic.windows import Window, windows
from evidentia.serving import load_in_process
from evidentia.serving.base import LocalModel
from evidentia.settings import Settings

LEAST, SEPARATOR = 5000, "\n\n"
"""Tokens of the shortest article; what stands between its paragraphs."""
WHOLE = 1 << 24
"""Bytes of a window that holds any article."""
SOUGHT = 200
"""Passages of fused search among which those of the article are looked for."""
RECALL = "first tokens, recent window and what is recalled"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--articles", type=int, default=5)
    parser.add_argument("--questions", type=int, default=5, help="about each article")
    parser.add_argument("--recall", type=int, default=1, help="articles that are read by recall as well, slowly")
    parser.add_argument("--skip", type=int, default=0, help="articles that another run has asked")
    parser.add_argument("--ways", nargs="*", help="how the names of the ways begin; all unless given")
    options = parser.parse_args()
    settings = Settings.from_env()
    name, model = list(models(local(load_in_process(settings.model, settings)), "").items())[-1]
    texts = articles(options.data)
    asked = chosen(options, texts, model)[options.skip :]
    with open_or_make(None, {file: texts[file] for file, _ in asked}, "articles") as library:
        tallies, sizes = answered(library, model, asked, read_dev(options.data)[0], options)
    title = f"Whole documents of {min(sizes):,} to {max(sizes):,} tokens, {name}"
    columns = ("what", "right", "of", "median seconds", "seconds in all")
    rows = [
        (what, sum(one.hits), len(one.hits), round(statistics.median(one.seconds), 2), round(sum(one.seconds)))
        for what, one in tallies.items()
    ]
    metrics: dict[str, object] = {f"hit_{what}": sum(one.hits) / len(one.hits) for what, one in tallies.items()}
    report(options.json, title, columns, rows, metrics)


def articles(data: Path) -> dict[str, str]:
    """Whole articles by the name of their file."""
    return {
        f"{at:02d}.txt": SEPARATOR.join(paragraph["context"] for paragraph in article["paragraphs"])
        for at, article in enumerate(read_articles(data / DEV))
    }


def chosen(options: argparse.Namespace, texts: dict[str, str], model: LocalModel) -> list[tuple[str, list[Question]]]:
    """Articles, and questions about each of them that nothing was chosen on."""
    rng, (paragraphs, questions) = random.Random(0), read_dev(options.data)
    most = model.context - 2 * REPLY_TOKENS
    lengths = {name: len(prompts.document_tokens(model, text)) for name, text in texts.items()}
    fitting = [name for name, length in lengths.items() if LEAST <= length <= most]
    found = []
    for name in rng.sample(fitting, min(options.articles, len(fitting))):
        asked = [question for question in unseen(questions) if paragraphs[question[0]] in texts[name]]
        found.append((name, rng.sample(asked, min(options.questions, len(asked)))))
    return found


def answered(
    library: Library,
    model: LocalModel,
    asked: Sequence[tuple[str, list[Question]]],
    paragraphs: Mapping[str, str],
    options: argparse.Namespace,
) -> tuple[dict[str, Tally], list[int]]:
    """Of ``options``: ``recall``, so many articles are read by recall too, and asked one question each so; ``ways``."""
    tallies: dict[str, Tally] = {}
    sizes: list[int] = []
    for number, (name, questions) in enumerate(asked):
        reading: Reading | None = None
        for paragraph, question, golds in questions:
            hits = [hit for hit in library.search(question, SOUGHT) if hit.span and hit.span.document.endswith(name)]
            window = windows(library.store, hits[:1], question, WHOLE)[0] if hits else None
            if window is None:
                continue
            gold = gold_sentences(window, paragraphs[paragraph], golds)
            slow = number < options.recall and reading is None
            reading = reading or Reading(model, window)
            ways = ways_of(library, reading, Case(question, window, gold), hits[:DOCUMENTS])
            for way, begins in ways.items():
                if (way == RECALL and not slow) or not way.startswith(tuple(options.ways or [""])):
                    continue
                since = time.process_time()
                right = begins() in {window.sentences[at][0] for at in gold}
                note(tallies, way, right, since)
            print(name, question, {way: one.hits[-1] for way, one in tallies.items()}, file=sys.stderr, flush=True)
        if reading is not None:
            sizes.append(len(prompts.document_tokens(model, reading.window.text)))
    return tallies, sizes


def gold_sentences(window: Window, paragraph: str, golds: Sequence[str]) -> set[int]:
    """The sentences of the paragraph that hold an answer."""
    text = window.document.text
    start = text.index(paragraph)
    return {
        at
        for at, (first, last) in enumerate(window.sentences)
        if start <= first < start + len(paragraph) and any(answer in text[first:last] for answer in golds)
    }


def ways_of(library: Library, reading: Reading, case: Case, hits: Sequence[Evidence]) -> dict[str, Callable[[], int]]:
    """Each way by its name: where the quote begins that it gives. The first to need a reading pays for it."""
    question, window = case.question, case.window
    found: dict[str, Callable[[], int]] = {"whole": lambda: reading.begin_in_whole(question)}
    for size, limit in (("4,096", WINDOW), ("1,024", PARAGRAPH)):
        of_size: dict[str, Callable[[int, str], int]] = {
            f"pieces of {size} bytes, scores joined": reading.begin_in_pieces,
            f"pieces of {size} bytes, the best joined and read again": reading.begin_in_second_reading,
            f"pieces of {size} bytes, side by side, seen at once": reading.begin_in_parallel,
        }
        found |= {way: partial(begin, limit, question) for way, begin in of_size.items()}
    return found | {
        RECALL: lambda: reading.begin_by_recall(question),
        "windows of 4,096 bytes": lambda: from_windows(library, reading.model, question, hits, WINDOW),
        "windows of 1,024 bytes": lambda: from_windows(library, reading.model, question, hits, PARAGRAPH),
        "rival: idf overlap": lambda: window.sentences[by_words(library, case)][0],
        "rival: MiniLM cosine": lambda: window.sentences[by_meaning(library, case)][0],
    }


def from_windows(library: Library, model: LocalModel, question: str, hits: Sequence[Evidence], most: int) -> int:
    """Where the first quote begins that the windows give."""
    found = read_windows(library.store, model, question, hits, most)
    return found[0].start if found else -1


def note(tallies: dict[str, Tally], what: str, right: bool, since: float) -> None:
    tally = tallies.setdefault(what, Tally())
    tally.seconds.append(time.process_time() - since)
    tally.hits.append(right)


if __name__ == "__main__":
    main()
