"""The training scripts are no part of the package: they import each other by name, from their own folder."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))
collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]
