"""A reader that does whatever a test tells it, in the process that reads files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia.corpus.files import Skipped
from evidentia.corpus.reading import Extract, Limits, Reader, Request

Read = Callable[..., list[Extract | Skipped | str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs"


@pytest.fixture
def behave(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """From now on, reading a PDF means to run this code; returns such a PDF."""
    (tmp_path / "fake").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path / "fake"), *sys.path])

    def set_to(code: str) -> Path:
        (tmp_path / "fake" / "pypdfium2.py").write_text(code)
        (folder / "b.pdf").write_bytes(b"%PDF-1.4")
        return folder / "b.pdf"

    return set_to


@pytest.fixture
def read(folder: Path) -> Read:
    """The outcomes for files of ``folder``."""

    def ask(*paths: Path, **limits: int) -> list[Extract | Skipped | str]:
        return list(Reader(Limits(**limits)).read([Request(path, folder) for path in paths]))

    return ask
