"""Who changed which files together, from the history of the git repository that a folder lies in, if there is one.

Git is run without a shell and reads only; nothing that a repository's own settings name is run. No git, no repository
or a history too long to read in time are no error: then nothing is known.
"""

from __future__ import annotations

import logging
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

MOST_COMMITS = 5_000
MOST_FILES = 30
"""A commit that touches more files (a rename, a licence header) relates none of them."""
TIMEOUT = 20.0
"""Seconds."""

_QUIET = ("-c", "log.showSignature=false", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_LOG = ("log", "--no-merges", f"-n{MOST_COMMITS}", "--format=%x01%an", "--name-only", "-z", "--no-ext-diff", "--", ".")


@dataclass(frozen=True, slots=True)
class Commit:
    author: str
    paths: tuple[str, ...]
    """Absolute, POSIX form."""


def commits(folder: Path) -> list[Commit]:
    """The latest first; empty where nothing is known."""
    if not folder.is_dir():
        return []
    top = _git(folder, "rev-parse", "--show-toplevel").strip()
    found = []
    for record in _git(folder, *_LOG).split("\x01")[1:] if top else ():
        author, *names = record.replace("\n", "\0").split("\0")
        paths = tuple(f"{top}/{name}" for name in names if name)
        if 0 < len(paths) <= MOST_FILES:
            found.append(Commit(author.strip(), paths))
    return found


def _git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", *_QUIET, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("the history of %s was not read (%s)", folder, error)
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""
