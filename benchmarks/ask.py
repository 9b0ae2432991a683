"""How long an answer takes: warm and cold, on a library of about 20,000 spans; and what ingest spends its time on.

The library holds the installed networkx package, SQuAD dev's paragraphs and 8,000 of its train paragraphs. Printed: the
share of ingest inside the model's forward pass; warm ``ask`` (p50, p95) by kind of question; a cold ``evidentia ask``
as a whole process next to the time that importing sentence-transformers alone takes; the peak memory of the warm
process; with ``--model`` the first token and a 40-token answer of the local model on a question's real evidence.
"""

from __future__ import annotations

import functools
import gzip
import importlib.util
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from evidentia import Library
from evidentia.agents.steps import write
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import read_dev
from evidentia.retrieval.embedders.minilm import MiniLM
from evidentia.retrieval.quoting import best_sentences
from evidentia.serving.base import Sampling

CODE_QUESTIONS = (
    "What does `shortest_path` call?",
    "Who calls `pagerank`?",
    "Which classes inherit from `DiGraph`?",
    "Where is `Graph.add_edge` defined?",
    "What does `minimum_spanning_tree` do?",
)
TEXT_QUESTIONS = (
    "Where is the damping factor of PageRank documented, and what is its default?",
    "Which algorithm does minimum_spanning_tree use by default?",
    "How are strongly connected components found?",
)


Row = tuple[str, float, str]
"""What was measured, the figure, and its goal or a remark."""


def networkx_folder() -> Path:
    spec = importlib.util.find_spec("networkx")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def ingest(library: Library, source: Path) -> Iterator[Row]:
    """Paragraphs with the model already warm; then a code base; then one edit."""
    paragraphs, _ = read_dev(DATA / "squad")
    source.mkdir()
    for name, text in paragraphs.items():
        (source / name).write_text(text)
    embedder = library.embedder()
    assert isinstance(embedder, MiniLM)
    embedder.encode(["warm " * 5] * 1000)
    before, start = embedder.forward_seconds, time.perf_counter()
    library.add(source)
    seconds, forward = time.perf_counter() - start, embedder.forward_seconds - before
    yield "text ingest: share of the time inside the forward pass", forward / seconds, f"{seconds:.1f} s; goal 0.85"
    more = source.parent / "more"
    more.mkdir()
    for number, text in enumerate(train_paragraphs(8_000)):
        (more / f"{number:05d}.txt").write_text(text)
    library.add(networkx_folder(), more)
    yield "spans in the library", library.status()["counts"]["vectors"], ""
    yield "one edited file until it is searchable (s)", edited(library, source), f"of {len(paragraphs):,}; goal 0.5"


def train_paragraphs(count: int) -> list[str]:
    with gzip.open(DATA / "squad" / "train-1.1.rebuilt.json.gz", "rt") as file:
        articles = json.load(file)["data"]
    return [paragraph["context"] for article in articles for paragraph in article["paragraphs"]][:count]


def edited(library: Library, source: Path) -> float:
    seconds = []
    for number in range(5):
        (source / "0000.txt").write_text(f"Edit number {number}: penguins live in Antarctica.")
        start = time.perf_counter()
        library.add(source)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def warm(library: Library, sample: list[str]) -> Iterator[Row]:
    kinds = (("prose", sample), ("code, searched", [*TEXT_QUESTIONS] * 10), ("code graph", [*CODE_QUESTIONS] * 20))
    for question in (*sample[:3], *CODE_QUESTIONS):
        library.ask(question)
    for name, questions in kinds:
        taken = sorted(timed(lambda question=question: library.ask(question)) for question in questions)  # type: ignore[misc]
        high = taken[int(0.95 * len(taken))]
        yield f"warm ask, {name}: p50 (s)", statistics.median(taken), f"p95 {high:.3f} s; goal 0.4"


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def written(library: Library, question: str) -> Iterator[Row]:
    """The local model on the question's own evidence, after one other prompt."""
    found = best_sentences(library.store, question, library.search(question, 10), 9)
    prompt = write.messages(question, write.context(library.store, found))
    model = library.model()
    list(model.stream(write.messages("Warm up.", []), Sampling(max_tokens=2)))
    start, first, pieces = time.perf_counter(), 0.0, 0
    for _ in model.stream(prompt, Sampling(max_tokens=40)):
        first = first or time.perf_counter() - start
        pieces += 1
    yield "local model: first token (s)", first, "goal 1.5"
    yield f"local model: {pieces} pieces of text (s)", time.perf_counter() - start, "goal 4 for 40 tokens"


READER = """
import statistics, sys, time
from evidentia import Library
with Library(sys.argv[1], create=False) as library:
    times = []
    for question in sys.argv[2:]:
        start = time.perf_counter()
        library.ask(question)
        times.append(time.perf_counter() - start)
times = sorted(times[3:])
print(statistics.median(times), times[int(0.95 * len(times))])
"""


def reader(place: Path, sample: list[str]) -> Iterator[Row]:
    """A process that only asks, as the chat page does on a library that is there: it never loads torch."""
    command = [sys.executable, "-P", "-c", READER, str(place), *sample[:100]]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    median, high = map(float, printed.split())
    yield "warm ask in a process that only reads: p50 (s)", median, f"p95 {high:.3f} s; goal 0.4"


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def cold(place: Path, question: str) -> Iterator[Row]:
    """Whole processes, the median of five."""
    evidentia = [sys.executable, "-P", "-m", "evidentia"]
    at = ["--library", str(place)]
    commands = (
        ("ask through the command line", [*evidentia, "ask", *at, question], "goal 3"),
        ("graph callers through the command line", [*evidentia, "graph", "callers", "pagerank", *at], "goal 0.7"),
        ("add of the unchanged networkx", [*evidentia, "add", str(networkx_folder()), *at], "goal 1.5"),
        ("evidentia --help", [*evidentia, "--help"], "goal 0.3"),
        ("import evidentia", [sys.executable, "-P", "-c", "import evidentia"], "goal 0.3"),
        ("rival: import sentence_transformers", [sys.executable, "-P", "-c", "import sentence_transformers"], ""),
    )
    for name, command, goal in commands:
        run = functools.partial(subprocess.run, command, check=True, capture_output=True)
        yield f"cold {name} (s)", statistics.median(timed(run) for _ in range(5)), goal


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--model", action="store_true", help="time the local model, too")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    _, questions = read_dev(DATA / "squad")
    sample = [question for _, question, _ in random.Random(1).sample(questions, options.questions)]
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "library"
        with Library(place) as library:
            rows += ingest(library, Path(folder) / "paragraphs")
            rows += warm(library, sample)
            rows.append(("peak memory without the language model (GB)", memory(), "after ingest; goal 1.5"))
            if options.model:
                rows += written(library, TEXT_QUESTIONS[0])
                rows.append(("peak memory with the language model (GB)", memory(), "goal 2.5"))
        rows += reader(place, sample)
        rows += cold(place, sample[0])
    report(options.json, "Asking", ("what", "measured", "note"), rows, {name: value for name, value, _ in rows})


if __name__ == "__main__":
    main()
