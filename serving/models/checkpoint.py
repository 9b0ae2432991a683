"""A checkpoint that was made here: its folder, what it was made from and how, and the digest of every file.

The manifest in the folder says all that; it is written last, so that a folder without one does not count. Converting,
compressing and the cache share this noun. Knows nothing of what the files hold. Only safetensors and GGUF are read: a
pickled checkpoint can run code when opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import DigestMismatch, ModelError

MANIFEST, CARD, README, PLOT = "evidentia.json", "card.json", "README.md", "card.svg"
CONVERTER = 1
"""Raised whenever the files of a checkpoint change, so that older folders are made anew."""
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    folder: Path
    source: Mapping[str, Any]
    """What the weights were made from, and what was done to them: the name of a package or the path of a file with its
    digest, or a model with the recipe by which it was compressed."""
    files: Mapping[str, Mapping[str, Any]]
    """``sha256`` and ``bytes`` of each file, by its path in the folder."""

    @classmethod
    def read(cls, folder: Path) -> Checkpoint | None:
        """The finished checkpoint of ``folder``; ``None`` where there is none, or only one that is out of date."""
        try:
            found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(found, dict) or found.get("converter") != CONVERTER:
            return None
        return cls(folder, found.get("source", {}), found.get("files", {}))

    @classmethod
    def seal(cls, folder: Path, source: Mapping[str, Any]) -> Checkpoint:
        """Writes the manifest of a folder that is complete but for its card, which changes with every measurement."""
        files = {
            path.relative_to(folder).as_posix(): {"sha256": sha256(path), "bytes": path.stat().st_size}
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name not in (MANIFEST, README, CARD, PLOT)
        }
        manifest = {"converter": CONVERTER, "source": dict(source), "files": files}
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        return cls(folder, source, files)

    def verify(self) -> None:
        """Raises ``DigestMismatch`` for a file that is not the one the manifest names."""
        for name, expected in self.files.items():
            path = self.folder / name
            if not path.is_file() or path.stat().st_size != expected["bytes"] or sha256(path) != expected["sha256"]:
                raise DigestMismatch(
                    "a model file was changed after it was written",
                    where=str(path),
                    fix=f"run: evidentia model get {self.folder.name}",
                )


def verify(folder: Path) -> None:
    """``Checkpoint.verify`` where ``folder`` holds one that was made here; any other folder is somebody's own."""
    if (checkpoint := Checkpoint.read(folder)) is not None:
        checkpoint.verify()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


NO_CODE: Mapping[str, Any] = {"trust_remote_code": False}
"""For every ``from_pretrained``: a checkpoint that brings code is refused. Without it transformers asks on the
terminal, and runs the code where something there says yes."""


def refuse_pickles(path: Path) -> None:
    """Raises ``ModelError`` for a file or folder whose weights are pickled, or that holds no weights at all."""
    files = list(path.iterdir()) if path.is_dir() else [path]
    if any(file.suffix in (".safetensors", ".gguf") for file in files):
        return
    if any(file.suffix in _PICKLES for file in files):
        raise ModelError(
            "the weights are pickled, and a pickle can run code when it is read",
            where=str(path),
            fix="use a checkpoint in safetensors or GGUF",
        )
    raise ModelError("no weights in safetensors or GGUF", where=str(path), fix="check the path")
