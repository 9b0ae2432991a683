"""Each program in ``examples/`` runs and prints what it promises."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import evidentia
from evidentia.serving.models import hub
from evidentia.settings import Settings

EXAMPLES = Path(evidentia.__file__).parent / "examples"
REPORT = "The valve opens at 40 bar. [1]\n\n[1]: source/valve.md:3\n> The valve opens at 40 bar.\n"

Run = Callable[..., str]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "new").mkdir(parents=True)
    (folder / "valve.md").write_text("# Valve\n\nThe valve opens at 40 bar.\n")
    (folder / "new" / "valve.md").write_text("# Valve\n\nThe valve opens at 60 bar.\n")
    (folder / "pump.py").write_text("def start(rate):\n    return check(rate)\n\n\ndef check(rate):\n    return rate\n")
    (folder / "people.md").write_text(
        "Ada Byron met Charles Babbage in 1833. Charles Babbage designed the Analytical Engine.\n"
    )
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], source: Path) -> Run:
    """What the program prints; its exit code must be the one that is expected."""
    monkeypatch.setenv("EVIDENTIA_EMBEDDER", "hash")

    def example(name: str, *words: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", [name, str(source), *words])
        ended = 0
        try:
            runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        except SystemExit as exit_:
            ended = exit_.code
        assert ended == code
        return capsys.readouterr().out

    return example


def test_a_folder_is_asked(run: Run) -> None:
    said = run("ask_folder.py", "Who designed the Analytical Engine?")
    assert "Charles Babbage designed the Analytical Engine." in said
    assert "source/people.md:1  checked" in said


def test_a_part_is_asked_alone(run: Run) -> None:
    said = run("ask_scoped.py", "At how many bar does the valve open?", "source/valve.md", "source/new/")
    old, new = said.split("source/new/: ")
    assert "40 bar" in old
    assert "60 bar" not in old
    assert "60 bar" in new


def test_callers_and_what_a_change_reaches_are_said(run: Run) -> None:
    said = run("code_impact.py", "check")
    assert said.count("pump.start, exact, 1 away") == 2


def test_a_chain_of_quotes_relates_two_names(run: Run) -> None:
    said = run("knowledge_path.py", "Ada Byron", "Analytical Engine")
    assert "Ada Byron met Charles Babbage" in said
    assert "Charles Babbage designed the Analytical Engine" in said


def test_langchain_retrieves(run: Run) -> None:
    pytest.importorskip("langchain_core")
    assert "valve.md:" in run("langchain_retriever.py", "At how many bar does the valve open?")


def test_a_report_is_verified(run: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text(REPORT)
    assert "line 1, [1] source/valve.md:3: carried" in run("verify_report.py", str(report))
    report.write_text(REPORT.replace("40 bar. [1]", "50 bar. [1]"))
    assert "carried" not in run("verify_report.py", str(report), code=1).replace("not carried", "")


@pytest.mark.model
@pytest.mark.slow
def test_the_local_model_fills_a_schema(run: Run) -> None:
    if hub.find(Settings().model, Settings.from_env().cache) is None:
        pytest.skip("the packaged model is not on this machine; run: evidentia model get")
    assert run("json_reply.py", "At how many bar does the valve open?").startswith("{'value': ")


def test_every_example_is_run() -> None:
    text = Path(__file__).read_text()
    assert [path.name for path in EXAMPLES.glob("*.py") if f'"{path.name}"' not in text] == []
