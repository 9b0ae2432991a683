"""Goals, and the scripts whose figures are held to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .report import report

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Goal:
    script: str
    metric: str
    """As the script's ``--json`` names it."""
    what: str
    least: float | str
    """A number, or the metric of the rival that has to be reached."""
    most: bool = False
    """The figure must not exceed ``least``."""
    plus: float = 0.0
    """By how much the rival has to be exceeded."""


def run(script: Path, options: Sequence[str]) -> dict[str, float]:
    """The figures that ``script`` prints as JSON."""
    command = [sys.executable, str(script), *options, "--json"]
    print(f"# {' '.join(command[1:])}", flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        raise SystemExit(f"{script.name} failed with exit code {done.returncode}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    for name, value in found.items():
        print(f"  {name}: {value}")
    return found


def _line(goal: Goal, found: Figures) -> tuple[object, ...]:
    value = found[goal.metric]
    bound = found[goal.least] + goal.plus if isinstance(goal.least, str) else goal.least
    reached = value <= bound if goal.most else value >= bound
    sign = "≤" if goal.most else "≥"
    return goal.what, float(value), f"{sign} {bound:.3f}", "yes" if reached else "no"


def report_goals(as_json: bool, title: str, goals: Sequence[Goal], results: Mapping[str, Figures]) -> None:
    """Prints one line per goal of the scripts that have run."""
    rows = [_line(goal, results[goal.script]) for goal in goals if goal.script in results]
    metrics = {f"{script}:{name}": value for script, found in results.items() for name, value in found.items()}
    report(as_json, title, ("what", "measured", "goal", "reached"), rows, metrics)
