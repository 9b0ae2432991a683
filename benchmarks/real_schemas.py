"""Schemas that people have: how many are enforced, and what the enforced ones let through, beside the engine alone.

Samples of each set of JSONSchemaBench (guidance-ai/jsonschemabench, ``maskbench/data``; ``--repo`` is a clone) are
compiled and up to six of their instances fed byte by byte, in three spellings; an instance counts as accepted when one
is. Properties are fed in the order of the instance, so that a valid one in another order than its schema's counts as a
false reject.
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

from common import arguments, report
from json_schema import _bytes, _plain, _utf8, accepts

from evidentia.errors import InputError
from evidentia.serving.constraints.schema import json_schema

INSTANCES = 6
KEYS = ("enforced", "refused", "instances", "false accepts", "false rejects")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--repo", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=40, help="schemas of each set")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    words, chance = _bytes(), random.Random(options.seed)
    ways: dict[str, Callable[[Any], Any]] = {
        "ours": lambda schema: json_schema(words, schema, {}),
        "engine alone": lambda schema: _plain(words, schema),
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
        accepted = any(accepts(constraint, _utf8(text)) for text in _spelled(test["data"]))
        if accepted != test["valid"]:
            counts["false accepts" if accepted else "false rejects"] += 1


def _spelled(data: Any) -> list[str]:
    return [
        json.dumps(data, ensure_ascii=False, indent=2),
        json.dumps(data, ensure_ascii=False),
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    ]


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
