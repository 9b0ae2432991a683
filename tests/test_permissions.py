"""Who can read a library, and what is said of secrets."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from evidentia.cli.terminal import token_from
from evidentia.errors import InputError
from evidentia.graphs.stores.arcadedb import folders as views
from evidentia.library import Library
from evidentia.serving.models.endpoint import EndpointModel
from evidentia.settings import Settings, redact

from .conftest import Command

SECRET = "http://bob:hunter2@host.example:8080/v1?api_key=KEY#more"


@pytest.fixture
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _modes(folder: Path) -> dict[str, str]:
    found = [folder, *folder.rglob("*")]
    wrong = {path: stat.S_IMODE(path.stat().st_mode) for path in found}
    return {str(path.relative_to(folder)): oct(mode) for path, mode in wrong.items() if mode & 0o077}


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.usefixtures("_open_umask")
def test_nobody_else_can_read_a_library_whatever_the_umask(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.py").write_text("def valve():\n    '''Opens at 40 bar.'''\n    return pump()\n")
    (tmp_path / "docs" / "b.md").write_text("# Pump\n\nThe pump stops at 90 bar.\n")
    settings = Settings(embedder="static")
    with Library(tmp_path / "library", settings=settings) as library:
        library.add(tmp_path / "docs")
        library.ask("When does the pump stop?")
        for retriever in ("structure", "multihop", "ngram"):
            library.search("pump", retriever=retriever)
        library.graph.query("MATCH (n:FUNCTION) RETURN n.name AS name")
        assert _modes(library.store.folder) == {}
    assert _modes(tmp_path / "library") == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_library_that_others_could_read_is_closed_to_them_when_it_is_opened(tmp_path: Path) -> None:
    folder, settings = tmp_path / "library", Settings(embedder="hash")
    (tmp_path / "a.py").write_text("def valve():\n    return pump()\n")
    with Library(folder, settings=settings) as library:
        library.add(tmp_path / "a.py")
        for retriever in ("structure", "multihop", "ngram"):
            library.search("pump", retriever=retriever)
        library.graph.query("MATCH (n) RETURN count(n)")
    (folder / "notes.txt").write_text("somebody's own")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with Library(folder, settings=settings):
        assert _modes(folder) == {"notes.txt": "0o644"}


def test_what_may_be_secret_in_an_address_is_not_shown(tmp_path: Path) -> None:
    assert redact(SECRET) == "http://…@host.example:8080/v1?…"
    assert redact("http://localhost:8000/v1") == "http://localhost:8000/v1"
    assert "hunter2" not in redact("bob:hunter2@host") + redact("http://[bob:hunter2@x")
    settings = Settings(endpoint=SECRET, library=tmp_path)
    with Library(tmp_path, settings=settings) as library:
        for shown in (json.dumps(library.status()), repr(settings), repr(library.model())):
            assert "hunter2" not in shown
            assert "KEY" not in shown


def test_no_command_prints_the_secrets_of_an_address(evidentia: Command, tmp_path: Path) -> None:
    address = "http://bob:hunter2@127.0.0.1:9/v1?api_key=KEY4711"
    Library(tmp_path / "library").close()
    for command in (["status"], ["doctor"], ["--debug", "ask", "--write", "Why?"]):
        done = evidentia(*command, "--library", str(tmp_path / "library"), EVIDENTIA_ENDPOINT=address)
        assert "hunter2" not in done.stdout + done.stderr
        assert "KEY4711" not in done.stdout + done.stderr


def test_the_log_of_the_http_client_names_no_secrets(caplog: pytest.LogCaptureFixture) -> None:
    EndpointModel("m", SECRET).close()
    with caplog.at_level(logging.DEBUG, "httpx"):
        logging.getLogger("httpx").info("HTTP Request: %s %s", "POST", httpx.URL(SECRET))
    assert caplog.messages == ["HTTP Request: POST http://…@host.example:8080/v1?…"]


def test_a_token_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("  s3cret \nmore\n")
    assert token_from(None, file) == token_from("other", file) == "s3cret"
    assert token_from("given", None) == "given"
    file.write_text("\n")
    with pytest.raises(InputError, match="is empty"):
        token_from(None, file)
    with pytest.raises(InputError, match="cannot be read"):
        token_from(None, tmp_path)


def test_views_of_dead_processes_are_swept_and_those_of_living_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make = (
        "from evidentia.graphs.stores.arcadedb.folders import HeldFolder; kept = HeldFolder(); import os; os._exit(9)"
    )
    subprocess.run([sys.executable, "-P", "-c", make], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    (left,) = tmp_path.iterdir()
    views.sweep()
    assert left.exists(), "one that is new may be about to be locked"
    os.utime(left, (time.time() - 120,) * 2)
    old, young, other = tmp_path / "evidentia-graph-old", tmp_path / "evidentia-graph-young", tmp_path / "else"
    for folder in (old, young, other):
        folder.mkdir()
    os.utime(old, (time.time() - 7200,) * 2)
    assert len(list(tmp_path.iterdir())) == 4
    first, second = views.HeldFolder(), views.HeldFolder()
    assert set(tmp_path.iterdir()) == {young, other, first.path.parent, second.path.parent}
    first.remove()
    assert first.path.parent not in set(tmp_path.iterdir())


def test_views_that_are_made_at_the_same_time_do_not_sweep_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: views.HeldFolder(), range(40)))
    assert all(one.path.is_dir() for one in made)
    assert len({one.path for one in made}) == 40
    for one in made:
        one.remove()


def test_an_unfinished_library_says_so_with_every_answer(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("The valve opens at 40 bar.\n")
    with Library(tmp_path / "library", settings=Settings(embedder="static")) as library:
        library.add(tmp_path / "a.md")
        assert library.ask("At what pressure does the valve open?").notes == ()
        library.store.bump()
        (note,) = library.ask("At what pressure does the valve open?").notes
        assert "index" in note
        library.store.connection.execute("INSERT INTO jobs (action, target, state) VALUES ('add', '/x', 'running')")
        for question in ("At what pressure does the valve open?", "Who calls nobody?", "And what about it?"):
            (note,) = library.ask(question).to_dict()["notes"]
            assert "add /x" in note
        assert library.repair()
        assert library.ask("At what pressure does the valve open?").notes == ()
