"""Draws call sites of a package at random, for a person to say where each of them leads.

    python benchmarks/draw_call_sites.py gson/src/main --suffix .java > sites.txt

Only calls of names that the package itself defines (by universal-ctags) are drawn: the others are no question. Prints
one line for each: file, line, column, the called text, and the places where the name is defined.
"""

from __future__ import annotations

import argparse
import json
import random
import re
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
    "function_call_expression": "function",
    "member_call_expression": "name",
    "nullsafe_member_call_expression": "name",
    "scoped_call_expression": "name",
    "call": "method",
}
"""Kind of node -> the field that names what is called; in Ruby a bare name may be a call, too."""
_BINDING = re.compile(r"parameter|setter|alias|pattern|^for$|left_assignment_list|exception_variable")


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
            "singletonMethod",
            "accessor",
            "alias",
            "trait",
            "module",
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
            if called is None and node.type == "object_creation_expression" and suffix == ".php":
                called = node.named_children[0]
            if node.type == "identifier" and suffix == ".rb" and _is_read(node):
                called = node
            if called is None:
                continue
            last = called
            for name in ("property", "field", "name", "function"):
                last = last.child_by_field_name(name) or last
            shown = node.text.decode("utf-8", "replace").partition("(")[0]
            name = last.text.decode("utf-8", "replace").partition("<")[0].lstrip("#").rpartition("\\")[2]
            row, column = last.start_point
            yield str(path.relative_to(folder)), row + 1, column, name, " ".join(shown.split())[-90:]


def _is_read(node: Any) -> bool:
    """Whether a bare name of Ruby stands where its value is wanted, and is no variable of the method around."""
    if _is_bound(node) or node == node.parent.child_by_field_name("method") or "method" in node.parent.type:
        return False
    around = node.parent
    while around.type not in ("method", "singleton_method", "program"):
        around = around.parent
    waiting = [around]
    while waiting:
        each = waiting.pop()
        waiting += each.named_children
        if each.type == "identifier" and each.text == node.text and _is_bound(each):
            return False
    return True


def _is_bound(node: Any) -> bool:
    """Whether a name of Ruby stands where it gets its value."""
    is_target = "assignment" in node.parent.type and node != node.parent.child_by_field_name("right")
    return is_target or _BINDING.search(node.parent.type) is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suffix", default=".js")
    parser.add_argument("--count", type=int, default=COUNT)
    given = parser.parse_args()
    known = definitions(given.folder)
    found = [site for site in calls(given.folder, given.suffix) if site[3] in known]
    drawn = random.Random(SEED).sample(sorted(found), min(given.count, len(found)))
    for path, line, column, name, _ in sorted(drawn):
        text = (given.folder / path).read_text(encoding="utf-8", errors="replace").splitlines()[line - 1].strip()
        print(f"{path}:{line}:{column} {name} | {text[:110]} | {'; '.join(known[name][:6])} ({len(known[name])})")


if __name__ == "__main__":
    main()
