"""Questions of developers in plain English about three repositories: how many are answered right, and how many wrongly
with confidence.

    python benchmarks/code_questions.py --library httpx=FOLDER --library attrs=FOLDER --library pluggy=FOLDER [--show]

Each folder is a library that holds the source distribution of PyPI of that name (httpx 0.28.1, attrs 26.1.0, pluggy
1.7.0). A question is right when the answer's text, or the place or rows of what it cites, hold every string of
``expect`` and one of ``any``. Both were written by hand from the sources. ``round`` 1: written before the router's
forms; the others afterwards, each asked once before any form was changed for it (those figures: ``README.md``). An
answer counts as confident when it is rows of the graph or a quote that fits ``sure`` or ``likely``.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from evidentia import Library
from evidentia.agents.answer import Answer
from evidentia.evaluation.report import machine

QUESTIONS = Path(__file__).parent / "data" / "code_questions.jsonl"


def held(answer: Answer) -> str:
    """What a reader sees of the answer."""
    cited = [
        f"{citation.place}\n" + "\n".join(" ".join(map(str, row)) for row in citation.evidence.rows)
        for citation in answer.citations
    ]
    quotes = [citation.quote for citation in answer.citations] if answer.status != "rows" else []
    return "\n".join([answer.text, *cited, *quotes]) if answer.status != "not_found" else answer.text


def verdict(question: dict[str, Any], answer: Answer) -> str:
    seen = held(answer)
    right = all(each in seen for each in question["expect"])
    right = right and (not question.get("any") or any(each.lower() in seen.lower() for each in question["any"]))
    if right:
        return "right"
    confident = answer.status == "rows" or answer.fit in ("sure", "likely")
    return "not found" if answer.status == "not_found" else "wrong, confident" if confident else "wrong, unsure"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", action="append", required=True, help="name=folder")
    parser.add_argument("--show", action="store_true", help="each question with its verdict, and what was said")
    options = parser.parse_args()
    folders = dict(each.split("=", 1) for each in options.library)
    questions = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    counts: dict[int, Counter[str]] = {}
    for name, folder in folders.items():
        with Library(Path(folder), create=False) as library:
            for question in (each for each in questions if each["repo"] == name):
                answer = library.ask(question["question"])
                found = verdict(question, answer)
                counts.setdefault(question["round"], Counter())[found] += 1
                if options.show:
                    said = f"{answer.trace[0].detail} | {answer.text.splitlines()[0][:140]}"
                    print(f"{found:16} {name:7} {question['question']}\n{'':25}{said}")
    kinds = ("right", "wrong, confident", "wrong, unsure", "not found")
    print(f"{machine()}\n\n| questions | number | {' | '.join(kinds)} |\n|---|---|{'---|' * len(kinds)}")
    for number, row in [*sorted(counts.items()), (0, sum(counts.values(), Counter()))]:
        total = row.total()
        shares = " | ".join(f"{row[kind] / total:.0%}" for kind in kinds)
        print(f"| {f'round {number}' if number else 'all'} | {total} | {shares} |")


if __name__ == "__main__":
    main()
