"""Puts a trained adapter where the package finds it: ``python training/ship.py runs/grounded grounded``.

Adapter and settings are copied, a manifest with their digests is written; the model card (README.md) is written by
hand and stays as it is.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from evidentia.serving.models.adapters import CONFIG, SHIPPED, WEIGHTS
from evidentia.serving.models.checkpoint import MANIFEST, sha256


def ship(trained: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    files = {}
    for name in (CONFIG, WEIGHTS):
        (target / name).write_bytes((trained / name).read_bytes())
        files[name] = {"sha256": sha256(target / name), "bytes": (target / name).stat().st_size}
    (target / MANIFEST).write_text(json.dumps({"files": files}, indent=1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path)
    parser.add_argument("name")
    options = parser.parse_args()
    ship(options.trained, SHIPPED / options.name)


if __name__ == "__main__":
    main()
