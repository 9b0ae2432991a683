"""SEAL on SQuAD 1.1 dev as an open corpus of 2,067 paragraphs: how often the gold paragraph is found.

Beside BM25, dense search and the question's own n-grams: the keys that the local model writes as it comes (asked
plainly, and with two examples, which is what search does) and with its trained adapter, each alone and together with
the question's own n-grams; and a model that shows no scores. That last one is a double: stretches of the gold paragraph
that are near the question and as many of any other, with every third word changed, so its figures say only what the way
from phrases to passages keeps. ``--library`` takes a library that holds the paragraphs already.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from evidentia import Library
from evidentia.corpus.catalog import evidence
from evidentia.corpus.document import Evidence
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_or_make
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import Question, read_dev
from evidentia.retrieval import open_retriever
from evidentia.retrieval.ngram.generation import Corpus, current
from evidentia.retrieval.ngram.retriever import rank
from evidentia.retrieval.ngram.scoring import Key
from evidentia.retrieval.seal.prompts import training_spans
from evidentia.retrieval.seal.retriever import ADAPTER, SealRetriever, own_keys, tokenizer_of, written_keys
from evidentia.retrieval.seal.tokens import ModelTokenizer, Views
from evidentia.retrieval.seal.weights import together, weigh
from evidentia.serving.base import LocalModel, adapt, is_adapted, shows_scores
from evidentia.serving.models.scripted import ScriptedModel

DEPTHS = (1, 5, 20)
TUNED_ON = 60
"""Questions that were looked at while weights and prompts were chosen; never among those asked."""
CHANGED = 0.3
"""Share of the double's words that are replaced by one that does not belong there."""

Hits = list[Evidence]
Row = tuple[object, ...]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--library", type=Path, help="one that holds the paragraphs; made anew by default")
    options = parser.parse_args()
    paragraphs, questions = read_dev(options.data)
    tuned = set(random.Random(7).sample(range(len(questions)), TUNED_ON))
    unseen = [question for number, question in enumerate(questions) if number not in tuned]
    sample = random.Random(0).sample(unseen, min(options.questions, len(unseen)))
    metrics: dict[str, object] = {}
    with open_or_make(options.library, paragraphs, "paragraphs") as library:
        corpus = current(library.store, Views(tokenizer_of(local(library))))
        rows = sizes(library, corpus, metrics)
        rows += rivals(library, sample, metrics)
        rows += models(library, corpus, sample, metrics)
        rows += double(library, paragraphs, sample, metrics)
    title = f"SEAL on SQuAD 1.1 dev, {len(paragraphs):,} paragraphs, {len(sample):,} questions"
    columns = ("what", "hits@1/5/20", "model, CPU ms a question", "the rest, CPU ms")
    report(options.json, title, columns, rows, metrics)


def local(library: Library) -> LocalModel:
    model = library.model()
    assert shows_scores(model), "the benchmark needs a local model"
    return model


def sizes(library: Library, corpus: Corpus[ModelTokenizer], metrics: dict[str, object]) -> list[Row]:
    memory = sum(part.index.resident_bytes for part in corpus.segments.parts)
    stored, dense = (
        sum(path.stat().st_size for path in library.store.folder.glob(f"{kind}-*")) for kind in ("seal", "dense")
    )
    metrics |= {"bytes_in_memory": memory, "bytes_stored": stored, "bytes_dense": dense, "tokens": corpus.tokens}
    return [
        (f"index of {corpus.tokens:,} tokens in memory", f"{memory / 1e6:.1f} MB", "", ""),
        ("its files, with the place of each token in the text", f"{stored / 1e6:.1f} MB", "", ""),
        ("rival: dense index", f"{dense / 1e6:.1f} MB", "", ""),
    ]


def rivals(library: Library, sample: Sequence[Question], metrics: dict[str, object]) -> list[Row]:
    rows = []
    for name in ("lexical", "dense", "ngram"):
        search = open_retriever(name, library.store, library.embedder, library.model).search
        started = time.process_time()
        found = [search(question, DEPTHS[-1]) for _, question, _ in sample]
        rows.append(row(f"rival: {name}", found, sample, metrics, 0.0, time.process_time() - started))
    return rows


