"""Chunking-free evidence on SQuAD 1.1 dev: does the first quote begin with the gold sentence, and what does that cost?

Gold paragraphs (of two sentences or more): the plain model and, where it was trained, the adapter, each in full and
with one part taken away (without skip decoding only the best start is decoded, with it all three), beside plain
generation and four rivals that choose a sentence. Open corpus: 2,067 paragraphs,
one document each, asked through a real library. The gold sentence is one that contains the answer.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from evidentia import Library
from evidentia.corpus import catalog, words
from evidentia.corpus.document import Evidence
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_or_make
from evidentia.evaluation.metrics import answers
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import Question, read_dev, unseen
from evidentia.retrieval.cfic import prompts
from evidentia.retrieval.cfic.decoding import DISTANCE, last_sentences, prefix_scores
from evidentia.retrieval.cfic.reading import ReadDocuments, ask, local
from evidentia.retrieval.cfic.retriever import ADAPTER, later
from evidentia.retrieval.cfic.sessions import Sessions, sessions_of
from evidentia.retrieval.cfic.windows import Window, windows
from evidentia.retrieval.quoting import best_sentences
from evidentia.serving.base import Adaptable, LocalModel, Message, Sampling, Session, adapt

FREE_TOKENS, REPLY_TOKENS = 8, 64
"""Tokens written without constraint before a sentence is recognised, and in plain generation."""

Row = tuple[object, ...]


@dataclass
class Tally:
    hits: list[bool] = field(default_factory=list)
    """The first quote begins with the gold sentence."""
    seconds: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    """Tokens that were needed to name the sentence."""
    sentences: list[int] = field(default_factory=list)
    """Sentences in the quote."""

    def row(self, name: str) -> Row:
        mean = [statistics.fmean(values) if values else "" for values in (self.tokens, self.sentences)]
        return name, statistics.fmean(self.hits), *mean, statistics.fmean(self.seconds), len(self.hits)


@dataclass(frozen=True)
class Case:
    question: str
    window: Window
    gold: set[int]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--questions", type=int, default=100, help="about the gold paragraph")
    parser.add_argument("--slow", type=int, default=40, help="of these, for the ways that write token by token")
    parser.add_argument("--open", type=int, default=40, help="of these, asked of the open corpus")
    parser.add_argument("--library", type=Path, help="a library of the paragraphs that was made before")
    parser.add_argument("--adapter", default="", help="its folder; else the shipped one, where there is one")
    options = parser.parse_args()
    paragraphs, questions = read_dev(options.data)
    sample = random.Random(0).sample(unseen(questions), options.questions)
    with open_or_make(options.library, paragraphs, "paragraphs") as library:
        rows, metrics = gold_paragraphs(library, sample, options.adapter, options.slow)
        more, measured = open_corpus(library, sample[: options.open])
    report(
        options.json,
        f"Chunking-free evidence, SQuAD 1.1 dev, {len(sample)} questions",
        ("what", "sentence hit", "prefix tokens", "sentences quoted", "seconds", "n"),
        rows + more,
        {**metrics, **measured},
    )


def models(plain: LocalModel, adapter: str) -> dict[str, LocalModel]:
    tuned = plain.with_adapter(adapter) if adapter and isinstance(plain, Adaptable) else adapt(plain, ADAPTER)
    return {"plain model": plain} | ({"adapter": tuned} if tuned is not plain else {})


def gold_paragraphs(
    library: Library, sample: Sequence[Question], adapter: str, slow: int
) -> tuple[list[Row], dict[str, object]]:
    plain = local(library.model())
    cases = [case for question in sample if (case := case_of(library, question)) is not None]
    rivals: dict[str, Callable[[Case], int]] = {
        "rival: first sentence": lambda case: 0,
        "rival: idf overlap": lambda case: by_words(library, case),
        "rival: MiniLM cosine": lambda case: by_meaning(library, case),
        "rival: query likelihood of each sentence": lambda case: by_likelihood(plain, case),
    }
    tallies = {name: Tally() for name in rivals}
    for name, choose in rivals.items():
        for case in cases:
            started = time.perf_counter()
            chosen = choose(case)
            tallies[name].seconds.append(time.perf_counter() - started)
            tallies[name].hits.append(chosen in case.gold)
    for name, model in models(plain, adapter).items():
        for part, tally in parts(model, cases, slow).items():
            tallies[f"{name}: {part}"] = tally
    metrics: dict[str, object] = {
        f"cfic_gold_{key(name)}": round(statistics.fmean(tally.hits), 4) for name, tally in tallies.items()
    }
    metrics |= {
        f"cfic_gold_seconds_{key(name)}": round(statistics.fmean(tally.seconds), 3) for name, tally in tallies.items()
    }
    return [tally.row(f"gold paragraph, {name}") for name, tally in tallies.items()], metrics


def key(name: str) -> str:
    return name.replace(":", "").replace(" ", "_")


def case_of(library: Library, question: Question) -> Case | None:
    name, text, golds = question
    row = library.store.connection.execute(
        "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id WHERE d.uri LIKE ?", (f"%/{name}",)
    ).fetchone()
    hit = list(catalog.evidence(library.store, [(row[0], 1.0)], "", ""))
    window = windows(library.store, hit, text, 8192)[0]
    gold = {
        at
        for at, (start, end) in enumerate(window.sentences)
        if any(answer in window.document.text[start:end] for answer in golds)
    }
    return Case(text, window, gold) if len(window.sentences) > 1 and gold else None


def sentences_of(case: Case) -> list[str]:
    return [case.window.document.text[start:end] for start, end in case.window.sentences]


def by_words(library: Library, case: Case) -> int:
    weights = words.idf(library.store, words.stems(case.question))
    shares = [sum(weights.get(stem, 0.0) for stem in set(words.stems(text))) for text in sentences_of(case)]
    return int(np.argmax(shares))


def by_meaning(library: Library, case: Case) -> int:
    vectors = library.embedder().encode([case.question, *sentences_of(case)])
    return int(np.argmax(vectors[1:] @ vectors[0]))


def by_likelihood(model: LocalModel, case: Case) -> int:
    lead, asked = prompts.likelihood_tokens(model, case.question)
    return int(np.argmax(ask(model, [read(model, text) for text in sentences_of(case)], lead, asked).likelihoods))


def read(model: LocalModel, text: str) -> Session:
    session = model.start()
    session.feed(prompts.document_tokens(model, text), rows=0)
    return session


def parts(model: LocalModel, cases: Sequence[Case], slow: int) -> dict[str, Tally]:
    """Each way on each case, those that write token by token on the first ``slow``; the document is read anew for all
    but ``second question``."""
    tallies: dict[str, Tally] = {}
    ways: dict[str, Callable[[LocalModel, Case, Session], tuple[int, int, int]]] = {
        "full": full,
        "no prefix constraint": without_prefixes,
        "no skip": without_skip,
    }
    for number, case in enumerate(cases):
        for name, way in ways.items():
            if number >= slow and name == "no skip":
                continue
            started = time.perf_counter()
            document = read(model, case.window.text)
            note(tallies, name, case, way(model, case, document), started)
        started = time.perf_counter()
        note(tallies, "second question", case, full(model, case, document), started)
        if number < slow:
            started = time.perf_counter()
            note(tallies, "plain generation", case, generated(model, case), started)
    return tallies


def note(tallies: dict[str, Tally], name: str, case: Case, found: tuple[int, int, int], started: float) -> None:
    """``found``: the first sentence, how many are quoted, and how many tokens that took."""
    tally = tallies.setdefault(name, Tally())
    tally.seconds.append(time.perf_counter() - started)
    tally.hits.append(found[0] in case.gold)
    tally.sentences.append(found[1])
    tally.tokens.append(found[2])


def asked_of(model: LocalModel, case: Case, document: Session) -> tuple[ReadDocuments, list[list[int]]]:
    heard = ask(model, [document], *prompts.question_parts(model, case.question))
    return heard, [model.encode(text) for text in sentences_of(case)]


def full(model: LocalModel, case: Case, document: Session, skip: bool = True) -> tuple[int, int, int]:
    heard, texts = asked_of(model, case, document)
    best = prefix_scores(heard.session, heard.ends, heard.rows, [texts], sorted(model.ends))[0][:3]
    starts = [(heard.ends[0], later(model, case.window, one.sentence, texts)) for one in best]
    if skip:
        more = last_sentences(heard.session, starts, sorted(model.ends))[0]
    else:
        more = step_by_step(model, heard, starts[0][1])
    return best[0].sentence, 1 + more, best[0].length


def without_skip(model: LocalModel, case: Case, document: Session) -> tuple[int, int, int]:
    return full(model, case, document, skip=False)


def step_by_step(model: LocalModel, heard: ReadDocuments, sentences: Sequence[Sequence[int]]) -> int:
    """Each token of the quote is decoded; it ends where the end is likelier than the document's next token."""
    at, count = heard.ends[0], 0
    for number, sentence in enumerate(sentences):
        for place, token in enumerate(sentence):
            row = heard.session.branch([token], [at])[0]
            at, count = len(heard.session.tokens) - 1, count + 1
            following = sentence[place + 1 :] or (sentences[number + 1] if number + 1 < len(sentences) else [])
            if place + 1 == len(sentence) and (
                count > DISTANCE or not following or row[sorted(model.ends)].max() > row[following[0]]
            ):
                return number
    return len(sentences) - 1


