"""Everyday questions to ten real corpora: how many answers are right, and how many wrong ones are shown as fitting.

    python benchmarks/everyday/run.py [--corpus NAME] [--split dev|held|all] [--retriever NAME] [--json FILE] [--show]

Libraries are kept in the cache for each corpus and each state of the code; ``--fresh`` makes them anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import evidentia
from evidentia import Library
from evidentia.benchmarks.everyday import question_sets
from evidentia.benchmarks.everyday.corpora import CORPORA, Corpus, cache, prepare
from evidentia.benchmarks.everyday.judge import VERDICTS, Shown, Verdict, at_a_glance, judge
from evidentia.benchmarks.everyday.question_sets import UNANSWERABLE, Question
from evidentia.evaluation.report import machine


@dataclass(frozen=True, slots=True)
class Result:
    corpus: str
    question: Question
    shown: Shown
    verdict: Verdict
    seconds: float

    @property
    def glanced(self) -> bool:
        return at_a_glance(self.question, self.shown)

    @property
    def ticked(self) -> bool:
        return self.verdict == "wrong" and self.shown.found and self.shown.verified

    @property
    def assured(self) -> bool:
        return self.verdict == "right" and self.shown.as_fitting

    @property
    def misleading(self) -> bool:
        return self.verdict == "wrong" and self.shown.as_fitting


def code() -> str:
    """The package's version and, in a checkout, its commit and whatever was changed since."""
    folder = Path(evidentia.__file__).parent

    def git(*command: str) -> str:
        done = subprocess.run(["git", "-C", str(folder), *command], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    edits = git("diff", "HEAD", "--", "*.py", ":!benchmarks", ":!tests")
    changed = f"+{hashlib.sha256(edits.encode()).hexdigest()[:6]}" if edits else ""
    return f"{evidentia.__version__}-{git('rev-parse', '--short', 'HEAD') or 'installed'}{changed}"


def indexed(corpus: Corpus, fresh: bool, keep: bool, embedder: Any) -> Library:
    """The cached library; one that was not finished is made anew. ``keep``: the newest there is, by whatever code."""
    folder = cache() / "libraries" / f"{corpus.name}-{corpus.key}-{code()}"
    kept = sorted(
        folder.parent.glob(f"{corpus.name}-{corpus.key}-*/everyday.done"), key=lambda file: file.stat().st_mtime
    )
    if keep and kept:
        folder = kept[-1].parent
    done = folder / "everyday.done"
    if fresh or not done.exists():
        rmtree(folder, ignore_errors=True)
        started = time.monotonic()
        with Library(folder, embedder=embedder) as library:
            library.add(prepare(corpus))
            spans = library.status()["counts"]
        done.touch()
        print(f"indexed {corpus.name} in {time.monotonic() - started:.0f} s: {spans}", file=sys.stderr)
    return Library(folder, create=False, embedder=embedder)


def ask(corpus: Corpus, asked: Sequence[Question], options: argparse.Namespace, embedder: Any) -> Iterator[Result]:
    with indexed(corpus, options.fresh, options.keep, embedder) as library:
        for question in asked:
            started = time.monotonic()
            answer = library.ask(question.question, retriever=options.retriever)
            shown = Shown.of(answer)
            yield Result(corpus.name, question, shown, judge(question, shown), time.monotonic() - started)


def row(name: str, results: Sequence[Result]) -> list[str]:
    counts = [sum(result.verdict == verdict for result in results) for verdict in VERDICTS]
    counts += [
        sum(getattr(result, name) for result in results) for name in ("assured", "glanced", "ticked", "misleading")
    ]
    return [name, str(len(results)), *(f"{count} ({count / max(1, len(results)):.0%})" for count in counts)]


COLUMNS = (
    "",
    "asked",
    *VERDICTS,
    "right shown as fitting",
    "right in what is marked first",
    "wrong with a tick",
    "wrong shown as fitting",
)


def table(results: Sequence[Result], title: str, of: Callable[[Result], str]) -> None:
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(of(result), []).append(result)
    rows = [[title, *COLUMNS[1:]], *(row(name, groups[name]) for name in sorted(groups))]
    answerable = [result for result in results if result.question.kind != UNANSWERABLE]
    rows += [row("**answerable**", answerable), row("**all**", results)]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(rows[0]))]
    for number, cells in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print()


def show(result: Result) -> None:
    question, shown = result.question, result.shown
    print(f"{result.verdict:16} {question.id} [{question.kind}] {question.question}")
    print(f"    wanted: {' OR '.join(question.expected) or 'not found'}  {question.file}")
    if shown.short:
        print(f"    short:  {shown.short}")
    print(f"    answer: {' '.join(shown.text.split())[:300]}   ({shown.fit or 'not found'})")
    for name, quote in shown.quotes[:3]:
        print(f"    quote:  {name}: {' '.join(quote.split())[:300]}")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", choices=list(CORPORA), action="append", help="may be given several times")
    parser.add_argument("--split", choices=("dev", "held", "all"), default="dev")
    parser.add_argument("--retriever", help="default: what ask takes by itself")
    parser.add_argument("--json", type=Path, help="write every answer and verdict into this file")
    parser.add_argument("--show", action="store_true", help="print every question, answer and verdict")
    parser.add_argument("--keep", action="store_true", help="ask the newest library, whatever code indexed it")
    parser.add_argument("--fresh", action="store_true", help="index again")
    options = parser.parse_args()
    results: list[Result] = []
    embedder: Any = None
    for name in options.corpus or CORPORA:
        asked = [one for one in question_sets.read(name) if options.split in ("all", one.split)]
        if embedder is None:
            with Library(cache() / "libraries" / f"embedder-{code()}") as library:
                embedder = library.embedder()
        for result in ask(CORPORA[name], asked, options, embedder):
            results.append(result)
            if options.show:
                show(result)
    print(f"evidentia {code()}, {machine()}\n")
    for split in ("dev", "held"):
        part = [result for result in results if result.question.split == split]
        if part:
            print(f"### {split}\n")
            table(part, "kind of question", lambda result: result.question.kind)
            table(part, "kind of file", lambda result: CORPORA[result.corpus].kind)
    if options.json:
        rows = [{**asdict(result), "split": result.question.split} for result in results]
        options.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
