"""Files that are handed over: they are added by the one way of adding, within bounds, and only where that is allowed."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from evidentia import Library, Settings
from evidentia.app import guard, uploads
from evidentia.app.server import create_app
from evidentia.app.uploads import clean_name
from evidentia.errors import InputError
from evidentia.retrieval.embedders.hash import HashEmbedder

from .conftest import listening
from .test_abandoned import wait_for

GUIDE = b"# Pump\n\nThe default rate of the pump is four litres in a second.\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    settings = Settings(embedder="hash", max_file_bytes=100_000)
    with Library(tmp_path / "library", settings=settings, embedder=HashEmbedder()) as opened:
        yield opened


@pytest.fixture
def client(library: Library) -> Iterator[TestClient]:
    with TestClient(create_app(library, may_add=True), base_url="http://localhost") as opened:
        yield opened


def hand_over(client: Any, files: dict[str, bytes], drop: str = "") -> list[tuple[str, Any]]:
    """The events of adding them."""
    drop = drop or str(uuid.uuid4())
    for name, content in files.items():
        reply = client.put(f"/api/uploads/{drop}", params={"name": name}, content=content)
        assert reply.status_code == 200, reply.text
    return events(client.post(f"/api/uploads/{drop}").text)


def events(text: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in text.replace("\r\n", "\n").strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def states(told: list[tuple[str, Any]]) -> dict[str, str]:
    name, outcome = told[-1]
    assert name == "added"
    return {each["name"]: each["state"] for each in outcome["files"]}


def put(client: Any, name: str, content: bytes = GUIDE, drop: str = "") -> Any:
    return client.put(f"/api/uploads/{drop or uuid.uuid4()}", params={"name": name}, content=content)


def test_files_are_added_and_found_and_lie_in_a_folder_of_the_library(client: TestClient, tmp_path: Path) -> None:
    told = hand_over(client, {"guide.md": GUIDE, "pump.py": b"def start():\n    return 1\n"})
    assert states(told) == {"guide.md": "added", "pump.py": "added"}
    assert {data["stage"] for name, data in told if name == "progress"} >= {"reading", "code graph", "embedding"}
    assert told[-1][1]["folder"] == str(tmp_path / "library" / "files")
    assert (tmp_path / "library" / "files" / "guide.md").read_bytes() == GUIDE
    assert [each["name"] for each in client.get("/api/documents").json()] == ["files/guide.md", "files/pump.py"]
    answer = client.post("/api/ask", json={"question": "What is the default rate of the pump?"}).json()
    assert "four litres" in answer["citations"][0]["quote"]
    assert list((tmp_path / "library" / ".incoming").iterdir()) == []


def test_what_was_handed_over_is_its_owners_alone(client: TestClient, tmp_path: Path) -> None:
    hand_over(client, {"guide.md": GUIDE})
    files = tmp_path / "library" / "files"
    assert (files.stat().st_mode & 0o777, (files / "guide.md").stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_file_of_a_name_that_is_there_replaces_it(client: TestClient) -> None:
    hand_over(client, {"guide.md": GUIDE, "other.md": b"# Other\n\nThe well is deep.\n"})
    told = hand_over(client, {"guide.md": GUIDE.replace(b"four", b"nine")})
    assert states(told) == {"guide.md": "replaced"}
    assert states(hand_over(client, {"guide.md": GUIDE.replace(b"four", b"nine")})) == {"guide.md": "unchanged"}
    answer = client.post("/api/ask", json={"question": "What is the default rate of the pump?"}).json()
    assert "nine litres" in answer["citations"][0]["quote"]
    assert len(client.get("/api/documents").json()) == 2


def test_a_file_that_cannot_be_read_says_why_and_the_others_are_added(client: TestClient) -> None:
    files = {"broken.pdf": b"%PDF-1.7 no more", "guide.md": GUIDE, "photo.md~": b"old", "tool.exe": b"MZ\x00\x00"}
    told = hand_over(client, files)
    assert states(told) == {"broken.pdf": "skipped", "guide.md": "added", "photo.md~": "skipped", "tool.exe": "skipped"}
    assert all(each["reason"] for each in told[-1][1]["files"] if each["state"] == "skipped")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\notes\\plan.md", "plan.md"),
        ("/abs/olute.md", "olute.md"),
        ("a\nb\u202egpj.md", "abgpj.md"),
        ("con.md", "_con.md"),
        ('what: "this"?.md', "what_ _this__.md"),
        ("u\u0308ber.md", "über.md"),
        ("x" * 400 + ".md", "x" * 197 + ".md"),
        ("名" * 200 + ".md", "名" * 65 + ".md"),
    ],
)
def test_a_name_leads_nowhere_else(given: str, stored: str) -> None:
    assert clean_name(given) == stored


@pytest.mark.parametrize("given", ["", "/", "..", "a/..", ".env", "\u202e", "dir/.gitignore"])
def test_what_is_no_name_is_refused(given: str) -> None:
    with pytest.raises(InputError):
        clean_name(given)


def test_no_name_writes_outside_of_the_folder(client: TestClient, tmp_path: Path) -> None:
    for name in ("../../escaped.md", "..\\..\\escaped.md", "/tmp/escaped.md"):
        hand_over(client, {name: GUIDE})
    assert [path.name for path in tmp_path.rglob("escaped.md")] == ["escaped.md"]
    assert put(client, "..").status_code == 400


@pytest.mark.parametrize("drop", ["..", "x", "%2e%2e", "a" * 36, "../../x"])
def test_a_drop_is_no_path(client: TestClient, drop: str) -> None:
    assert put(client, "guide.md", drop=drop).status_code in (400, 404, 405)


def test_a_file_above_the_limit_is_refused_declared_or_not(client: TestClient, tmp_path: Path) -> None:
    assert put(client, "large.md", b"x" * 100_001).status_code == 413
    streamed = client.put(
        f"/api/uploads/{uuid.uuid4()}", params={"name": "large.md"}, content=(b"x" * 1000 for _ in range(200))
    )
    assert streamed.status_code == 413
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith((".part-", "large"))]


def test_a_drop_has_so_many_files_and_bytes_and_no_more(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    monkeypatch.setattr(uploads, "MOST_BYTES", 5_000)
    drop = str(uuid.uuid4())
    assert put(client, "a.md", b"a" * 3000, drop).status_code == 200
    assert "larger than 5,000 bytes together" in put(client, "b.md", b"b" * 3000, drop).json()["error"]["what"]
    assert put(client, "b.md", b"b", drop).status_code == 200
    assert put(client, "b.md", b"bb", drop).status_code == 200
    assert "more than 2 files" in put(client, "c.md", b"c", drop).json()["error"]["what"]
    assert states(events(client.post(f"/api/uploads/{drop}").text)) == {"a.md": "added", "b.md": "added"}


def test_few_drops_wait_at_once_and_old_ones_are_thrown_away(client: TestClient, tmp_path: Path) -> None:
    for _ in range(uploads.MOST_DROPS):
        assert put(client, "guide.md").status_code == 200
    assert "too many drops" in put(client, "guide.md").json()["error"]["what"]
    for folder in (tmp_path / "library" / ".incoming").iterdir():
        os.utime(folder, (0, 0))
    assert put(client, "guide.md").status_code == 200
    assert len(list((tmp_path / "library" / ".incoming").iterdir())) == 1


def test_a_drop_that_is_discarded_leaves_nothing(client: TestClient, tmp_path: Path) -> None:
    drop = str(uuid.uuid4())
    put(client, "guide.md", drop=drop)
    assert client.delete(f"/api/uploads/{drop}").json() == {"discarded": drop}
    assert client.post(f"/api/uploads/{drop}").status_code == 404
    assert not (tmp_path / "library" / "files").exists()
    assert client.get("/api/documents").json() == []


def test_what_is_gone_from_the_folder_goes_from_the_library(client: TestClient, tmp_path: Path) -> None:
    hand_over(client, {"guide.md": GUIDE, "other.md": b"# Other\n\nThe well is deep.\n"})
    (tmp_path / "library" / "files" / "guide.md").unlink()
    assert events(client.post("/api/uploads").text)[-1][1]["files"] == []
    assert [each["name"] for each in client.get("/api/documents").json()] == ["files/other.md"]


# --- where nothing can be added


def test_a_server_without_leave_takes_nothing_and_says_so(scripted: Any, library: Library) -> None:
    with TestClient(create_app(library), base_url="http://localhost") as client:
        assert client.get("/api/uploads").json()["allowed"] is False
        assert "--allow-add" in client.get("/api/uploads").json()["reason"]
        drop = uuid.uuid4()
        replies = [put(client, "guide.md"), client.post(f"/api/uploads/{drop}"), client.delete(f"/api/uploads/{drop}")]
        assert [reply.status_code for reply in [*replies, client.post("/api/uploads")]] == [403] * 4
        assert put(client, "guide.md", b"x" * (guard.MAX_BODY + 1)).status_code == 413


def test_a_read_only_library_says_so(client: TestClient, library: Library) -> None:
    library.store.read_only = True
    assert client.get("/api/uploads").json()["reason"] == "the library's folder is read-only"
    reply = put(client, "guide.md")
    assert reply.status_code == 507
    assert reply.json()["error"]["what"] == "the library's folder is read-only"


def test_the_rules_are_told(client: TestClient, tmp_path: Path) -> None:
    assert client.get("/api/uploads").json() == {
        "allowed": True,
        "reason": "",
        "folder": str(tmp_path / "library" / "files"),
        "max_file_bytes": 100_000,
        "max_files": 500,
        "max_bytes": 500_000_000,
    }


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_web_page_adds_nothing(client: TestClient, headers: dict[str, str]) -> None:
    drop = uuid.uuid4()
    address = f"/api/uploads/{drop}?name=a.md"
    assert client.put(address, content=GUIDE, headers=headers).status_code == 403
    assert client.post(f"/api/uploads/{drop}", headers=headers).status_code == 403
    assert client.post("/api/uploads", headers=headers).status_code == 403


def test_with_a_token_nobody_adds_without_it(library: Library) -> None:
    app = create_app(library, token="sesame", may_add=True)
    with TestClient(app, base_url="http://library.example") as client:
        drop = uuid.uuid4()
        replies = [put(client, "guide.md"), client.post(f"/api/uploads/{drop}"), client.delete(f"/api/uploads/{drop}")]
        assert [reply.status_code for reply in replies] == [401] * 3
        client.headers["Authorization"] = "Bearer sesame"
        assert states(hand_over(client, {"guide.md": GUIDE})) == {"guide.md": "added"}


# --- who waits for whom


class SlowEmbedder(HashEmbedder):
    """Embeds documents only once it is let; questions at once."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def encode(self, texts: Any, *more: Any) -> Any:
        from evidentia.corpus.cancellation import check

        if threading.current_thread().name.startswith("evidentia-adding"):
            self.begun.set()
            while not self.go_on.is_set():
                check()
                time.sleep(0.01)
        return super().encode(texts, *more)


