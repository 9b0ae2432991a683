"""Where the data sets lie, and how their files are read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""A folder for each data set; ``--data`` of the scripts names another."""


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, gzipped or not."""
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")


def read_json(path: Path) -> Any:
    return json.loads(read_text(path))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file with one JSON object on each line."""
    return [json.loads(line) for line in read_text(path).split("\n") if line]
