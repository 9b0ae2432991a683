"""How long an answer takes: warm and cold, on a library of about 20,000 spans; and what ingest spends its time on.

The library holds the installed networkx package and SQuAD dev's paragraphs. Printed: the share of ingest inside the
model's forward pass; warm ``ask`` (p50, p95) by kind of question; a cold ``evidentia ask`` as a whole process next to
the time that importing sentence-transformers alone takes; the peak memory of the warm process; with ``--model`` the
first token and a 40-token answer of the local model on a question's real evidence.
"""

from __future__ import annotations

import importlib.util
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import SHARED, arguments, report
from squad import load

from evidentia import Library
from evidentia.agents import write
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


def fill(library: Library, folder: Path) -> tuple[float, float]:
    """Seconds of ingest, and of those inside the forward pass."""
    paragraphs, _ = load(SHARED / "squad")
    source = folder / "paragraphs"
    source.mkdir()
    for name, text in paragraphs.items():
        (source / name).write_text(text)
    spec = importlib.util.find_spec("networkx")
    assert spec is not None
    assert spec.origin is not None
    library.embedder().encode(["warm " * 5] * 1000)
    before, start = library.embedder().forward_seconds, time.perf_counter()
    library.add(source)
    seconds, forward = time.perf_counter() - start, library.embedder().forward_seconds - before
    library.add(Path(spec.origin).parent)
    return seconds, forward


def timed(library: Library, questions: list[str]) -> list[float]:
    seconds = []
    for question in questions:
        start = time.perf_counter()
        library.ask(question)
        seconds.append(time.perf_counter() - start)
    return seconds


def cold(command: list[str], runs: int = 5) -> float:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def model_times(library: Library, question: str) -> tuple[float, float, int]:
    """Seconds to the first piece and to the last, on the question's own evidence; and how many pieces there were."""
    found = best_sentences(library.store, library.embedder(), question, library.search(question, 10), 9)
    prompt = write.messages(question, write.context(library.store, found))
    list(library.model().stream([*prompt[:1], *prompt[1:]], Sampling(max_tokens=2)))
    list(library.model().stream(write.messages("warm up", []), Sampling(max_tokens=2)))
    start, first, count = time.perf_counter(), 0.0, 0
    for _ in library.model().stream(prompt, Sampling(max_tokens=40)):
        first = first or time.perf_counter() - start
        count += 1
    return first, time.perf_counter() - start, count


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--model", action="store_true", help="time the local model, too")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    _, questions = load(SHARED / "squad")
    sample = [question for _, question, _ in random.Random(1).sample(questions, options.questions)]
    rows: list[tuple[str, float, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "library"
        with Library(place) as library:
            seconds, forward = fill(library, Path(folder))
            rows.append(
                (
                    "text ingest inside the forward pass (share)",
                    forward / seconds,
                    f"{seconds:.1f} s for 2,067 paragraphs; goal 0.85",
                )
            )
            rows.append(("spans in the library", library.status()["counts"]["passages"], ""))
            timed(library, [*sample[:3], *CODE_QUESTIONS])
            for name, asked in (
                ("prose", sample),
                ("code base, searched", list(TEXT_QUESTIONS) * 10),
                ("code graph", list(CODE_QUESTIONS) * 20),
            ):
                taken = sorted(timed(library, asked))
                rows.append(
                    (
                        f"warm ask, {name}: p50 (s)",
                        statistics.median(taken),
                        f"p95 {taken[int(0.95 * len(taken))]:.3f} s; goal 0.4",
                    )
                )
            rows.append(
                (
                    "peak memory, no language model (GB)",
                    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
                    "after ingest; goal 1.5",
                )
            )
            if options.model:
                first, whole, count = model_times(library, TEXT_QUESTIONS[0])
                rows.append(("local model: first token (s)", first, "goal 1.5"))
                rows.append((f"local model: {count} tokens (s)", whole, "goal 4"))
                rows.append(
                    (
                        "peak memory with the language model (GB)",
                        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
                        "goal 2.5",
                    )
                )
        cli = [sys.executable, "-P", "-m", "evidentia"]
        rows.append(
            ("cold ask through the command line (s)", cold([*cli, "ask", "--library", str(place), sample[0]]), "goal 3")
        )
        rows.append(
            (
                "cold callers through the command line (s)",
                cold([*cli, "graph", "callers", "pagerank", "--library", str(place)]),
                "goal 0.7",
            )
        )
        rows.append(("evidentia --help (s)", cold([*cli, "--help"]), "goal 0.3"))
        rows.append(("import evidentia (s)", cold([sys.executable, "-P", "-c", "import evidentia"]), "goal 0.3"))
        rows.append(
            (
                "rival: import sentence_transformers alone (s)",
                cold([sys.executable, "-P", "-c", "import sentence_transformers"], 3),
                "",
            )
        )
    report(
        options.json, "Asking", ("what", "measured", "note"), rows, {name: round(value, 4) for name, value, _ in rows}
    )


if __name__ == "__main__":
    main()
