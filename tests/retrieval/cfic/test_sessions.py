"""What a model has read is read once: from memory, from disk, within bounds, and never for another text or model."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from evidentia.corpus.store import Store
from evidentia.retrieval.cfic.sessions import Sessions, allow, sessions_of
from evidentia.serving.models.scripted import ByteModel, ByteSession

DIGEST, OTHER = "a" * 64, "b" * 64


class Counting(ByteModel):
    started = 0

    def start(self) -> ByteSession:
        self.started += 1
        return super().start()


def test_the_second_use_costs_nothing(tmp_path: Path):
    model, sessions = Counting(), Sessions(tmp_path / "sessions")
    first = sessions.open(model, DIGEST, [1, 2, 3])
    assert list(first.tokens) == [1, 2, 3]
    assert sessions.open(model, DIGEST, [1, 2, 3]) is first
    assert model.started == 1


def test_a_later_process_reads_it_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Sessions(tmp_path / "sessions").open(ByteModel(), DIGEST, [1, 2, 3])
    resumed = []
    monkeypatch.setattr(
        ByteModel, "resume", lambda self, path, real=ByteModel.resume: resumed.append(path) or real(self, path)
    )
    assert list(Sessions(tmp_path / "sessions").open(ByteModel(), DIGEST, [1, 2, 3]).tokens) == [1, 2, 3]
    assert len(resumed) == 1


def test_another_text_and_another_model_have_sessions_of_their_own(tmp_path: Path):
    sessions, other = Sessions(tmp_path / "sessions"), ByteModel()
    other.fingerprint = "bytes-2"
    opened = [
        sessions.open(*what) for what in ((ByteModel(), DIGEST, [1]), (ByteModel(), DIGEST, [2]), (other, DIGEST, [1]))
    ]
    assert len({id(session) for session in opened}) == 3


def test_memory_and_disk_keep_to_their_budgets_and_drop_what_was_used_longest_ago(tmp_path: Path):
    one = Sessions(tmp_path / "probe")
    one.open(ByteModel(), DIGEST, [1] * 100)
    size = next((tmp_path / "probe").iterdir()).stat().st_size
    model = Counting()
    sessions = Sessions(tmp_path / "sessions", memory_bytes=250, disk_bytes=2 * size + size // 2)
    for token in (1, 2, 1, 3):
        sessions.open(model, DIGEST, [token] * 100)
    assert model.started == 3
    assert len(list((tmp_path / "sessions").iterdir())) == 2
    sessions.open(model, DIGEST, [1] * 100)
    assert model.started == 3
    assert sum(held.size for held in sessions._held.values()) <= 250


def test_a_session_above_the_whole_budget_is_used_and_not_written(tmp_path: Path):
    sessions = Sessions(tmp_path / "sessions", memory_bytes=1, disk_bytes=1)
    assert list(sessions.open(ByteModel(), DIGEST, [1, 2]).tokens) == [1, 2]
    assert not (tmp_path / "sessions").exists()


@pytest.mark.parametrize("content", [b"", b"\0" * 100])
def test_a_damaged_file_is_read_anew_from_the_text_and_the_log_says_so(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
):
    Sessions(tmp_path / "sessions").open(ByteModel(), DIGEST, [1, 2])
    file = next((tmp_path / "sessions").iterdir())
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert list(Sessions(tmp_path / "sessions").open(ByteModel(), DIGEST, [1, 2]).tokens) == [1, 2]
    assert "damaged" in caplog.text
    assert list(ByteModel().resume(file).tokens) == [1, 2]


def test_a_disk_that_cannot_be_written_costs_only_the_file(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "sessions").write_text("no folder")
    assert list(Sessions(tmp_path / "sessions").open(ByteModel(), DIGEST, [1, 2]).tokens) == [1, 2]
    assert "could not be kept" in caplog.text


def test_a_read_only_library_is_left_alone(tmp_path: Path):
    Sessions(tmp_path / "sessions", writable=False).open(ByteModel(), DIGEST, [1, 2])
    assert not (tmp_path / "sessions").exists()


def test_what_left_the_library_is_swept_at_the_next_use(store: Store):
    for digest in (DIGEST, OTHER):
        sessions_of(store).open(ByteModel(), digest, [1, 2])
    with store.transaction() as connection:
        connection.execute("INSERT INTO sources (root) VALUES ('/x')")
        connection.execute(
            "INSERT INTO documents (source_id, uri, name, text, media_type, digest, title, metadata, marks, size, mtime_ns) "
            "VALUES (1, '/x/a', 'a', '', 'text/plain', ?, '', '{}', '[]', 0, 0)",
            (DIGEST,),
        )
        store.bump()
    sessions_of(store)
    assert [path.name[:16] for path in (store.folder / "sessions").iterdir()] == [DIGEST[:16]]


def test_a_library_has_one_set_of_sessions_per_process_with_the_budget_it_was_given(store: Store):
    allow(store, 7)
    assert sessions_of(store) is sessions_of(store)
    assert sessions_of(store).disk_bytes == 7
