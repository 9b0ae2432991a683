from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import LibraryIncompatible, StorageError
from evidentia.retrieval.ngram import array_files

ARRAYS: dict[str, Any] = {
    "some": np.arange(100, dtype=np.uint16),
    "pairs": np.ones((3, 2), np.uint32),
    "none": np.zeros(0, np.int64),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "one.segment"
    array_files.write(path, "tokenizer-1", {"names": ["a", "b"]}, ARRAYS)
    return path


def test_what_was_written_is_read_back_mapped_and_read_only(written: Path):
    detail, arrays = array_files.read(written, "tokenizer-1")
    assert detail == {"names": ["a", "b"]}
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)
        assert not arrays[name].flags.writeable


def test_the_index_of_another_tokenizer_is_refused_by_name(written: Path):
    with pytest.raises(LibraryIncompatible, match="tokenizer-1, not with tokenizer-2"):
        array_files.read(written, "tokenizer-2")


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_changed_byte_of_content_goes_unnoticed(written: Path, place: int, change: int):
    whole = written.read_bytes()
    _, arrays = array_files.read(written, "tokenizer-1")
    damaged = bytearray(whole)
    damaged[place % len(whole)] ^= change
    copy = written.with_name("damaged.segment")
    copy.write_bytes(damaged)
    try:
        _, found = array_files.read(copy, "tokenizer-1")
    except StorageError:
        return
    # Only the padding between arrays means nothing.
    assert all(np.array_equal(found[name], arrays[name]) for name in ARRAYS)


@given(st.integers(0, 10_000))
def test_a_file_that_is_cut_short_is_refused(written: Path, length: int):
    whole = written.read_bytes()
    copy = written.with_name("short.segment")
    copy.write_bytes(whole[: length % len(whole)])
    with pytest.raises(StorageError, match="Remove the file"):
        array_files.read(copy, "tokenizer-1")


def test_a_write_that_fails_leaves_the_old_file_and_no_other(written: Path, monkeypatch: pytest.MonkeyPatch):
    before = written.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="disk is full"):
        array_files.write(written, "tokenizer-1", {}, {"other": np.zeros(3)})
    assert written.read_bytes() == before
    assert not list(written.parent.glob("*.part"))
