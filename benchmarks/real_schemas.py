"""Schemas that people have: how many are enforced, and what the enforced ones let through, beside the engine alone.

Samples of each set of JSONSchemaBench (guidance-ai/jsonschemabench, ``maskbench/data``; ``--repo`` is a clone) are
compiled and up to six of their instances fed byte by byte, in three spellings; an instance counts as accepted when one
is. Properties are fed in the order of the instance, so that a valid one in another order than its schema's counts as a
false reject; those that cannot be written in any order are counted apart.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from evidentia.benchmarks.json_schema import accepts, byte_vocabulary, engine_alone, utf8
from evidentia.errors import InputError
from evidentia.evaluation.report import arguments, report
from evidentia.serving.constraints.schema import json_schema

INSTANCES = 6
KEYS = ("enforced", "refused", "instances", "false accepts", "false rejects", "in any order")
STEPS = 20_000
"""Values that are tried until an instance counts as one that cannot be written."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--repo", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=40, help="schemas of each set")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    words, chance = byte_vocabulary(), random.Random(options.seed)
    ways: dict[str, Callable[[Any], Any]] = {
        "ours": lambda schema: json_schema(words, schema, {}),
        "ours, order where one is given": lambda schema: json_schema(words, schema, {}, any_order="auto"),
        "ours, any order": lambda schema: json_schema(words, schema, {}, any_order=True),
        "engine alone": lambda schema: engine_alone(words, schema),
    }
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    times: dict[str, list[float]] = defaultdict(list)
    for _, names in sorted(_sets(options.repo).items()):
        for name in chance.sample(sorted(names), min(options.questions, len(names))):
            case = json.loads(_git(options.repo, "show", f"HEAD:{name}"))
            for way, compile_ in ways.items():
                _judge(case, compile_, counts[way], times[way])
    rows = [(way, *(counts[way][key] for key in KEYS), f"{1e3 * median(times[way]):.1f}") for way in ways]
    metrics = {f"{way} {key}": counts[way][key] for way in ways for key in KEYS}
    report(options.json, "JSONSchemaBench", ("compiler", *KEYS, "compile ms (median)"), rows, metrics)


def _judge(case: Any, compile_: Callable[[Any], Any], counts: Counter[str], times: list[float]) -> None:
    started = time.process_time()
    try:
        constraint = compile_(case["schema"])
    except InputError:
        counts["refused"] += 1
        return
    times.append(time.process_time() - started)
    counts["enforced"] += 1
    for test in case["tests"][:INSTANCES]:
        counts["instances"] += 1
        accepted = any(accepts(constraint, utf8(text)) for text in _spelled(test["data"]))
        if accepted != test["valid"]:
            counts["false accepts" if accepted else "false rejects"] += 1
            counts["in any order"] += not accepted and not _Written(constraint).whole(test["data"])


def _spelled(data: Any) -> list[str]:
    return [
        json.dumps(data, ensure_ascii=False, indent=2),
        json.dumps(data, ensure_ascii=False),
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    ]


class _Written:
    """Whether a guide lets a value be written with its properties in some order."""

    def __init__(self, constraint: Any) -> None:
        self._guide, self._end, self._left = constraint.start(), constraint.vocabulary.ends[0], STEPS

    def whole(self, data: Any) -> bool:
        return self._value(data) is not None and self._guide.allows(self._end)

    def _text(self, *texts: str) -> int | None:
        """Bytes written of the first of ``texts`` that may be; ``None``, with nothing written, when none may."""
        for text in texts:
            for count, byte in enumerate(data := text.encode()):
                if not self._guide.allows(byte):
                    self._guide.back(count)
                    break
                self._guide.advance(byte)
            else:
                return len(data)
        return None

    def _value(self, value: Any) -> int | None:
        self._left -= 1
        if isinstance(value, dict):
            return self._sequence(("{",), lambda: self._properties(list(value.items()), first=True))
        if isinstance(value, list):
            return self._sequence(("[",), lambda: self._items(value, first=True))
        return self._text(json.dumps(value, ensure_ascii=False))

    def _sequence(self, texts: tuple[str, ...], *then: Callable[[], int | None]) -> int | None:
        written = self._text(*texts)
        for each in then if written is not None else ():
            more = each()
            if more is None:
                self._guide.back(written)
                return None
            written = (written or 0) + more
        return written

    def _items(self, items: list[Any], *, first: bool = False) -> int | None:
        if not items:
            return self._text("]")
        before = ("",) if first else (", ", ",")
        return self._sequence(before, lambda: self._value(items[0]), lambda: self._items(items[1:]))

    def _properties(self, items: list[tuple[str, Any]], *, first: bool = False) -> int | None:
        if not items:
            return self._text("}")
        for at, (name, value) in enumerate(items):
            rest = items[:at] + items[at + 1 :]
            key = json.dumps(name, ensure_ascii=False)
            before = tuple(f"{mark}{key}: " for mark in (("",) if first else (", ", ",")))
            written = self._sequence(before, lambda: self._value(value), lambda: self._properties(rest))  # noqa: B023
            if written is not None or self._left < 0:
                return written
        return None


def _sets(repo: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in _git(repo, "ls-tree", "-r", "--name-only", "HEAD", "maskbench/data/").splitlines():
        if name.endswith(".json"):
            found[re.sub(r"(---.*|_[0-9]+.json)$", "", Path(name).name)].append(name)
    return found


def _git(repo: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(repo), *words], capture_output=True, check=True, text=True).stdout


if __name__ == "__main__":
    main()
