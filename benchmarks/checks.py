"""What the checks cost: ``add`` and a warm question with them and without, in turn, in one process.

    python benchmarks/checks.py --rounds 5

*Checksums*: of documents, passages, vectors, definitions and the dense index; a question compares the digest of each
document that it quotes. *A process of its own* reads the files, beside the one that embeds. Both are switched off from
outside, by putting something in their place; a library made without checksums is asked without them. The folders are
two of this repository's own. Times are of the processor, children included, since a shared machine's clock says little;
ratios are medians of the rounds' own.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any
from unittest.mock import patch

from evidentia import Library, Settings
from evidentia.corpus.reading import Extract, Limits, Request, extract
from evidentia.evaluation.report import arguments, report

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("app", "docs")
QUESTIONS = (
    "What happens when a second process writes to the library?",
    "Which port does the server listen on?",
    "What is passed over when a folder is added?",
    "How long may reading one file take?",
)
SUMS = {
    "corpus.catalog": ("document_sum", "row_sum"),
    "corpus.quotes": ("is_sound",),
    "corpus.sources": ("row_sum",),
    "corpus.vectors": ("row_sum",),
    "graphs.code.storage": ("row_sum",),
    "graphs.stores.arcadedb.store": ("file_sum",),
    "retrieval.dense.index": ("file_sum",),
}
NOTHING = {"document_sum": "", "row_sum": None, "is_sound": True, "file_sum": 0}


class InOneProcess:
    """In place of ``Reader``."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def read(self, requests: Sequence[Request]) -> Iterator[Extract | Any]:
        for request in requests:
            yield extract(request.path, request.root, request.known, self._limits, wanted=request.wanted)


@contextmanager
def without(*, sums: bool = False, process: bool = False) -> Iterator[None]:
    with ExitStack() as held:
        for module, names in SUMS.items() if sums else ():
            for name in names:
                held.enter_context(patch(f"evidentia.{module}.{name}", lambda *_, value=NOTHING[name]: value))
        if process:
            held.enter_context(patch("evidentia.ingest.FileReader", InOneProcess))
        yield


def processor() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def added(folder: Path) -> tuple[float, float]:
    """Seconds of the processor and of the clock."""
    with Library(folder, settings=Settings(library=folder)) as library:
        gc.collect()
        begun, clock = processor(), time.perf_counter()
        library.add(*(ROOT / name for name in FOLDERS))
        return processor() - begun, time.perf_counter() - clock


def asked(library: Library, times: int) -> float:
    gc.collect()
    begun = processor()
    for _ in range(times):
        for question in QUESTIONS:
            library.ask(question)
    return (processor() - begun) / (times * len(QUESTIONS))


WAYS: dict[str, dict[str, bool]] = {
    "as it is": {},
    "without checksums": {"sums": True},
    "without either": {"sums": True, "process": True},
}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--asked", type=int, default=40, help="rounds of the questions")
    parser.add_argument("--times", type=int, default=5, help="each question in such a round")
    options = parser.parse_args()
    adds: dict[str, list[float]] = {way: [] for way in WAYS}
    clocks: dict[str, list[float]] = {way: [] for way in WAYS}
    asks: dict[str, list[float]] = {way: [] for way in list(WAYS)[:2]}
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(options.rounds + 1):  # the first round warms what is loaded once
            for way, off in WAYS.items():
                folder = Path(scratch) / f"{way} {number}"
                with without(**off):
                    spent, clock = added(folder)
                if number:
                    adds[way].append(spent)
                    clocks[way].append(clock)
        print("added", file=sys.stderr)
        with ExitStack() as held:
            libraries = {
                way: held.enter_context(Library(folder, settings=Settings(library=folder)))
                for way in asks
                for folder in [Path(scratch) / f"{way} 1"]
            }
            for number in range(options.asked + 1):
                for way, library in libraries.items():
                    with without(**WAYS[way]):
                        spent = asked(library, options.times)
                    if number:
                        asks[way].append(spent)
    rows, metrics = [], {}
    for what, taken in (("add", adds), ("add, by the clock", clocks), ("a warm question", asks)):
        for way in list(taken)[1:]:
            ratio = statistics.median(one / other for one, other in zip(taken["as it is"], taken[way], strict=True))
            rows.append((what, way, statistics.median(taken["as it is"]), statistics.median(taken[way]), ratio))
            metrics[f"{what} {way}"] = round(ratio, 4)
    report(options.json, "What the checks cost", ("what", "beside", "as it is, s", "so, s", "ratio"), rows, metrics)


if __name__ == "__main__":
    main()
