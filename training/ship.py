"""Puts a trained adapter where the package finds it: ``python training/ship.py runs/grounded grounded``.

Adapter and settings are copied, a manifest with their digests is written; the model card (README.md) is written by
hand and stays as it is. ``--model FOLDER`` puts it into the checkpoint of a compressed model instead, in place of the
adapter that was carried over, and the checkpoint's manifest names the new one.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from evidentia.errors import ModelError
from evidentia.serving.models.adapters import CONFIG, OWN, SHIPPED, WEIGHTS
from evidentia.serving.models.checkpoint import MANIFEST, Checkpoint, sha256


def ship(trained: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    files = {}
    for name in (CONFIG, WEIGHTS):
        (target / name).write_bytes((trained / name).read_bytes())
        files[name] = {"sha256": sha256(target / name), "bytes": (target / name).stat().st_size}
    (target / MANIFEST).write_text(json.dumps({"files": files}, indent=1), encoding="utf-8")


def ship_into(trained: Path, name: str, model: Path) -> None:
    """Raises ``ModelError`` where ``model`` was not made here, ``DigestMismatch`` where it was changed since."""
    checkpoint = Checkpoint.read(model)
    if checkpoint is None:
        raise ModelError("this is no model that was made here", where=str(model), fix="name the folder of one")
    checkpoint.verify()
    target = model / OWN / name
    target.mkdir(parents=True, exist_ok=True)
    config = json.loads((trained / CONFIG).read_text(encoding="utf-8")) | {"base_model_name_or_path": model.name}
    (target / CONFIG).write_text(json.dumps(config, indent=1), encoding="utf-8")
    (target / WEIGHTS).write_bytes((trained / WEIGHTS).read_bytes())
    Checkpoint.seal(model, checkpoint.source)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path)
    parser.add_argument("name")
    parser.add_argument("--model", type=Path, help="folder of the compressed model that it was trained for")
    options = parser.parse_args()
    if options.model:
        ship_into(options.trained, options.name, options.model)
    else:
        ship(options.trained, SHIPPED / options.name)


if __name__ == "__main__":
    main()
