"""A pytest plugin that writes down which function of a folder really calls which, and which lines run.

It knows nothing of evidentia, so that it runs in the environment of the package whose tests are run:

    RECORD_FOLDER=…/src/package RECORD_TO=calls.json PYTHONPATH=benchmarks python -m pytest -p call_recorder
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

FOLDER = os.path.realpath(os.environ.get("RECORD_FOLDER", "."))
_LEFT_OUT = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
"""Their frames start where they are resumed, not where they are called."""

_calls: set[tuple[CodeType, CodeType]] = set()
_lines: dict[str, set[int]] = {}
_inside: dict[CodeType, bool] = {}


def _is_inside(code: CodeType) -> bool:
    known = _inside.get(code)
    if known is None:
        known = _inside[code] = os.path.realpath(code.co_filename).startswith(FOLDER)
    return known


def _trace(frame: FrameType, event: str, _: Any) -> Any:
    code = frame.f_code
    if event == "call":
        if not _is_inside(code):
            return None
        caller = frame.f_back
        if caller is not None and _is_inside(caller.f_code) and not code.co_flags & _LEFT_OUT:
            _calls.add((caller.f_code, code))
        _lines.setdefault(code.co_filename, set()).add(frame.f_lineno)
    elif event == "line":
        _lines[code.co_filename].add(frame.f_lineno)
    return _trace


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: Any) -> Iterator[None]:
    sys.settrace(_trace)
    threading.settrace(_trace)
    yield
    sys.settrace(None)
    threading.settrace(None)


def pytest_sessionfinish() -> None:
    pairs = sorted({(_place(a), _place(b)) for a, b in _calls if not b.co_name.startswith("<")})
    lines = {os.path.realpath(name): sorted(numbers) for name, numbers in _lines.items()}
    Path(os.environ["RECORD_TO"]).write_text(json.dumps({"calls": pairs, "lines": lines}), encoding="utf-8")


def _place(code: CodeType) -> tuple[str, int, str]:
    return os.path.realpath(code.co_filename), code.co_firstlineno, code.co_name
