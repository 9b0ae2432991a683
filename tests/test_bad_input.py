"""What a careless or hostile user does, through the command line: one sentence, the right exit code, nothing lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from evidentia import Library, Settings

from .conftest import Command

QUESTION = "At how many km/h does a peregrine falcon dive?"
FUNCTIONS = "MATCH (f:FUNCTION) RETURN f.name AS name ORDER BY name"


@pytest.fixture
def run(evidentia: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EVIDENTIA_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("EVIDENTIA_EMBEDDER", "hash")

    def command(*words: str | bytes, **more: Any) -> subprocess.CompletedProcess[str]:
        done = evidentia(*words, **more)
        assert "Traceback" not in done.stderr
        return done

    return command


def _write_docs(folder: Path) -> None:
    folder.mkdir()
    (folder / "birds.md").write_text("A peregrine falcon dives at 320 km/h.")
    (folder / "birds.py").write_text("def fly():\n    flap()\n\n\ndef flap():\n    pass\n")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one document and one module, whose graph has been asked once."""
    folder = tmp_path_factory.mktemp("prepared")
    _write_docs(folder / "docs")
    with Library(folder / "library", settings=Settings(embedder="hash")) as library:
        library.add(folder / "docs")
        library.graph.query(FUNCTIONS)
    return folder / "library"


@pytest.fixture
def filled(run, prepared: Path, tmp_path: Path):
    shutil.copytree(prepared, tmp_path / "library")
    return run


def sentence(done: subprocess.CompletedProcess[str], code: int) -> str:
    assert done.returncode == code, done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("evidentia: ")
    return line


# --- paths


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("", 2, "empty"),
        (b"bad\xff.md", 2, "UTF-8"),
        ("a" * 5000, 2, "too long"),
        ("circle", 2, "loop of links"),
        ("file/x", 4, "no such file"),
    ],
)
def test_what_can_be_no_path_is_refused(filled, tmp_path: Path, path: str | bytes, code: int, says: str):
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "file").touch()
    said = sentence(filled("add", path), code)
    assert says in said
    assert len(said) < 600
    assert sentence(filled("remove", path), 4 if says == "too long" else code)


def test_a_source_that_is_gone_can_be_forgotten(run, tmp_path: Path):
    _write_docs(tmp_path / "docs")
    run("add", "docs")
    shutil.rmtree(tmp_path / "docs")
    assert "evidentia remove docs" in sentence(run("add", "docs"), 4)
    assert "2 removed" in run("remove", "docs").stdout


def test_removing_what_is_not_there_is_no_unfinished_run(filled):
    assert "nothing of that name" in sentence(filled("remove", "bird"), 4)
    assert json.loads(filled("status", "--json").stdout)["unfinished"] == []


def test_names_of_files_cannot_steer_the_terminal(run, tmp_path: Path):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "title\x1b]0;owned\x07.pdf").write_bytes(b"no PDF")
    (tmp_path / "odd" / "red\x1b[31m.md").write_text("Walruses have tusks of one metre.")
    shown = run("add", "odd").stdout + run("ask", "Which tusks do walruses have?").stdout
    assert "\x1b" not in shown
    assert "\N{REPLACEMENT CHARACTER}[31m" in shown


def test_a_circle_of_links_and_odd_names_end_no_run(run, tmp_path: Path):
    folder = tmp_path / "odd"
    folder.mkdir()
    for name, target in (("self", "self"), ("up", ".."), ("here", "."), ("gone", "nowhere")):
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.md")
    (folder / "two\nlines.md").write_text("Walruses.")
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.md")).write_text("Walruses.")
    report = json.loads(run("add", "odd", "--json").stdout)
    assert report["added"] == ["odd/two\N{REPLACEMENT CHARACTER}lines.md"]
    assert len(report["skipped"]) == 6


def test_long_lines_are_read_and_too_long_files_are_named(run, tmp_path: Path):
    (tmp_path / "long").mkdir()
    (tmp_path / "long" / "five.txt").write_text("word " * 200_000)
    with (tmp_path / "long" / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    report = json.loads(run("add", "long", "--json").stdout)
    assert report["added"] == ["long/five.txt"]
    assert "200.0 MB, above the limit of 20.0 MB" in report["skipped"][0][1]


def test_code_that_does_not_parse_is_told_by_the_run_that_reads_it(run, tmp_path: Path):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "bad.py").write_text("x = 1\ndef f(:\n")
    assert "odd/bad.py in part only: line 2" in json.loads(run("add", "odd", "--json").stdout)["notes"][0]
    assert not json.loads(run("add", "odd", "--json").stdout)["notes"]


# --- questions, queries and settings


@pytest.mark.parametrize(
    "question",
    ['AND OR NOT " * ( ) NEAR', "'; DROP TABLE documents; --", "?!.,;", "🦅🦅", "ما عاصمة\u202e النرويج؟", "``"],
)
def test_a_question_without_an_answer_is_no_error(filled, question: str):
    done = filled("ask", question)
    assert done.returncode == 0
    assert done.stdout.startswith("Not found here")


def test_bytes_that_are_no_text_are_refused(filled):
    for words in (("ask", b"fal\xffcon"), ("graph", "callers", b"\xff"), ("graph", "query", b"RETURN '\xff' AS x")):
        assert "UTF-8" in sentence(filled(*words), 2)


def test_bytes_from_stdin_are_read_as_far_as_they_are_text(filled):
    done = filled("ask", "-", stdin=QUESTION.encode() + b" \xff\0", PYTHONIOENCODING="utf-8:strict")
    assert "320 km/h" in done.stdout


def test_a_question_of_a_megabyte_is_refused(filled):
    assert "1,000,000 characters" in sentence(filled("ask", "-", stdin=b"x" * 1_000_000), 2)