def test_status_and_searches_never_wait_for_an_adding(tmp_path: Path) -> None:
    embedder = SlowEmbedder()
    with (
        Library(tmp_path / "library", settings=Settings(embedder="hash"), embedder=embedder) as library,
        listening(library, may_add=True) as address,
        httpx.Client(base_url=address, timeout=30) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        job = pool.submit(hand_over, client, {"guide.md": GUIDE})
        try:
            assert embedder.begun.wait(20)
            for path in ("/health", "/api/status", "/api/documents", "/api/search?question=rate", "/api/uploads"):
                assert httpx.get(f"{address}{path}", timeout=10).status_code == 200
            assert put(client, "next.md").status_code == 200
        finally:
            embedder.go_on.set()
        assert states(job.result()) == {"guide.md": "added"}


def test_a_client_that_goes_away_ends_its_adding_and_the_next_goes_on(tmp_path: Path) -> None:
    embedder = SlowEmbedder()
    with (
        Library(tmp_path / "library", settings=Settings(embedder="hash"), embedder=embedder) as library,
        listening(library, may_add=True) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        drop = str(uuid.uuid4())
        put(client, "guide.md", drop=drop)
        with client.stream("POST", f"/api/uploads/{drop}"):
            assert embedder.begun.wait(20)
        assert wait_for(lambda: not _is_locked(library))
        embedder.go_on.set()
        told = events(client.post("/api/uploads").text)
        assert "was cut off; what it had finished was kept" in told[-1][1]["notes"][0]
        assert client.get("/api/status").json()["counts"]["vectors"] > 0
        assert client.get("/api/status").json()["unfinished"] == []


def test_an_adding_waits_for_another_process_that_writes(library: Library) -> None:
    with listening(library, may_add=True) as address, httpx.Client(base_url=address, timeout=30) as client:
        drop, other = str(uuid.uuid4()), ExitStack()
        put(client, "guide.md", drop=drop)
        other.enter_context(library.store.writing())
        with client.stream("POST", f"/api/uploads/{drop}") as reply:
            lines = reply.iter_lines()
            assert any('"waiting"' in line for line in lines)
            other.close()
            assert any('"state":"added"' in line for line in lines)


def test_half_a_file_is_told_so_and_leaves_nothing(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidentia.app.server.UPLOAD_SECONDS", 0.5)
    with listening(library, may_add=True) as address:

        def half() -> Iterator[bytes]:
            yield b"half"
            time.sleep(1)
            yield b"more"

        reply = httpx.put(f"{address}/api/uploads/{uuid.uuid4()}", params={"name": "a.md"}, content=half())
        assert reply.status_code == 408
    assert not [path for path in (tmp_path / "library" / ".incoming").rglob("*") if path.is_file()]


def _is_locked(library: Library) -> bool:
    from evidentia.errors import LibraryLocked

    try:
        with library.store.writing():
            return False
    except LibraryLocked:
        return True
