"""Runs the commands that stand in the pages and writes what they print below them: ``python docs/transcripts.py``.

``--check`` writes nothing: it ends with exit code 1 when a command fails below which the page shows no failure.

In a block fenced as ``console`` every line that begins with ``$ `` is a command for bash (a line that ends with a
backslash goes on); its output replaces what stood below it. ``console 9`` shows the first nine lines of each output,
``console without REGEX`` leaves out what it matches; a ``…`` stands for what is missing. ``console by hand`` is left as
it is: it needs hours, data that are not here, or another machine (``tests/test_docs.py`` reads its commands and options
all the same). A block that is fenced as ``python NAME`` is saved under that name first. Commands run in an empty home
that holds copies of ``docs``, of ``examples/shop`` and of the installed ``networkx``; paths of this machine are
shortened.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from evidentia.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs").glob("*/*.md")))

LONGEST = 1800
"""Seconds that a command may take: a server in the foreground would never end."""

_BLOCK = re.compile(r"^```(console|python) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (?:[^\n]*\\\n)*[^\n]*$", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path, help="only these (default: README.md and all below docs/)")
    parser.add_argument("--check", action="store_true", help="only say which commands fail")
    parser.add_argument("--home", type=Path, help="keep the home here and use it again, instead of an empty one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty:
        home = (options.home or Path(empty)).resolve()
        furnish(home)
        failed: list[str] = []
        for page in options.pages or PAGES:
            text = page.read_text(encoding="utf-8")
            renewed = _BLOCK.sub(lambda block: renew(block, home, failed), text)
            if not options.check:
                page.write_text(renewed, encoding="utf-8")
    if options.check and failed:
        sys.exit("\n".join(["These commands failed:", *failed]))


def furnish(home: Path) -> None:
    found = importlib.util.find_spec("networkx")
    assert found is not None
    assert found.origin is not None
    for folder in (ROOT / "docs", ROOT / "examples" / "shop", Path(found.origin).parent):
        if not (home / folder.name).exists():
            shutil.copytree(folder, home / folder.name, ignore=shutil.ignore_patterns("__pycache__"))


def renew(block: re.Match[str], home: Path, failed: list[str]) -> str:
    """The block with what its commands print now; those that failed below no shown failure are added to ``failed``."""
    language, details, body = block.groups()
    if details == "by hand":
        return block[0]
    if language == "python":
        if details:
            (home / details).write_text(body, encoding="utf-8")
        return block[0]
    running: list[subprocess.Popen[str]] = []
    parts = []
    for command in _COMMAND.findall(body):
        sys.stderr.write(f"{command}\n")
        output, code = run(command.removeprefix("$ "), home, running)
        output = shorten(output, home).lstrip("\n")
        if code and not re.search(r"^(evidentia: |Error|Usage)", body, re.MULTILINE):
            failed.append(f"{command}\n{output}")
        parts.append(f"{command}\n{excerpt(output, details)}".rstrip())
    for process in running:
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
    return f"```console {details}".rstrip() + "\n" + "\n\n".join(parts) + "\n```"


def run(command: str, home: Path, running: list[subprocess.Popen[str]]) -> tuple[str, int]:
    """What a reader would see, and the exit code. A command that ends with ``&`` is a server: it goes on, and shows its
    first line."""
    background = command.endswith("&")
    process = subprocess.Popen(
        ["bash", "-c", command.removesuffix("&")],
        cwd=home,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert process.stdout is not None
    if not background:
        try:
            return process.communicate(timeout=LONGEST)[0], process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return f"no end after {LONGEST} seconds\n", 124
    running.append(process)
    return process.stdout.readline(), 0


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVIDENTIA_", "NEO4J_", "XDG_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    cache = str(Settings.from_env().cache)
    return {**kept, "HOME": str(home), "PATH": path, "EVIDENTIA_CACHE": cache, "COLUMNS": "140", "PYTHONSAFEPATH": "1"}


def shorten(text: str, home: Path) -> str:
    places = {
        str(Settings.from_env().cache): "~/.cache/evidentia",
        str(home): "~",
        sys.prefix: "~/evidentia/.venv",
        str(ROOT): "~/evidentia",
    }
    for place, name in places.items():
        text = text.replace(place, name)
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(rf"(?<![\w/]){re.escape(ROOT.name)}/", "evidentia/", text)


def excerpt(text: str, details: str) -> str:
    if details.startswith("without "):
        return re.sub(f"(?:{details.removeprefix('without ')})+", "…\n", text, flags=re.MULTILINE)
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: int(details)], "…\n"]) if details and int(details) < len(lines) else text


if __name__ == "__main__":
    main()