def without_prefixes(model: LocalModel, case: Case, document: Session) -> tuple[int, int, int]:
    """The model begins freely; the sentence that its words fit best is taken."""
    heard, texts = asked_of(model, case, document)
    written, at, row = [], heard.ends[0], heard.rows[0]
    while len(written) < FREE_TOKENS and int(row.argmax()) not in model.ends:
        written.append(int(row.argmax()))
        row = heard.session.branch(written[-1:], [at])[0]
        at = len(heard.session.tokens) - 1
    start = nearest(model.decode(written), case)
    starts = [(heard.ends[0], later(model, case.window, start, texts))]
    return start, 1 + last_sentences(heard.session, starts, sorted(model.ends))[0], len(written)


def generated(model: LocalModel, case: Case) -> tuple[int, int, int]:
    prompt = f"{prompts.document_prefix(case.window.text)}{prompts.question_suffix(case.question)}"
    text = "".join(model.stream([Message("user", prompt)], Sampling(max_tokens=REPLY_TOKENS)))
    return nearest(text, case), 1, len(model.encode(text))


def nearest(text: str, case: Case) -> int:
    """The sentence that shares the longest beginning with ``text``, then most words."""
    said, spoken = words.words(text), set(words.words(text))

    def fit(sentence: str) -> tuple[int, float]:
        theirs = words.words(sentence)
        same = next((at for at, pair in enumerate(zip(said, theirs, strict=False)) if pair[0] != pair[1]), len(said))
        return same, len(spoken.intersection(theirs)) / (len(set(theirs)) or 1)

    texts = sentences_of(case)
    return max(range(len(texts)), key=lambda at: fit(texts[at]))


