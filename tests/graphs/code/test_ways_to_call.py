"""Every way to call that ``benchmarks/data/call_cases.txt`` has a program for is followed, and nothing else is claimed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[3] / "benchmarks" / "data" / "call_cases.txt"
BLOCKS = dict(block.split("\n", 1) for block in re.split(r"^== ", DATA.read_text(encoding="utf-8"), flags=re.M)[1:])
TOO_FAR = {"args: handed on twice"}
"""A value that is handed on more often than there are rounds."""


def program(block: str) -> tuple[dict[str, str], set[tuple[str, str]], set[tuple[str, str]]]:
    """Its files, the calls that it makes, and those that may be claimed."""
    listed, body = block.split("\n", 1)
    parts = re.split(r"^-- (.*)\n", body, flags=re.M)
    files = dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 else {"m.py": body}
    pairs = [(item[0] == "?", tuple(item.lstrip("?").split(">"))) for item in listed.split()]
    return files, {pair for optional, pair in pairs if not optional}, {pair for _, pair in pairs}  # type: ignore[misc]


@pytest.mark.parametrize("name", [name for name in BLOCKS if name not in TOO_FAR])
def test_each_way_to_call_is_followed(workspace: Any, name: str) -> None:
    files, expected, allowed = program(BLOCKS[name])
    workspace.build(files)
    labels = {row[0]: row[2] for row in workspace.nodes()}
    found = set()
    for source, kind, target, sure, *_ in workspace.edges():
        caller = source.partition(".")[0] if labels.get(source) == "CLASS" else source
        if kind == "CALLS" and sure != "unknown" and labels.get(target) in ("FUNCTION", "METHOD"):
            found.add((caller, target))
        elif kind == "DECORATES" and labels.get(source) in ("FUNCTION", "METHOD"):
            found.add((target.partition(".")[0], source))
    assert expected <= found
    assert found <= allowed
