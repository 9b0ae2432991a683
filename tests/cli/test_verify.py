"""``evidentia verify`` as a process: what it names, and its exit code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ..conftest import Command

FALCON = "A peregrine falcon dives at 320 km/h."


@pytest.fixture
def run(evidentia: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EVIDENTIA_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("EVIDENTIA_EMBEDDER", "hash")

    def command(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = evidentia(*words, stdin=stdin)
        assert "Traceback" not in done.stderr
        return done

    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "birds.md").write_text(FALCON)
    assert command("add", "docs").returncode == 0
    return command


def test_what_ask_prints_as_a_report_verifies(run):
    asked = run("ask", "--markdown", "At how many km/h does a peregrine falcon dive?")
    assert asked.stdout.endswith(f"[1]: docs/birds.md:1\n> {FALCON}\n")
    done = run("verify", "-", stdin=asked.stdout)
    assert (done.returncode, done.stdout) == (0, "✓ carried  line 3 [1] docs/birds.md:1\n1 carried\n")


def test_what_ask_prints_for_people_verifies_too(run):
    asked = run("ask", "At how many km/h does a peregrine falcon dive?")
    assert run("verify", "-", stdin=asked.stdout).returncode == 0


@pytest.mark.parametrize("options", [("--markdown",), ()])
def test_an_answer_from_the_code_graph_verifies(run, tmp_path: Path, options: tuple[str, ...]):
    (tmp_path / "docs" / "birds.py").write_text("def fly():\n    flap()\n\n\ndef flap():\n    pass\n")
    assert run("add", "docs").returncode == 0
    asked = run("ask", *options, "Who calls flap?")
    done = run("verify", "-", stdin=asked.stdout)
    assert "rows" in done.stdout
    assert done.returncode == 0, asked.stdout + done.stdout


def test_a_failure_is_named_and_ends_with_exit_code_1(run, tmp_path: Path):
    (tmp_path / "report.md").write_text(f"A falcon dives at 400 km/h. [1]\n\n[1]: docs/birds.md:1\n> {FALCON}\n")
    done = run("verify", "report.md")
    assert done.returncode == 1
    assert "✗ misattributed  line 1 [1] docs/birds.md:1" in done.stdout
    assert "says “400 km”, which the source does not say" in done.stdout


def test_json_has_every_citation(run):
    text = f"{FALCON} [1]\n\n[1]: docs/moon.md:1\n> {FALCON}\n"
    found = json.loads(run("verify", "-", "--json", stdin=text).stdout)
    assert found["failed"] == 1
    assert found["checked"][0]["outcome"] == "misattributed"


@pytest.mark.parametrize(
    ("words", "said"), [(("verify", "absent.md"), "cannot be read"), (("verify", "-"), "cites nothing")]
)
def test_what_cannot_be_checked_is_refused(run, words: tuple[str, ...], said: str):
    done = run(*words, stdin="No citation.")
    assert done.returncode == 2
    assert said in done.stderr
