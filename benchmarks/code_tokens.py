"""What an agent reads to answer a developer's question: one verb of the code graph, beside searching and reading files.

    python benchmarks/code_tokens.py --library httpx=FOLDER --source httpx=FOLDER … [--show]

The questions are those of ``code_questions.py`` that name a symbol. Two scripted policies, both stopped as soon as what
they have read holds every string that the right answer holds:

- **verb**: the tool that the router picks, through the MCP server's own pages, one page after the other;
- **grep and read**: ``grep -rnw NAME`` over the source (at most 250 lines), then 30 lines around each of the first
  eight places that are no tests, then the same for the functions around those places, four rounds at most.

Tokens are counted by one estimate for both (``corpus/tokens.py``); the descriptions of the tools are not counted.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evidentia import Library
from evidentia.agents.steps.route import route
from evidentia.agents.tools.library import TOOLS, run
from evidentia.app.mcp.paging import page_of
from evidentia.benchmarks.code_questions import QUESTIONS
from evidentia.corpus.tokens import tokens
from evidentia.evaluation.report import machine

ROUNDS, PLACES, AROUND, GREPPED = 4, 8, 15, 250
PAGES = 12


@dataclass
class Read:
    tokens: int = 0
    calls: int = 0
    text: str = ""

    def add(self, text: str) -> None:
        self.tokens += tokens(text)
        self.calls += 1
        self.text += f"\n{text}"

    def holds(self, wanted: list[str]) -> bool:
        return all(each in self.text for each in wanted)


def by_verb(library: Library, question: str, wanted: list[str]) -> Read:
    way, read = route(question), Read()
    assert way.verb is not None
    lines = run(TOOLS[way.verb], library, way.arguments).lines
    for number in range(1, PAGES):
        read.add(page := page_of(lines, number))
        if read.holds(wanted) or "call again" not in page:
            break
    return read


def by_grep(files: dict[str, str], question: str, wanted: list[str]) -> Read:
    read = Read()
    names = list(dict.fromkeys(name.rpartition(".")[2] for name in route(question).arguments.values()))
    asked: set[str] = set()
    for _ in range(ROUNDS):
        following: list[str] = []
        for name in [each for each in names if each not in asked]:
            asked.add(name)
            hits = list(grep(files, name))
            read.add("\n".join(f"{path}:{line}:{text}" for path, line, text in hits[:GREPPED]))
            for path, line, _ in [hit for hit in hits if "test" not in hit[0]][:PLACES]:
                if read.holds(wanted):
                    return read
                lines = files[path].splitlines()
                read.add("\n".join(lines[max(line - 1 - AROUND, 0) : line + AROUND]))
                following += enclosing(files[path], line)
            if read.holds(wanted):
                return read
        names = list(dict.fromkeys(following))
    return read


def grep(files: dict[str, str], name: str) -> Iterator[tuple[str, int, str]]:
    word = re.compile(rf"\b{re.escape(name)}\b")
    for path, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            if word.search(line):
                yield path, number, line


def enclosing(text: str, line: int) -> list[str]:
    """The function or class around a line."""
    around = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return [max(around, key=lambda node: node.lineno).name] if around else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", action="append", required=True, help="name=folder")
    parser.add_argument("--source", action="append", required=True, help="name=folder")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    sources = dict(each.split("=", 1) for each in options.source)
    questions = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    rows: list[tuple[Read, Read, bool, bool]] = []
    for name, folder in (each.split("=", 1) for each in options.library):
        root = Path(sources[name])
        files = {str(path.relative_to(root)): path.read_text("utf-8") for path in sorted(root.rglob("*.py"))}
        with Library(Path(folder), create=False) as library:
            for one in (each for each in questions if each["repo"] == name and route(each["question"]).arguments):
                # "Yes" is no part of what is read; a symbol is looked for by its last name, as it stands in code.
                strings = [each for each in one["expect"] if each != "Yes"]
                wanted = [each.rpartition(".")[2] if each[0].isupper() else each for each in strings]
                if not wanted or wanted == ["No"]:
                    continue
                ours, theirs = by_verb(library, one["question"], wanted), by_grep(files, one["question"], wanted)
                rows.append((ours, theirs, ours.holds(wanted), theirs.holds(wanted)))
                if options.show:
                    print(f"{ours.tokens:6} {theirs.tokens:7} {rows[-1][2:]!s:14} {one['question']}")
    print(f"{machine()}\n\n| policy | questions | all found | calls | tokens read |\n|---|---|---|---|---|")
    for label, place in (("verb", 0), ("grep and read", 1)):
        reads = [row[place] for row in rows]
        found = sum(bool(row[place + 2]) for row in rows) / len(rows)
        calls, read = sum(each.calls for each in reads), sum(each.tokens for each in reads)  # type: ignore[union-attr]
        print(f"| {label} | {len(rows)} | {found:.0%} | {calls} | {read:,} |")
    both = [row for row in rows if row[2] and row[3]]
    share = sum(row[0].tokens for row in both) / sum(row[1].tokens for row in both)
    print(f"\nOf the {len(both)} that both answer, the verbs read {share:.2f} of the tokens.")


if __name__ == "__main__":
    main()
