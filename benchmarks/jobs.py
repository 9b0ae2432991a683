"""What a compressed model still does for the product, beside the model that it was made from, on the same questions.

Of SQuAD 1.1 dev, questions that nothing was chosen on, each model with its own adapters: grounded answers copied from
the gold paragraph (exact match), the sentence that chunking-free evidence names (it holds a gold answer), and SEAL's
keys alone over 2,067 paragraphs (the gold one among the first five). Every answer is written to ``--rows`` at once, and
is not asked for again; ``--card`` writes the shares into the card of the compressed models.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from evidentia import Library, serving
from evidentia.agents import grounded
from evidentia.corpus.catalog import evidence
from evidentia.corpus.spans import sentences
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_or_make
from evidentia.evaluation.metrics import exact_match
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import Question, read_dev, unseen
from evidentia.retrieval.cfic import prompts
from evidentia.retrieval.cfic.decoding import prefix_scores
from evidentia.retrieval.cfic.reading import ask
from evidentia.retrieval.cfic.retriever import ADAPTER as CFIC
from evidentia.retrieval.ngram.generation import current
from evidentia.retrieval.ngram.retriever import rank
from evidentia.retrieval.seal.retriever import ADAPTER as SEAL
from evidentia.retrieval.seal.retriever import tokenizer_of, written_keys
from evidentia.retrieval.seal.tokens import Views
from evidentia.retrieval.seal.weights import weigh
from evidentia.serving.base import LocalModel, adapt
from evidentia.serving.compress import card, make
from evidentia.settings import Settings

JOBS = {"grounded": "grounded, copied: EM", "cfic": "sentence named", "seal": "SEAL's keys: hits@5"}
Job = Callable[[Question], bool | None]
"""Whether it was done right; ``None`` for a question that does not count."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("models", nargs="+", help="models of the cache, the dense one first")
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--jobs", nargs="+", choices=[*JOBS], default=[*JOBS])
    parser.add_argument("--library", type=Path, help="one that holds the paragraphs; made anew by default")
    parser.add_argument("--rows", type=Path, required=True, help="file of the answers that are there already")
    parser.add_argument("--card", action="store_true")
    options = parser.parse_args()
    paragraphs, questions = read_dev(options.data)
    asked = random.Random(3).sample(unseen(questions), options.questions)
    known = [json.loads(line) for line in options.rows.read_text().splitlines()] if options.rows.is_file() else []
    found = {(one["model"], one["job"], one["number"]): one["right"] for one in known}
    settings = Settings.from_env()
    with open_or_make(options.library, paragraphs, "paragraphs") as library:
        for job in options.jobs:
            for name in options.models:
                open_numbers = [at for at in range(len(asked)) if (name, job, at) not in found]
                if not open_numbers:
                    continue
                do = job_of(job, serving.load_in_process(name, settings), paragraphs, library)
                for at in open_numbers:
                    began = time.process_time()
                    right = do(asked[at])
                    found[name, job, at] = right
                    row = {"model": name, "job": job, "number": at, "right": right}
                    with options.rows.open("a", encoding="utf-8") as file:
                        file.write(json.dumps({**row, "seconds": time.process_time() - began}) + "\n")
    rows, metrics = table(options, {key: one for key, one in found.items() if one is not None})
    if options.card:
        write_cards(options, metrics, settings)
    columns = ("job", *options.models, "difference", "n")
    report(options.json, f"The product's jobs, SQuAD 1.1 dev, {len(asked)} questions", columns, rows, metrics)


def job_of(job: str, model: LocalModel, paragraphs: dict[str, str], library: Library) -> Job:
    if job == "grounded":
        adapted = adapt(model, grounded.ADAPTER)
        return lambda one: bool(exact_match(grounded.answer(adapted, one[1], [paragraphs[one[0]]]).answer, one[2]))
    if job == "cfic":
        tuned = adapt(model, CFIC)
        return lambda one: named(tuned, one[1], paragraphs[one[0]], one[2])
    keys, corpus = adapt(model, SEAL), current(library.store, Views(tokenizer_of(model)))

    def is_found(one: Question) -> bool:
        written = weigh(corpus.segments, written_keys(keys, corpus, one[1], trained=True), corpus.tokens)
        hits = evidence(library.store, rank(corpus, written, 5)[0], "seal", "")
        return any(hit.span is not None and Path(hit.span.document).name == one[0] for hit in hits)

    return is_found


def named(model: LocalModel, question: str, text: str, golds: Sequence[str]) -> bool | None:
    """Whether the sentence that the model begins most likely holds a gold answer."""
    places = sentences(text, 0, len(text))
    gold = {at for at, place in enumerate(places) if any(answer in text[slice(*place)] for answer in golds)}
    if len(places) < 2 or not gold:
        return None
    session = model.start()
    session.feed(prompts.document_tokens(model, text), rows=0)
    heard = ask(model, [session], *prompts.question_parts(model, question))
    texts = [model.encode(text[slice(*place)]) for place in places]
    best = prefix_scores(heard.session, heard.ends, heard.rows, [texts], sorted(model.ends))[0]
    return best[0].sentence in gold


def table(options: Any, found: dict[tuple[str, str, int], bool]) -> tuple[list[tuple[object, ...]], dict[str, float]]:
    names: list[str] = options.models
    rows: list[tuple[object, ...]] = []
    metrics: dict[str, float] = {}
    for job, title in JOBS.items():
        numbers = [at for at in range(10_000) if all((name, job, at) in found for name in names)]
        if not numbers:
            continue
        shares = {name: fmean(found[name, job, at] for at in numbers) for name in names}
        apart = [float(found[names[-1], job, at]) - float(found[names[0], job, at]) for at in numbers]
        error = pstdev(apart) / sqrt(len(apart))
        rows.append((title, *shares.values(), f"{fmean(apart):+.3f} ± {error:.3f}", len(numbers)))
        metrics |= {f"{job}|{name}": share for name, share in shares.items()} | {f"{job}|n": len(numbers)}
    return rows, metrics


def write_cards(options: Any, metrics: dict[str, float], settings: Settings) -> None:
    for name in options.models:
        folder = make.found_source(name, settings.cache)
        if not (folder / "card.json").is_file():
            continue
        known = card.read(folder)
        rows = tuple(
            replace(row, jobs={JOBS[job]: metrics[key] for job in JOBS if (key := f"{job}|{row.model}") in metrics})
            for row in known.rows
        )
        card.write(folder, replace(known, rows=rows))


if __name__ == "__main__":
    main()
