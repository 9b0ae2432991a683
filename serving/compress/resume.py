"""What a run has finished, on disk, so that one that was stopped goes on where it was: widths and layers.

A folder belongs to one recipe, source and text; for others it is emptied.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

NAME, WIDTHS = "run.json", "widths.json"


class KeptLayers:
    """See ``pipeline.Kept``."""

    def __init__(self, folder: Path, facts: Mapping[str, Any]) -> None:
        self.folder = folder
        told = json.dumps(dict(facts), sort_keys=True)
        if (folder / NAME).is_file() and (folder / NAME).read_text(encoding="utf-8") != told:
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(told, encoding="utf-8")

    def widths(self, find: Callable[[], list[int]]) -> list[int]:
        """What ``find`` says, which is asked once."""
        path = self.folder / WIDTHS
        if not path.is_file():
            part = path.with_suffix(".part")
            part.write_text(json.dumps(find()), encoding="utf-8")
            part.replace(path)
        found: list[int] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def layer(self, number: int) -> dict[str, Any] | None:
        from safetensors.torch import load_file

        path = self._path(number)
        return load_file(path) if path.is_file() else None

    def keep(self, number: int, tensors: dict[str, Any]) -> None:
        from safetensors.torch import save_file

        part = self._path(number).with_suffix(".part")
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, part)
        part.replace(self._path(number))

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"layer-{number:04}.safetensors"
