"""The command line as a process: output, JSON, exit codes, and no traceback."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from evidentia.agents.answer import Answer, Citation
from evidentia.cli import render
from evidentia.corpus.document import Evidence

from ..conftest import Command


@pytest.fixture
def run(evidentia: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EVIDENTIA_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("EVIDENTIA_EMBEDDER", "hash")

    def command(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = evidentia(*words, stdin=stdin)
        assert "Traceback" not in done.stderr
        return done

    return command


@pytest.fixture
def filled(run, tmp_path: Path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "birds.md").write_text("A peregrine falcon dives at 320 km/h.")
    (tmp_path / "docs" / "birds.py").write_text("def fly():\n    flap()\n\n\ndef flap():\n    pass\n")
    assert run("add", "docs").returncode == 0
    return run


def test_add_says_what_it_did(run, tmp_path: Path):
    (tmp_path / "a.md").write_text("Hello there.")
    assert "1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped" in run("add", "a.md").stdout


def test_ask_prints_the_answer_and_its_evidence(filled):
    done = filled("ask", "At how many km/h does a peregrine falcon dive?")
    assert "A peregrine falcon dives at 320 km/h. [1]" in done.stdout
    assert "[1] docs/birds.md:1  ✓" in done.stdout


def test_ask_reads_a_question_from_stdin(filled):
    assert "320 km/h" in filled("ask", "-", stdin="At how many km/h does a peregrine falcon dive?").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "At how many km/h does a peregrine falcon dive?"),
        ("search", "peregrine", "falcon"),
        ("status",),
        ("doctor",),
        ("graph", "callers", "flap"),
        ("graph", "schema"),
        ("graph", "query", "MATCH (f:FUNCTION) RETURN f.name AS name"),
        ("model", "list"),
        ("add", "docs"),
        ("remove", "docs"),
    ],
)
def test_every_command_prints_one_json_value_on_request(filled, words: tuple[str, ...]):
    json.loads(filled(*words, "--json").stdout)


def test_the_graph_answers_who_calls(filled):
    rows = json.loads(filled("graph", "callers", "flap", "--json").stdout)
    assert rows[0]["rows"][0]["symbol"]["name"] == "fly"


def test_an_unknown_name_has_suggestions_and_its_own_exit_code(filled):
    done = filled("graph", "callers", "flop")
    assert done.returncode == 4
    assert "Did you mean" in done.stderr
    assert "flap" in done.stderr


def test_a_query_that_writes_is_refused(filled):
    done = filled("graph", "query", "MATCH (n) DETACH DELETE n")
    assert done.returncode == 2
    assert done.stderr.startswith("evidentia: ")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("add", "nowhere"), 4, "nowhere"),
        (("ask", "Anything?"), 4, "evidentia add"),
        (("status",), 4, "evidentia add"),
        (("model", "get", "no/such-model"), 6, "no/such-model"),
    ],
)
def test_failures_are_one_sentence_with_an_exit_code(run, words: tuple[str, ...], code: int, says: str):
    done = run(*words)
    assert done.returncode == code
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_empty_folder_is_said_to_be_empty(run, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    done = run("add", "empty")
    assert done.returncode == 2
    assert "no readable file was found" in done.stderr


def test_an_empty_question_is_refused(filled):
    assert filled("ask", " ").returncode == 2


def test_debug_shows_the_traceback(evidentia: Command, tmp_path: Path):
    assert "Traceback" in evidentia("--debug", "status", "--library", str(tmp_path / "none")).stderr


def test_ask_joins_its_words(filled):
    words = ["At", "how", "many", "km/h", "does", "a", "peregrine", "falcon", "dive?"]
    assert json.loads(filled("ask", *words, "--json").stdout)["question"] == " ".join(words)


def test_search_shows_passages_with_their_places(filled):
    said = filled("search", "peregrine", "falcon", "-k", "1").stdout
    assert said.startswith("1. docs/")
    assert "peregrine" in said


def test_quiet_prints_the_result_alone(filled):
    said = filled("ask", "-q", "At how many km/h does a peregrine falcon dive?").stdout
    assert "320" in said
    assert "✓" not in said
    assert filled("add", "-q", "docs").stdout == ""
    assert filled("search", "-q", "falcon", "-k", "1").stdout.count("\n") == 1


def test_h_is_help_for_every_command(run):
    for words in (("-h",), ("ask", "-h"), ("graph", "callers", "-h")):
        assert "Usage:" in run(*words).stdout


def test_a_name_that_is_too_long_is_folded_at_a_dot():
    assert render.fold("networkx.classes.graph.Graph", 18) == "networkx.classes.\ngraph.Graph"
    assert render.fold("short", 18) == "short"
    assert render.fit_widths([10, 40], 30) == [10, 20]


def test_a_line_that_is_too_long_is_folded_at_dots_and_spaces_with_what_follows_further_in():
    line = "  networkx.classes.graph.Graph  graph.py:3  inferred"
    assert render.hang(line, 24) == ("  networkx.classes.\n      graph.Graph\n      graph.py:3\n      inferred")
    assert render.hang(line, 80) == line


def test_what_was_chosen_is_bold_within_what_stands_around_it(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    evidence = Evidence("Keys are ten pounds.\nDogs on a lead.", 1.0, "dense", "cosine 0.5")
    citation = Citation(1, evidence.quote, evidence, True, focus=((21, 36),))
    found = Answer("Dogs?", f"Nothing clearly answers this.\n{evidence.quote} [1]", "quoted", (citation,))
    render.answer(Console(force_terminal=True, color_system="standard"), found, quiet=True)
    assert "\x1b[1mDogs on a lead.\x1b[0m [1]" in capsys.readouterr().out
