"""The wheel of this checkout, in an environment with nothing but what it asks for. Needs a package index for pip."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from evidentia.scripts.fresh_install import build_wheel, install

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of the environment."""
    folder = tmp_path_factory.mktemp("fresh")
    try:
        return install(folder / "environment", build_wheel(folder))
    except subprocess.CalledProcessError as error:
        if "install" in error.cmd:
            pytest.skip("pip could not install what the wheel needs")
        raise


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, in which the commands run: nothing of the checkout is near."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def chat(installed: Path, home: Path) -> Iterator[subprocess.Popen[str]]:
    (home / "pump.md").write_text("# Pump\n\nThe pump is checked every 14 days.\n")
    library = ("--library", str(home / "pumps"))
    added = [str(installed / "evidentia"), "add", "pump.md", *library]
    subprocess.run(added, cwd=home, check=True, capture_output=True, env=_environment())
    command = [str(installed / "evidentia"), "chat", "--port", "0", *library]
    with subprocess.Popen(
        command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment()
    ) as process:
        yield process
        process.kill()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


def test_demo_reads_its_sources_out_of_the_environment_and_answers(installed: Path, home: Path) -> None:
    ran = subprocess.run(
        [installed / "evidentia", "demo"], cwd=home, capture_output=True, text=True, check=False, env=_environment()
    )
    assert ran.returncode == 0, ran.stderr
    assert "Client.send (httpx/_client.py:" in ran.stdout
    assert "DEFAULT_TIMEOUT_CONFIG = Timeout(timeout=5.0) [1]" in ran.stdout
    assert "Not found here." in ran.stdout
    assert 'not written: the package torch is not installed. Run: pip install "evidentia[local]"' in ran.stdout
    assert "Next: evidentia chat" in ran.stdout


def test_chat_starts_answers_and_stops(chat: subprocess.Popen[str]) -> None:
    assert chat.stdout is not None
    address = None
    for line in chat.stdout:
        if address := re.search(r"http://[\d.]+:\d+", line):
            break
    assert address is not None
    assert httpx.get(f"{address[0]}/health").status_code == 200
    answer = httpx.post(f"{address[0]}/api/ask", json={"question": "How often is the pump checked?"}, timeout=120)
    assert "14 days" in answer.text
    chat.send_signal(signal.SIGINT)
    assert chat.wait(30) in (0, 130)