def open_corpus(library: Library, sample: Sequence[Question]) -> tuple[list[Row], dict[str, object]]:
    rows: list[Row] = []
    metrics: dict[str, object] = {}
    ways: dict[str, Callable[[str], list[Evidence]]] = {
        "rival: fused, sentence by the embedded reader": lambda question: [
            quote.evidence for quote in best_sentences(library.store, question, library.search(question, 10), 3)
        ],
        "cfic, nothing kept": lambda question: library.search(question, 3, "cfic"),
        "cfic, the same documents again": lambda question: library.search(question, 3, "cfic"),
    }
    library.search("warm up", 1, "cfic")
    forget(library)
    for name, search in ways.items():
        first, any_of_3, seconds = [], [], []
        for document, question, golds in sample:
            started = time.perf_counter()
            found = search(question)
            seconds.append(time.perf_counter() - started)
            first.append(answers(found[0] if found else None, document, golds))
            any_of_3.append(any(answers(hit, document, golds) for hit in found[:3]))
        rows.append(
            (f"open corpus, {name}: first", statistics.fmean(first), "", "", statistics.fmean(seconds), len(first))
        )
        rows.append((f"open corpus, {name}: first 3", statistics.fmean(any_of_3), "", "", "", len(first)))
        metrics |= {
            f"cfic_open_{key(name)}": round(statistics.fmean(first), 4),
            f"cfic_open_3_{key(name)}": round(statistics.fmean(any_of_3), 4),
            f"cfic_open_seconds_{key(name)}": round(statistics.fmean(seconds), 3),
        }
    return rows, metrics


def forget(library: Library) -> None:
    """Nothing is kept in memory or on disk any more."""
    kept = sessions_of(library.store)
    fresh = Sessions(kept.folder, kept.writable, 4 * kept.memory_bytes, kept.disk_bytes)
    kept.__dict__.update(fresh.__dict__)
    for path in kept.folder.glob("*.session"):
        path.unlink()


if __name__ == "__main__":
    main()
