"""A run of the clients that was stopped goes on where it was."""

from __future__ import annotations

import sys
from pathlib import Path

from evidentia.benchmarks.clients import read_kept, talk

CLIENT = """
import json, os, sys
for name in ("one", "two", "three"):
    if name in json.loads(os.environ["TALK_MADE"]):
        continue
    print(json.dumps({"name": name, "right": name != "two", "why": "", "seconds": 0.1}), flush=True)
    if name == sys.argv[1]:
        sys.exit("broken off")
"""


def test_what_was_right_is_not_asked_again(tmp_path: Path) -> None:
    kept, command = tmp_path / "client.jsonl", [sys.executable, "-c", CLIENT]
    first = talk(command, "two", {}, kept)
    assert [(each["name"], each["right"]) for each in first] == [
        ("one", True), ("two", False), ("(the talk itself)", False),
    ]  # fmt: skip
    assert first[-1]["why"] == "broken off"
    with kept.open("a") as file:
        file.write('{"name": "thr')
    assert [each["name"] for each in read_kept(kept)] == ["one", "two"]
    kept.write_text(kept.read_text().rpartition("\n")[0] + "\n")
    second = talk(command, "", {}, kept)
    assert {each["name"]: each["right"] for each in second} == {"one": True, "two": False, "three": True}
    assert [each["name"] for each in read_kept(kept)] == ["one", "two", "two", "three"]
