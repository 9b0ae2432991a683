"""What every script prints: the machine and the date, a table for people, or one JSON object with ``--json``."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path


def arguments(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object {metric: value}")
    return parser


def machine() -> str:
    models = (
        [
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ]
        if Path("/proc/cpuinfo").exists()
        else [platform.processor()]
    )
    cores = len(os.sched_getaffinity(0))
    return f"{models[0]}, {cores} cores, Python {platform.python_version()}, {datetime.date.today()}"


def report(
    as_json: bool, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], metrics: Mapping[str, object]
) -> None:
    """``metrics`` is the JSON form; the table shows the same figures next to their rivals."""
    if as_json:
        print(json.dumps({**metrics, "machine": machine()}))
        return
    shown = [[f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    cells = [list(map(str, columns)), *shown]
    widths = [max(len(row[column]) for row in cells) for column in range(len(columns))]
    print(f"{title}\n{machine()}\n")
    for number, row in enumerate(cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
