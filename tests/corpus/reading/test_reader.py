"""Files are read in a process of its own: what happens to that process costs one file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.corpus.files import Skipped
from evidentia.corpus.reading import UNCHANGED, Extract, Limits, Reader, Request, extract
from evidentia.corpus.reading.process import Process, ReadingFailure

Behave = Callable[[str], Path]
Read = Callable[..., list[Extract | Skipped | str]]
HOLDS_THE_INTERPRETER = "import re\nre.match('(a+)+b', 'a' * 60)"
"""No thread of the process runs again."""


def _good(folder: Path, name: str) -> Path:
    (folder / name).write_text(f"# Title\n\nThe file {name} is good.\n")
    return folder / name


def test_what_is_read_there_is_what_would_be_read_here(folder: Path, read: Read) -> None:
    (folder / "a.md").write_text("# Über\n\n| a | b |\n| --- | --- |\n| 1 | 𝄞 |\n\nText \u2028 and more.\n")
    (folder / "b.html").write_text("<title>T</title><h1>H</h1><p>One<p>Two")
    (folder / "c.py").write_text("def f(x):\n    return x\n")
    (folder / "d.bin").write_bytes(b"\0\1")
    paths = sorted(folder.iterdir())
    assert read(*paths) == [extract(path, folder, "", Limits()) for path in paths]


def test_a_file_whose_bytes_are_known_is_not_read_again(folder: Path) -> None:
    path = _good(folder, "a.md")
    (first,) = Reader(Limits()).read([Request(path, folder)])
    assert isinstance(first, Extract)
    assert list(Reader(Limits()).read([Request(path, folder, first.document.digest)])) == [UNCHANGED]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("while True: pass", "reading took more than 1 seconds; EVIDENTIA_FILE_SECONDS allows more"),
        (HOLDS_THE_INTERPRETER, "reading took more than 1 seconds; EVIDENTIA_FILE_SECONDS allows more"),
        ("b'x' * 900_000_000", "reading took more than 0.5 GB of memory"),
        ("held = []\nwhile True: held.append(bytes(100_000))", "reading took more than 0.5 GB of memory"),
        ("import os\nos.abort()", "its reader crashed (SIGABRT)"),
        ("import os\nos._exit(3)", "its reader crashed (status 3)"),
        ("raise SystemExit(4)", "its reader crashed (status 4)"),
        ("raise KeyError('\\ud800\\n\\0')", "its reader failed (KeyError: '\\ud800\\n\\x00')"),
        ("def f(): f()\nf()", "its reader failed (RecursionError: maximum recursion depth exceeded)"),
    ],
)
def test_whatever_a_reader_does_costs_one_file(
    folder: Path, behave: Behave, read: Read, code: str, reason: str
) -> None:
    first, bad, last = _good(folder, "a.md"), behave(code), _good(folder, "c.md")
    seconds = 1 if "seconds" in reason else 30
    before, named, after = read(first, bad, last, seconds=seconds, memory=500_000_000)
    assert named == Skipped(bad, reason)
    assert isinstance(before, Extract)
    assert isinstance(after, Extract)


def test_what_earlier_files_left_in_the_process_is_no_fault_of_a_later_one(
    folder: Path, behave: Behave, read: Read, tmp_path: Path
) -> None:
    """The first PDF leaves little room; the second one would fit into a fresh process."""
    path = behave(
        "import pathlib\nheld = bytes(300_000_000) if pathlib.Path(__file__).with_name('full').exists() else b''"
    )
    (tmp_path / "fake" / "full").touch()
    large = folder / "c.md"
    large.write_text("word " * 500_000)
    outcomes = list[Extract | Skipped | str]()
    for outcome in Reader(Limits(memory=400_000_000)).read([Request(path, folder), Request(large, folder)]):
        outcomes.append(outcome)
        (tmp_path / "fake" / "full").unlink(missing_ok=True)
    assert isinstance(outcomes[1], Extract)


def test_what_a_library_prints_is_no_reply(folder: Path, behave: Behave, read: Read) -> None:
    path = behave("import os\nprint('x' * 100_000, flush=True)\nos.write(1, b'y' * 100_000)\nraise OSError('said')")
    assert read(path) == [Skipped(path, "its reader failed (OSError: said)")]


def test_the_process_knows_no_secrets_of_the_environment(
    folder: Path, behave: Behave, read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVIDENTIA_API_KEY", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    read(behave(f"import os\nopen({str(tmp_path / 'told')!r}, 'w').write(str(dict(os.environ)))"))
    assert "secret" not in (tmp_path / "told").read_text()


def test_a_file_of_too_much_text_or_too_many_passages_is_named(folder: Path, read: Read) -> None:
    (folder / "a.txt").write_text("word " * 1000)
    (folder / "b.md").write_text("# a\n\nb\n\n" * 1000)
    reasons = [
        outcome.reason
        for outcome in read(*sorted(folder.iterdir()), characters=4500, passages=100)
        if isinstance(outcome, Skipped)
    ]
    assert reasons == [
        "its text has 5,000 characters, above the limit of 4,500 a file",
        "its text has 8,000 characters, above the limit of 4,500 a file",
    ]
    (skipped,) = read(folder / "b.md", passages=100)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "it falls into 1,000 passages, above the limit of 100 a file"


# --- the life of the process


def _wait_for(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _tells_its_pid(place: Path) -> str:
    return f"import os\nopen({str(place)!r} + '~', 'w').write(str(os.getpid()))\nos.rename({str(place)!r} + '~', {str(place)!r})\n"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_is_left_behind_however_the_first_one_ends(
    behave: Behave, tmp_path: Path, end: signal.Signals
) -> None:
    path = behave(_tells_its_pid(tmp_path / "pid") + "while True: pass")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'fake')!r})\n"
        "from pathlib import Path\nfrom evidentia.corpus.reading import Limits, Reader, Request\n"
        f"list(Reader(Limits()).read([Request(Path({str(path)!r}), Path({str(path.parent)!r}))]))\n"
    )
    first = subprocess.Popen([sys.executable, "-P", "-c", program], stderr=subprocess.DEVNULL)
    assert _wait_for((tmp_path / "pid").exists)
    pid = int((tmp_path / "pid").read_text())
    first.send_signal(end)
    first.wait()
    assert _wait_for(lambda: _is_gone(pid))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_that_nobody_can_reach_ends_by_itself_after_its_time(
    behave: Behave, folder: Path, tmp_path: Path
) -> None:
    path = behave(_tells_its_pid(tmp_path / "pid") + HOLDS_THE_INTERPRETER)
    process = Process(Limits(seconds=1))
    assert isinstance(process.answer(Request(path, folder)), ReadingFailure)
    pid = int((tmp_path / "pid").read_text())
    assert _wait_for(lambda: _is_gone(pid))
    process.end()


def test_who_has_enough_ends_the_process(folder: Path, behave: Behave) -> None:
    requests = [Request(_good(folder, "a.md"), folder), Request(behave("while True: pass"), folder)]
    outcomes = Reader(Limits()).read(requests)
    assert isinstance(next(outcomes), Extract)
    outcomes.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "evidentia-reading"]


def test_a_library_in_a_thread_reads_too(folder: Path, tmp_path: Path) -> None:
    _good(folder, "a.md")
    added = list[str]()

    def add() -> None:
        with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
            added.extend(library.add(folder).added)

    thread = threading.Thread(target=add)
    thread.start()
    thread.join()
    assert added == ["docs/a.md"]


@pytest.mark.parametrize("closed", ["<&-", "<&- >&-", "<&- >&- 2>&-"])
def test_files_are_read_when_the_standard_streams_are_closed(folder: Path, tmp_path: Path, closed: str) -> None:
    _good(folder, "a.md")
    command = f'"{sys.executable}" -P -m evidentia add "{folder}" --library "{tmp_path / "library"}" {closed}'
    subprocess.run(["sh", "-c", command], check=False, env=os.environ | {"EVIDENTIA_EMBEDDER": "hash"})
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        assert library.status()["counts"]["documents"] == 1


def test_a_file_that_was_too_slow_is_tried_again_when_it_gets_more_time(
    folder: Path, behave: Behave, tmp_path: Path
) -> None:
    behave("import time\ntime.sleep(1.5)\nraise OSError('slow and bad')")
    reasons = []
    for seconds in (1, 1, 10):
        with Library(tmp_path / "library", settings=Settings(embedder="hash", file_seconds=seconds)) as library:
            started = time.monotonic()
            ((_, reason),) = library.add(folder).skipped
            reasons.append((reason.partition(";")[0], time.monotonic() - started > 0.9))
    slow = "reading took more than 1 seconds"
    assert reasons == [(slow, True), (slow, False), ("its reader failed (OSError: slow and bad)", True)]