def models(
    library: Library, corpus: Corpus[ModelTokenizer], sample: Sequence[Question], metrics: dict[str, object]
) -> list[Row]:
    """Each way of asking: its keys alone, and with the question's own n-grams."""
    model, rows = local(library), []
    own = [own_keys(corpus, question) for _, question, _ in sample]
    rows.append(row("own n-grams in model tokens", [hits(library, corpus, keys) for keys in own], sample, metrics))
    tuned = adapt(model, ADAPTER)
    ways = [("plain model, no examples", model, True), ("plain model", model, False)]
    for name, asked, bare in [*ways, *([("adapter", tuned, True)] if is_adapted(tuned, ADAPTER) else [])]:
        timed = Timed(asked)
        started = time.process_time()
        written = [written_keys(cast(LocalModel, timed), corpus, question, trained=bare) for _, question, _ in sample]
        keys = [weigh(corpus.segments, one, corpus.tokens) for one in written]
        alone = [hits(library, corpus, one) for one in keys]
        rest = time.process_time() - started - timed.seconds
        rows.append(row(f"{name}: its keys alone", alone, sample, metrics, timed.seconds, rest))
        both = [hits(library, corpus, together(*pair)) for pair in zip(keys, own, strict=True)]
        rows.append(row(f"{name}, with own n-grams", both, sample, metrics, timed.seconds, rest))
    return rows


def hits(library: Library, corpus: Corpus[ModelTokenizer], keys: Sequence[Key]) -> Hits:
    return [*evidence(library.store, rank(corpus, keys, DEPTHS[-1])[0], "seal", "")]


class Timed:
    """A local model that counts the CPU seconds of its forward passes."""

    def __init__(self, model: LocalModel) -> None:
        self.model, self.seconds = model, 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def start(self) -> TimedSession:
        return TimedSession(self)


class TimedSession:
    def __init__(self, owner: Timed) -> None:
        self.owner, self.session = owner, owner.model.start()
        self.feed, self.branch = self._counted(self.session.feed), self._counted(self.session.branch)

    @property
    def tokens(self) -> Sequence[int]:
        return self.session.tokens

    def _counted(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            started = time.process_time()
            found = work(*arguments, **named)
            self.owner.seconds += time.process_time() - started
            return found

        return counted


def double(
    library: Library, paragraphs: dict[str, str], sample: Sequence[Question], metrics: dict[str, object]
) -> list[Row]:
    rows = []
    for own in (False, True):
        started, found = time.process_time(), []
        for name, question, _ in sample:
            model = ScriptedModel([phrases(paragraphs, name, question)])
            retriever = SealRetriever(library.store, library.embedder, lambda model=model: model, own=own)
            found.append(retriever.search(question, DEPTHS[-1]))
        what = "endpoint double, with own n-grams" if own else "endpoint double: its phrases alone"
        rows.append(row(what, found, sample, metrics, 0.0, time.process_time() - started))
    return rows


def phrases(paragraphs: dict[str, str], gold: str, question: str) -> str:
    """Stretches of a paragraph, every third word of them changed: half of the gold one, half of any other."""
    rng = random.Random(question)
    other = rng.choice(list(paragraphs))
    spans = [
        span
        for name in (gold, other)
        for span in training_spans(question if name == gold else "", paragraphs[name], rng, count=6)
    ]
    changed = (" ".join("so" if rng.random() < CHANGED else word for word in span.split()) for span in spans)
    return "\n".join(changed)


def row(
    what: str,
    found: Sequence[Hits],
    sample: Sequence[Question],
    metrics: dict[str, object],
    model_s: float = 0.0,
    rest_s: float = 0.0,
) -> Row:
    places = []
    for hits_found, (name, _, _) in zip(found, sample, strict=True):
        names = [Path(hit.span.document).name for hit in hits_found if hit.span]
        places.append(names.index(name) if name in names else DEPTHS[-1])
    shares = [sum(place < depth for place in places) / len(places) for depth in DEPTHS]
    key = re.sub(r"\W+", "_", what)
    metrics |= {f"hits@{depth}_{key}": round(share, 4) for depth, share in zip(DEPTHS, shares, strict=True)}
    metrics |= {
        f"ms_model_{key}": round(1000 * model_s / len(sample)),
        f"ms_rest_{key}": round(1000 * rest_s / len(sample)),
    }
    shown = " / ".join(f"{share:.2f}" for share in shares)
    times = (f"{1000 * seconds / len(sample):.0f}" if seconds else "" for seconds in (model_s, rest_s))
    return what, shown, *times


if __name__ == "__main__":
    main()
