from __future__ import annotations

import logging
from copy import copy

import numpy as np
import pytest

from evidentia.corpus.array_file import DerivedArrays, read, write
from evidentia.corpus.derived import generation_of
from evidentia.corpus.store import Store
from evidentia.errors import LibraryLocked, StorageError


@pytest.fixture
def builds(store):
    made = []

    def build(opened):
        made.append(opened.revision)
        return {"numbers": np.arange(3)}

    build.made = made  # type: ignore[attr-defined]
    return build


def _sum(arrays):
    return int(arrays["numbers"].sum())


def current(store, builds, version="1"):
    return DerivedArrays("sums", version, builds, _sum).current(store)


def _again(store, builds, version="1"):
    """As another process sees it: nothing is in memory."""
    return current(Store(store.folder), builds, version)


def test_it_is_made_once_and_then_read_from_its_file(store, builds):
    assert current(store, builds) == 3
    assert _again(store, builds) == 3
    assert builds.made == [0]


def test_a_change_of_the_library_makes_another_and_keeps_the_one_before(store, builds):
    for _ in range(3):
        store.bump()
        current(store, builds)
    assert builds.made == [1, 2, 3]
    assert sorted(path.name for path in store.folder.glob("sums-*")) == ["sums-2.npz", "sums-3.npz"]


def test_another_version_of_the_method_makes_it_anew(store, builds):
    current(store, builds)
    _again(store, builds, version="2")
    assert builds.made == [0, 0]


@pytest.mark.parametrize("damage", [b"", b"PK", b"\x00" * 600])
def test_a_damaged_file_is_made_anew_and_said_so(store, builds, damage, caplog):
    current(store, builds)
    (store.folder / "sums-0.npz").write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        assert _again(store, builds) == 3
    assert "made anew" in caplog.text
    assert _again(store, builds) == 3
    assert builds.made == [0, 0]


def test_a_changed_byte_is_noticed(tmp_path):
    path = tmp_path / "kind-1.npz"
    write(path, {"numbers": np.arange(1000)})
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    assert read(path) is None


def test_while_somebody_writes_it_stays_in_memory(store, builds, monkeypatch):
    def locked():
        raise LibraryLocked("the library is being written")

    monkeypatch.setattr(store, "writing", locked)
    assert current(store, builds) == 3
    assert not list(store.folder.glob("sums-*"))


def test_views_of_a_library_share_what_is_in_memory(store, builds):
    view = copy(store)
    assert current(view, builds) == current(store, builds) == 3
    assert builds.made == [0]


def test_a_closed_library_holds_nothing(store, builds):
    current(store, builds)
    store.close()
    assert not store._held


def test_files_that_a_newer_generation_sweeps_away_while_they_are_opened_are_not_missed(store, builds):
    """What another process does between a look at the row and at the file that it names."""
    lazy = Swept("sums", "1", builds, _sum)
    lazy.renew(store)
    assert lazy.present(store) == 3
    object.__setattr__(lazy, "swept", 2)
    store.bump()
    lazy.renew(store)
    assert lazy.present(store) == 3
    assert lazy.swept == 0
    assert lazy.slot(store).of == generation_of(store, "sums")


def test_a_file_that_is_gone_for_good_is_still_told(store, builds):
    lazy = Swept("sums", "1", builds, _sum)
    lazy.renew(store)
    (store.folder / "sums-0.npz").unlink()
    with pytest.raises(StorageError, match="sums-0"):
        lazy.present(store)


class Swept(DerivedArrays):
    """``swept`` times a newer generation comes, and takes the files of this one, before it can be read."""

    swept = 0

    def read(self, store, generation):
        if self.swept:
            object.__setattr__(self, "swept", self.swept - 1)
            store.bump()
            self.renew(store)
            (store.folder / generation.file).unlink()
        if not (store.folder / generation.file).exists():
            raise StorageError("it is gone", where=generation.file)
        return super().read(store, generation)
