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
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evidentia import Library
from evidentia.benchmarks.cfic import Case, Tally, by_meaning, by_words, full, models, read
from evidentia.corpus.document import Evidence
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import forget_sessions, open_or_make
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, Question, read_articles, read_dev, unseen
from evidentia.retrieval.cfic import prompts
from evidentia.retrieval.cfic.reading import REPLY_TOKENS, local
from evidentia.retrieval.cfic.retriever import DOCUMENTS
from evidentia.retrieval.cfic.retriever import read as read_windows
from evidentia.retrieval.cfic.windows import windows
from evidentia.serving import load_in_process
from evidentia.serving.base import LocalModel
from evidentia.settings import Settings

LEAST, SEPARATOR = 5000, "\n\n"
"""Tokens of the shortest article; what stands between its paragraphs."""
WHOLE = 1 << 24
"""Bytes of a window that holds any article."""
SOUGHT = 200
"""Passages of fused search among which those of the article are looked for."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--articles", type=int, default=6)
    parser.add_argument("--questions", type=int, default=6, help="about each article")
    options = parser.parse_args()
    settings = Settings.from_env()
    name, model = list(models(local(load_in_process(settings.model, settings)), "").items())[-1]
    texts = articles(options.data)
    asked = chosen(options, texts, model)
    with open_or_make(None, {file: texts[file] for file, _ in asked}, "articles") as library:
        tallies, sizes = answered(library, model, asked, read_dev(options.data)[0])
    title = f"Whole documents of {min(sizes):,} to {max(sizes):,} tokens, {name}"
    columns = ("what", "sentence hit", "prefix tokens", "sentences quoted", "seconds", "n")
    metrics: dict[str, object] = {f"hit_{what}": sum(one.hits) / len(one.hits) for what, one in tallies.items()}
    report(options.json, title, columns, [one.row(what) for what, one in tallies.items()], metrics)


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
) -> tuple[dict[str, Tally], list[int]]:
    tallies: dict[str, Tally] = {}
    sizes: list[int] = []
    for name, questions in asked:
        document = None
        for paragraph, question, golds in questions:
            hits = [hit for hit in library.search(question, SOUGHT) if hit.span and hit.span.document.endswith(name)]
            window = windows(library.store, hits[:1], question, WHOLE)[0] if hits else None
            if window is None:
                continue
            text = window.document.text
            start = text.index(paragraphs[paragraph])
            within = range(start, start + len(paragraphs[paragraph]))
            gold = {
                at
                for at, (first, last) in enumerate(window.sentences)
                if first in within and any(answer in text[first:last] for answer in golds)
            }
            case = Case(question, window, gold)
            if document is None:
                since = time.perf_counter()
                document = read(model, text)
                note(tallies, "reading the article", [True], since)
                sizes.append(len(document.tokens))
            since = time.perf_counter()
            sentence, quoted, tokens = full(model, case, document)
            note(tallies, "whole", [sentence in gold], since, quoted, tokens)
            since = time.perf_counter()
            begins = from_windows(library, model, question, hits[:DOCUMENTS])
            right = any(window.sentences[at][0] == begins for at in gold)
            note(tallies, "windows", [right], since)
            ways: dict[str, Callable[[Library, Case], int]] = {
                "rival: idf overlap": by_words,
                "rival: MiniLM cosine": by_meaning,
            }
            for way, choose in ways.items():
                since = time.perf_counter()
                note(tallies, way, [choose(library, case) in gold], since)
            print(name, question, {way: one.hits[-1] for way, one in tallies.items()}, file=sys.stderr, flush=True)
    return tallies, sizes


def from_windows(library: Library, model: LocalModel, question: str, hits: Sequence[Evidence]) -> int:
    """Where the first quote begins that the windows give, read anew."""
    forget_sessions(library)
    found = read_windows(library.store, model, question, hits)
    return found[0].start if found else -1


def note(
    tallies: dict[str, Tally], what: str, right: Sequence[bool], since: float, quoted: int = 1, tokens: int = 0
) -> None:
    tally = tallies.setdefault(what, Tally())
    tally.seconds.append(time.perf_counter() - since)
    tally.hits.extend(right)
    tally.sentences.append(quoted)
    tally.tokens.append(tokens)


if __name__ == "__main__":
    main()
