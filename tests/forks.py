"""Runs ``python -m evidentia`` many times at the cost of one start: each command is a process forked off this one.

This process has imported what most commands import, and has done nothing else. It reads one request a line from the
file descriptor that it is given, ``{"words", "folder", "environment", "files": [stdin, stdout, stderr]}``, and answers
each with the exit code. Whatever a command does, to its environment, its modules or its streams, ends with its process.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import socket
import sys
from importlib import import_module

MODULES = (
    *("evidentia.cli.main", "evidentia.cli.doctor", "evidentia.cli.render", "evidentia.library"),
    *("faiss", "pydantic.main", "rich.console", "rich.progress", "safetensors", "tokenizers", "typer._adapters"),
)


def prepare() -> None:
    """Imports what most commands import, and compiles the patterns by which questions are routed."""
    for module in MODULES:
        import_module(module)
    import_module("evidentia.agents.steps.route").route("of nothing")
    gc.freeze()


def serve(requests: socket.socket) -> None:
    """Returns in each forked process, made ready to run its command, and in the first one when nobody asks any more."""
    for line in requests.makefile("r", encoding="utf-8"):
        process = os.fork()
        if not process:
            begin(**json.loads(line))
            return
        _, status = os.waitpid(process, 0)
        requests.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    sys.argv = []


def begin(words: list[str], folder: str, environment: dict[str, str], files: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, (path, flags) in enumerate(zip(files, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        os.dup2(os.open(path, flags), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["evidentia", *words]


if __name__ == "__main__":
    prepare()
    serve(socket.socket(fileno=int(sys.argv[1])))
    if sys.argv:
        runpy.run_module("evidentia", run_name="__main__", alter_sys=True)
