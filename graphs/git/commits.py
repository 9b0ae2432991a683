"""Who changed which files together, from the history of the git repository that a folder lies in, if there is one.

The history is read by ``history``, which runs no git and opens no configuration, in a process that is ended when it
takes too long. No repository or a history that cannot be read are no error: then nothing is known.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import history

log = logging.getLogger(__name__)

TIMEOUT = 20.0
"""Seconds after which the process is killed; it stops by itself before, and gives what it has."""


@dataclass(frozen=True, slots=True)
class Commit:
    author: str
    paths: tuple[str, ...]
    """Absolute, POSIX form; never none."""


def commits(folder: Path) -> list[Commit]:
    """The latest first; empty where nothing is known."""
    folder = folder.resolve()
    if not folder.is_dir() or history.repository(folder) is None:
        return []
    command = [sys.executable, "-P", "-m", history.__name__, str(folder)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=True)
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {error.returncode}"])[-1]
        log.warning("the history of %s was not read (%s)", folder, reason)
        return []
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("the history of %s was not read (%s)", folder, error)
        return []
    found = [Commit(author, tuple(paths)) for author, paths in map(json.loads, done.stdout.splitlines())]
    return [commit for commit in found if commit.paths]
