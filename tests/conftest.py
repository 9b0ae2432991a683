"""What every test gets: a home of its own, and no settings from the machine that runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A machine that does much besides is slow, and no test is about that.
settings.register_profile("evidentia", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("evidentia")

# A shell lets what it starts in the background ignore Ctrl-C, and so all that is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)

_REAL_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "evidentia"


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("EVIDENTIA_")]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("EVIDENTIA_CACHE", str(_REAL_CACHE))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def forks() -> Iterator[Callable[[str], int]]:
    """``forks.py``, which takes a request and gives the exit code."""
    ours, theirs = socket.socketpair()
    program = [sys.executable, "-P", str(Path(__file__).with_name("forks.py")), str(theirs.fileno())]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EVIDENTIA_")}
    with subprocess.Popen(program, pass_fds=[theirs.fileno()], env=environment):
        theirs.close()
        with ours, ours.makefile("rw", encoding="utf-8") as file:

            def ask(request: str) -> int:
                file.write(f"{request}\n")
                file.flush()
                return int(file.readline())

            yield ask


@pytest.fixture
def evidentia(request: pytest.FixtureRequest, tmp_path: Path) -> Command:
    """``python -m evidentia`` with some words, in this test's folder and environment: output as text, and exit code."""

    def command(*words: str | bytes, stdin: str | bytes = "", **more: str) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, name) for name in ("stdin", "stdout", "stderr")]
            for file in files:
                file.touch()
            files[0].write_bytes(stdin.encode() if isinstance(stdin, str) else stdin)
            asked: dict[str, Any] = {
                "words": [*map(os.fsdecode, words)],
                "folder": str(tmp_path),
                "environment": dict(os.environ) | more,
                "files": [*map(str, files)],
            }
            code = request.getfixturevalue("forks")(json.dumps(asked))
            said = [file.read_bytes().decode(errors="replace") for file in files[1:]]
        return subprocess.CompletedProcess(asked["words"], code, *said)

    return command