def test_a_terminal_without_our_signs_still_gets_the_answer(filled):
    assert "320 km/h" in filled("ask", QUESTION, PYTHONIOENCODING="ascii").stdout


@pytest.mark.parametrize("rows", ["-1", "0", "99999999999999999999"])
def test_an_impossible_number_of_rows_is_refused(filled, rows: str):
    assert "rows" in sentence(filled("graph", "query", FUNCTIONS, "--max-rows", rows), 2)


def test_a_parameter_nested_without_end_is_text(filled):
    assert filled("graph", "query", "RETURN $x AS x", "--param", f"x={'[' * 3000}").returncode == 0


@pytest.mark.parametrize("value", ["abc", "-1", "0", "1.5"])
def test_a_setting_that_is_no_number_names_its_variable(filled, value: str):
    assert "EVIDENTIA_MAX_FILE_BYTES" in sentence(filled("status", EVIDENTIA_MAX_FILE_BYTES=value), 2)


def test_doctor_names_an_unknown_engine(filled):
    assert "set EVIDENTIA_GRAPH to one of arcadedb, neo4j" in filled("doctor", EVIDENTIA_GRAPH="foo").stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_said(filled, tmp_path: Path):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "evidentia", "ask", QUESTION],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == "evidentia: the system refused (No space left on device).\n"


# --- damage


def test_a_damaged_page_is_found_whoever_reads_it(filled, tmp_path: Path):
    file = tmp_path / "library" / "library.db"
    whole = file.read_bytes()
    noise = random.Random(1).randbytes(3 * 4096)
    for page in (2, 12, 20):
        file.write_bytes(whole[: page * 4096] + noise + whole[(page + 3) * 4096 :])
        for words in (("status",), ("ask", QUESTION), ("remove", "birds")):
            done = filled(*words)
            assert done.returncode in (0, 3, 4)
            assert done.returncode != 3 or "is damaged" in sentence(done, 3)
    file.write_bytes(whole[:20_000])
    assert "is damaged" in sentence(filled("status"), 3)


@pytest.mark.parametrize("damage", ["truncated", "gone"])
def test_doctor_makes_a_damaged_dense_index_anew(filled, tmp_path: Path, damage: str):
    (index,) = (tmp_path / "library").glob("dense-*.faiss")
    if damage == "gone":
        index.unlink()
    else:
        os.truncate(index, 100)
    assert "doctor --repair" in sentence(filled("ask", QUESTION), 3)
    assert "was made anew" in filled("doctor", "--repair").stdout
    assert "320 km/h" in filled("ask", QUESTION).stdout


def test_a_damaged_graph_is_made_anew_before_it_answers(filled, tmp_path: Path):
    graph = tmp_path / "library" / "graph"
    for damage in ("folder", "pointer", "file"):
        if damage == "folder":
            shutil.rmtree(graph)
        elif damage == "pointer":
            (graph / "current").write_bytes(b"\xff nonsense")
        else:
            os.truncate(next(graph.glob("generation-*/data/FUNCTION*.bucket")), 10)
        done = filled("graph", "query", FUNCTIONS, "--json")
        assert json.loads(done.stdout)["rows"] == [["flap"], ["fly"]], damage


def test_doctor_finds_nothing_wrong_with_a_whole_library(filled):
    findings = {found["piece"]: found for found in json.loads(filled("doctor", "--json").stdout)}
    assert findings["library file"]["ok"]
    assert findings["library indexes"]["ok"]


# --- interruption


def _started(folder: Path, source: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-P", "-m", "evidentia", "add", str(source), "--library", str(folder)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        (folder / f"f{number}.md").write_text(f"File number {number} holds walrus{number}.")
        (folder / f"m{number}.py").write_text(f"def f{number}():\n    return f{(number + 1) % 300}()\n")
    return folder


def test_an_interrupted_run_ends_with_130_and_the_next_one_makes_it_good(run, many: Path, tmp_path: Path):
    process = _started(tmp_path / "library", many)
    while not (tmp_path / "library" / "lock.pid").exists():
        time.sleep(0.01)
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert json.loads(run("status", "--json").stdout)["unfinished"]
    assert "was cut off" in json.loads(run("add", "many", "--json").stdout)["notes"][0]


def test_an_interruption_inside_an_executed_string_ends_with_130_too(tmp_path: Path):
    """Python ends by the signal itself when it came while a dataclass was being made."""
    (tmp_path / "interrupted.py").write_text(
        "import os, signal\n"
        "from evidentia.cli import main as cli\n"
        "cli.app = lambda: exec('os.kill(os.getpid(), signal.SIGINT)')\n"
        "if __name__ == '__main__':\n    cli.main()\n"
    )
    words, home = [sys.executable, "-m", "interrupted"], os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(words, env=home, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"")


@pytest.mark.slow
def test_runs_killed_at_any_moment_end_in_the_library_of_one_that_was_not(run, many: Path, tmp_path: Path):
    chance = random.Random(3)
    for _ in range(5):
        process = _started(tmp_path / "library", many)
        time.sleep(chance.uniform(0.2, 0.8))
        process.kill()
        process.communicate()
        assert run("status").returncode in (0, 4)
        assert run("ask", "What does file number 17 hold?").returncode in (0, 4)
        (many / f"f{chance.randrange(300)}.md").write_text("Changed meanwhile.")
    run("add", "many")
    killed = json.loads(run("status", "--json").stdout)
    run("add", "many", "--library", "fresh")
    fresh = json.loads(run("status", "--json", "--library", "fresh").stdout)
    assert killed["counts"] == fresh["counts"]
    assert killed["graph"] == fresh["graph"]
