"""A file that was handed over can be deleted again; nothing else can, and only where files may be added."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from evidentia import Library, Settings
from evidentia.app.server import create_app
from evidentia.errors import StorageError
from evidentia.retrieval.embedders.hash import HashEmbedder

from .conftest import listening
from .test_abandoned import wait_for
from .test_adding import GUIDE, SlowEmbedder, events, hand_over, states

OTHER = b"# Other\n\nThe well is deep.\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", settings=Settings(embedder="hash"), embedder=HashEmbedder()) as opened:
        yield opened


@pytest.fixture
def client(library: Library) -> Iterator[TestClient]:
    with TestClient(create_app(library, may_add=True), base_url="http://localhost") as opened:
        hand_over(opened, {"guide.md": GUIDE, "other.md": OTHER})
        yield opened


def listed(client: Any) -> dict[str, bool]:
    return {each["name"]: each["removable"] for each in client.get("/api/documents").json()}


def delete(client: Any, path: Path | str, **headers: str) -> Any:
    uri = path if isinstance(path, str) else path.as_posix()
    return client.delete("/api/document", params={"uri": uri}, headers=headers)


def test_a_file_that_was_handed_over_goes_from_the_library_and_from_its_folder(
    client: TestClient, library: Library
) -> None:
    assert listed(client) == {"files/guide.md": True, "files/other.md": True}
    guide = library.store.files / "guide.md"
    assert delete(client, guide).json() == {"removed": "files/guide.md", "file": str(guide), "notes": []}
    assert not guide.exists()
    assert listed(client) == {"files/other.md": True}
    assert client.get("/api/document", params={"uri": guide.as_posix()}).status_code == 404
    assert not [each for each in library.search("rate of the pump") if "litres" in each.quote]
    assert library.status()["counts"]["vectors"] == library.status()["counts"]["passages"]


def test_it_does_not_come_back_with_the_next_adding(client: TestClient, library: Library) -> None:
    delete(client, library.store.files / "guide.md")
    assert events(client.post("/api/uploads").text)[-1][1]["files"] == []
    assert listed(client) == {"files/other.md": True}


def test_it_can_be_handed_over_again(client: TestClient, library: Library) -> None:
    delete(client, library.store.files / "guide.md")
    assert states(hand_over(client, {"guide.md": GUIDE})) == {"guide.md": "added"}
    assert listed(client) == {"files/guide.md": True, "files/other.md": True}


def test_a_file_that_is_gone_already_still_goes_from_the_library(client: TestClient, library: Library) -> None:
    (library.store.files / "guide.md").unlink()
    assert delete(client, library.store.files / "guide.md").status_code == 200
    assert listed(client) == {"files/other.md": True}


def test_documents_of_other_places_are_left_alone(client: TestClient, library: Library, tmp_path: Path) -> None:
    plan = tmp_path / "plans" / "plan.md"
    plan.parent.mkdir()
    plan.write_bytes(OTHER)
    library.add(plan.parent)
    assert listed(client)["plans/plan.md"] is False
    for path in (plan, "plans/plan.md", library.store.files, library.store.folder / "library.db", "files/guide.md", ""):
        reply = delete(client, path)
        assert reply.status_code == 400, path
        assert "evidentia remove PATH" in reply.json()["error"]["fix"]
    assert delete(client, f"{library.store.files}/../../plans/plan.md").status_code == 400
    assert plan.exists()
    assert len(listed(client)) == 3


def test_a_link_in_the_folder_leads_to_nothing_that_is_deleted(
    client: TestClient, library: Library, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.md"
    plan.write_bytes(OTHER)
    library.add(plan)
    (library.store.files / "plan.md").symlink_to(plan)
    client.post("/api/uploads")
    assert delete(client, library.store.files / "plan.md").status_code == 400
    assert plan.exists()
    assert "plan.md" in listed(client)


def test_what_is_not_there_is_not_found(client: TestClient, library: Library) -> None:
    stray = library.store.files / ".secret"
    stray.write_bytes(b"x")
    for path in (stray, library.store.files / "none.md", f"{library.store.files}/.."):
        assert delete(client, path).status_code == 404
    assert stray.exists()


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_web_page_deletes_nothing(client: TestClient, library: Library, headers: dict[str, str]) -> None:
    assert delete(client, library.store.files / "guide.md", **headers).status_code == 403
    assert len(listed(client)) == 2


def test_a_server_without_leave_deletes_nothing(client: TestClient, library: Library) -> None:
    with TestClient(create_app(library), base_url="http://localhost") as closed:
        assert listed(closed) == {"files/guide.md": False, "files/other.md": False}
        reply = delete(closed, library.store.files / "guide.md")
        assert reply.status_code == 403
        assert "--allow-add" in reply.json()["error"]["what"]
    library.store.read_only = True
    assert listed(client) == {"files/guide.md": False, "files/other.md": False}
    assert delete(client, library.store.files / "guide.md").status_code == 507
    assert (library.store.files / "guide.md").exists()


def test_with_a_token_nobody_deletes_without_it(client: TestClient, library: Library) -> None:
    app = create_app(library, token="sesame", may_add=True)
    with TestClient(app, base_url="http://library.example") as guarded:
        guide = library.store.files / "guide.md"
        assert delete(guarded, guide).status_code == 401
        assert guide.exists()
        assert delete(guarded, guide, Authorization="Bearer sesame").status_code == 200


def test_where_another_process_writes_nothing_is_deleted(client: TestClient, library: Library) -> None:
    guide = library.store.files / "guide.md"
    with library.store.writing():
        assert delete(client, guide).status_code == 409
    assert guide.exists()
    assert len(listed(client)) == 2


def test_what_is_cut_off_is_made_good_by_the_next_adding(
    client: TestClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(library, "remove", broken)
    assert delete(client, library.store.files / "guide.md").status_code == 507
    assert client.post("/api/uploads").status_code == 200
    assert listed(client) == {"files/other.md": True}


def test_it_waits_for_an_adding_and_nobody_waits_for_it(tmp_path: Path) -> None:
    embedder = SlowEmbedder()
    with (
        Library(tmp_path / "library", settings=Settings(embedder="hash"), embedder=embedder) as library,
        listening(library, may_add=True) as address,
        httpx.Client(base_url=address, timeout=30) as client,
        ThreadPoolExecutor(2) as pool,
    ):
        adding = pool.submit(hand_over, client, {"guide.md": GUIDE})
        assert embedder.begun.wait(20)
        assert wait_for(lambda: listed(client) == {"files/guide.md": True})
        begun = threading.Event()

        def removing() -> Any:
            begun.set()
            return delete(client, library.store.files / "guide.md")

        removal = pool.submit(removing)
        assert begun.wait(20)
        assert client.get("/api/status").status_code == 200
        assert not removal.done()
        embedder.go_on.set()
        assert states(adding.result()) == {"guide.md": "added"}
        assert removal.result().status_code == 200
        assert listed(client) == {}
