"""Draws call sites of a package at random, for a person to say where each of them leads.

    python benchmarks/draw_call_sites.py gson/src/main --suffix .java > sites.txt

Only calls of names that the package itself defines (by universal-ctags) are drawn: the others are no question. Prints
one line for each: file, line, column, the called text, and the places where the name is defined.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidentia.corpus.files.grammars import grammar_of, tree_of

SEED, COUNT = 20261129, 60
CALLS = {
    "call_expression": "function",
    "method_invocation": "name",
    "new_expression": "constructor",
    "object_creation_expression": "type",
}


def definitions(folder: Path) -> dict[str, list[str]]:
    """Name -> ``file:line kind scope``."""
    command = ["ctags", "-R", "--output-format=json", "--fields=+nKZ", "-f", "-", "."]
    lines = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()
    found: dict[str, list[str]] = {}
    for line in lines:
        tag = json.loads(line)
        if tag.get("kind") in (
            "function",
            "method",
            "class",
            "struct",
            "macro",
            "func",
            "interface",
            "constant",
            "property",
        ):
            path = tag["path"].removeprefix("./")
            found.setdefault(tag["name"], []).append(
                f"{path}:{tag['line']} {tag['kind']} {tag.get('scope', '')}".strip()
            )
    return found


def calls(folder: Path, suffix: str) -> Iterator[tuple[str, int, int, str, str]]:
    for path in sorted(folder.rglob(f"*{suffix}")):
        text = path.read_text(encoding="utf-8", errors="replace")
        grammar = grammar_of(path.name, text)
        tree = tree_of(text, grammar) if grammar else None
        waiting: list[Any] = [tree.root_node] if tree else []
        while waiting:
            node = waiting.pop()
            waiting += node.named_children
            field = CALLS.get(node.type)
            called = node.child_by_field_name(field) if field else None
            if called is None:
                continue
            last = called
            for name in ("property", "field", "name", "function"):
                last = last.child_by_field_name(name) or last
            shown = node.text.decode("utf-8", "replace").partition("(")[0]
            name = last.text.decode("utf-8", "replace").partition("<")[0].lstrip("#")
            row, column = last.start_point
            yield str(path.relative_to(folder)), row + 1, column, name, " ".join(shown.split())[-90:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suffix", default=".js")
    given = parser.parse_args()
    known = definitions(given.folder)
    found = [site for site in calls(given.folder, given.suffix) if site[3] in known]
    drawn = random.Random(SEED).sample(sorted(found), min(COUNT, len(found)))
    for path, line, column, name, _ in sorted(drawn):
        text = (given.folder / path).read_text(encoding="utf-8", errors="replace").splitlines()[line - 1].strip()
        print(f"{path}:{line}:{column} {name} | {text[:110]} | {'; '.join(known[name][:6])} ({len(known[name])})")


if __name__ == "__main__":
    main()
