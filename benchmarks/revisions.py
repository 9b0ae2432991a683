"""Whether a change cost speed or changed answers: two revisions of this repository, run in turn on the same input.

    python benchmarks/revisions.py BEFORE [AFTER] [--runs 5] [--jobs add ask]

Each revision is checked out beside the other, and each measurement is a process of its own, before and after by turns,
so that a machine that slows down slows both. Printed: the median seconds of each, the median of the ratios of the
pairs with the smallest and the largest, the same of the processors' seconds, which a shared machine moves less, and how
many of the answers are the same text. Measured are ``add`` of a folder of documents, the code graph of networkx, its
verbs, warm questions, and if asked for 128 tokens of the local model. The verbs need ``graph``, questions and tokens
need ``add``. Tokens are not compared: with weights of four bits a near tie may fall either way.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from evidentia.evaluation.report import arguments, report

ROOT = Path(__file__).resolve().parent.parent
JOBS = ("add", "graph", "verbs", "ask", "decode")

# The measurements run in either revision: they use the SDK alone, whose names both have.
PROGRAM = """
import json, resource, sys, time
from evidentia import Library
def used():
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)
job, folder, source = sys.argv[1:]
QUESTIONS = (
    "What is the default timeout?", "How long may reading one file take?", "Which file holds the writer's lock?",
    "What happens when a second process writes to the library?", "How is an answer refused?",
    "Which formats are read?", "What does the reader weigh?", "How do I serve a local model?",
    "Which port does Neo4j listen on?", "Why is BM25 kept in SQLite?",
)
VERBS = ("Who calls `pagerank`?", "What does `shortest_path` call?", "Where is `Graph.add_edge` defined?",
         "Which classes inherit from `DiGraph`?", "Which tests reach `pagerank`?")
texts = []
if job in ("add", "graph"):
    began, before = time.perf_counter(), used()
    with Library(folder) as library:
        library.add(source, graph_only=job == "graph")
        seconds, cpu = time.perf_counter() - began, used() - before
elif job in ("ask", "verbs"):
    with Library(folder) as library:
        questions = QUESTIONS if job == "ask" else VERBS
        library.ask(questions[0])
        began, before = time.perf_counter(), used()
        texts = [library.ask(question).text for question in questions]
        seconds = (time.perf_counter() - began) / len(questions)
        cpu = (used() - before) / len(questions)
else:
    from evidentia.serving.base import Message, Sampling
    with Library(folder) as library:
        message = [Message("user", "Explain how a bicycle stays upright.")]
        "".join(library.model().stream(message, Sampling(max_tokens=8)))
        began, before = time.perf_counter(), used()
        "".join(library.model().stream(message, Sampling(max_tokens=128)))
        seconds, cpu = time.perf_counter() - began, used() - before
print(json.dumps({"seconds": seconds, "cpu": cpu, "texts": texts}))
"""


def check_out(revision: str, folder: Path) -> Path:
    """A folder that holds the package ``evidentia`` as the revision has it."""
    tree = folder / "tree"
    folder.mkdir()
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(tree), revision], cwd=ROOT, check=True)
    (folder / "evidentia").symlink_to(tree, target_is_directory=True)
    return folder


@dataclass(frozen=True, slots=True)
class Taken:
    """What one job took in a process of its own, and the texts that it gave."""

    seconds: float
    cpu: float
    """The processors' seconds, of the process and those that it started."""
    texts: tuple[str, ...]


def measure(site: Path, job: str, library: Path, source: Path) -> Taken:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, job, str(library), str(source)],
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONHASHSEED": "0"},
        cwd=site,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return Taken(said["seconds"], said["cpu"], tuple(said["texts"]))


def compare(sites: dict[str, Path], jobs: list[tuple[str, Path]], runs: int, folder: Path) -> list[list[object]]:
    rows: list[list[object]] = []
    for job, source in jobs:
        taken: dict[str, list[Taken]] = {name: [] for name in sites}
        for run in range(runs):
            for name, site in sites.items():
                fresh = folder / f"{job}-{name}-{run}"
                kept = folder / f"{'graph' if job == 'verbs' else 'add'}-{name}-0"
                taken[name].append(measure(site, job, fresh if job in ("add", "graph") else kept, source))
        before, after = taken.values()
        pairs = list(zip(before, after, strict=True))
        same = [a == b for a, b in zip(before[-1].texts, after[-1].texts, strict=True)]
        rows.append(
            [
                job,
                statistics.median(one.seconds for one in before),
                statistics.median(one.seconds for one in after),
                *_ratio([b.seconds / a.seconds for a, b in pairs]),
                *_ratio([b.cpu / a.cpu for a, b in pairs]),
                f"{sum(same)} of {len(same)}" if same else "",
            ]
        )
    return rows


def _ratio(ratios: list[float]) -> tuple[float, str]:
    return statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("before")
    parser.add_argument("after", nargs="?", default="HEAD")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=JOBS[:-1], help="decode needs the local model")
    options = parser.parse_args()
    networkx = importlib.util.find_spec("networkx")
    assert networkx is not None
    assert networkx.origin is not None
    code, documents = Path(networkx.origin).parent, ROOT / "docs"
    jobs = [(job, code if job in ("graph", "verbs") else documents) for job in JOBS if job in options.jobs]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sites: dict[str, Path] = {}
        try:
            for name in ("before", "after"):
                sites[name] = check_out(getattr(options, name), folder / name)
            rows = compare(sites, jobs, options.runs, folder)
        finally:
            for site in sites.values():
                subprocess.run(["git", "worktree", "remove", "--force", str(site / "tree")], cwd=ROOT, check=False)
    report(
        options.json,
        f"Revisions {options.before} and {options.after}, {options.runs} runs each in turn (seconds)",
        ("job", "before", "after", "after / before", "of pairs", "of processor seconds", "of pairs", "same answers"),
        rows,
        {f"{row[0]} ratio": row[3] for row in rows} | {f"{row[0]} ratio of processor seconds": row[5] for row in rows},
    )


if __name__ == "__main__":
    main()
