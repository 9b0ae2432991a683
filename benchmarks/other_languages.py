"""Questions in German and Chinese: is the gold paragraph found, and is the gold sentence the one that is marked first?

    python benchmarks/other_languages.py [--show]

30 paragraphs with 90 questions for each language (``data/languages.json``), in the manner of XQuAD (Artetxe, Ruder and
Yogatama, 2020), written by somebody who had not seen the ranking. The even paragraphs' questions may be looked at while
choosing, the odd ones' are the figure that counts. Dense and lexical search stand beside.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evidentia import Library
from evidentia.evaluation.report import machine

DATA = Path(__file__).parent / "data" / "languages.json"
FIRST = 5
"""Passages looked at."""
COLUMNS = (
    "dense", "lexical", "fused", "shown first", "marked first", "fitting", "wrong as fitting", "not found",
    "short answers", "of these wrong",
)  # fmt: skip
SHARES = 8


def judged(library: Library, name: str, one: dict[str, str]) -> Counter[str]:
    counts = Counter(asked=1)
    for retriever in ("dense", "lexical", "fused"):
        hits = library.search(one["question"], FIRST, retriever=retriever)
        counts[retriever] += any(hit.name.endswith(name) for hit in hits)
    answer = library.ask(one["question"])
    if answer.status == "not_found" or not answer.citations:
        counts["not found"] += 1
        return counts
    first = answer.citations[0]
    shown, marked = first.quote, " ".join(first.quote[slice(*place)] for place in first.focus) or first.quote
    here = first.evidence.name.endswith(name)
    right = here and (marked in one["sentence"] or one["sentence"] in marked)
    counts["shown first"] += here and (shown in one["sentence"] or one["sentence"] in shown)
    counts["marked first"] += right
    if answer.fit in ("sure", "likely"):
        counts["fitting" if right else "wrong as fitting"] += 1
    if answer.short:
        counts["short answers"] += 1
        counts["of these wrong"] += not (answer.short in one["answer"] or one["answer"] in answer.short)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print the questions of the even paragraphs that fail")
    options = parser.parse_args()
    every: list[dict[str, Any]] = json.loads(DATA.read_text("utf-8"))
    print(f"{machine()}\n\n| language | questions | {' | '.join(COLUMNS)} |\n|---|---{'|---' * len(COLUMNS)}|")
    for language in dict.fromkeys(entry["language"] for entry in every):
        entries = [entry for entry in every if entry["language"] == language]
        with TemporaryDirectory() as at, Library(Path(at) / "library") as library:
            folder = Path(at) / "texts"
            folder.mkdir()
            for number, entry in enumerate(entries):
                (folder / f"{number:02d}.txt").write_text(entry["paragraph"], encoding="utf-8")
            library.add(folder)
            totals = {"even": Counter[str](), "odd": Counter[str]()}
            for number, entry in enumerate(entries):
                half = "odd" if number % 2 else "even"
                for one in entry["questions"]:
                    counts = judged(library, f"{number:02d}.txt", one)
                    totals[half] += counts
                    if options.show and half == "even" and not counts["marked first"]:
                        answer = library.ask(one["question"])
                        print(f"{one['question']}\n    wanted: {one['sentence']}\n    got:    {answer.text[:200]!r}")
            for half, total in totals.items():
                shares = [f"{total[column] / total['asked']:.0%}" for column in COLUMNS[:SHARES]]
                few = [str(total[column]) for column in COLUMNS[SHARES:]]
                print(f"| {language}, {half} paragraphs | {total['asked']} | {' | '.join([*shares, *few])} |")


if __name__ == "__main__":
    main()
