"""Text, markup and code: read as they are, with the title that they give themselves."""

from __future__ import annotations

import pytest

from evidentia.corpus.files.formats import PLAIN, format_of
from evidentia.corpus.files.text import read, title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("intro\n\n# The *first* `heading` #\n\n# second", "The first heading"),
        ("Underlined\n=====\n\n# later", "Underlined"),
        ("| a | b |\n|---|---|\n\n## Real [link](http://x)\n", "Real link"),
        ("```\n# not a heading\n```\n# yes\n", "yes"),
        ('---\ntitle: "From the front"\n---\n# Other', "From the front"),
        ("---\ntags: x\n---\n# After the front\r\n", "After the front"),
        ("#hashtag and no heading", ""),
        ("", ""),
    ],
)
def test_markdowns_title_is_its_first_heading(text: str, expected: str) -> None:
    assert title(text, "text/markdown") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".. _label:\n\n=====\nOver\n=====\n\nText", "Over"),
        ("Under the :mod:`line`\n---------------------\n", "Under the line"),
        ("Just text.\n\nMore.", ""),
    ],
)
def test_restructuredtexts_title_is_its_first_underlined_line(text: str, expected: str) -> None:
    assert title(text, "text/x-rst") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('#!/usr/bin/env python\n# comment\n\n"""Does a thing.\n\nMore."""\nimport x', "Does a thing."),
        ("'''\n    Starts late.\n'''", "Starts late."),
        ('r"Short."\n', "Short."),
        ('import x\n"""Not a docstring."""', ""),
        ('"""Even in broken code."""\ndef f(:', "Even in broken code."),
    ],
)
def test_a_modules_title_is_its_docstrings_first_line(text: str, expected: str) -> None:
    assert title(text, "text/x-python") == expected


@pytest.mark.parametrize(
    "hostile", ["[" * 60_000, "# " + "# " * 30_000 + "x", "`" * 60_000, "---\n" * 15_000, "\n" * 60_000]
)
def test_a_title_is_looked_for_in_linear_time(hostile: str) -> None:
    for media_type in ("text/markdown", "text/x-rst", "text/x-python"):
        assert len(title(f"# {hostile}", media_type)) <= 300
        assert len(title(hostile, media_type)) <= 300


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.py", "text/x-python"),
        ("README.MD", "text/markdown"),
        ("index.rst", "text/x-rst"),
        ("a.d.ts", "text/x-typescript"),
        ("Makefile", "text/x-makefile"),
        ("CMakeLists.txt", "text/x-cmake"),
        ("pyproject.toml", "application/toml"),
        ("data.csv", "text/csv"),
        ("page.HTML", "text/html"),
    ],
)
def test_a_name_tells_the_format(name: str, media_type: str) -> None:
    form = format_of(name)
    assert form is not None
    assert form.media_type == media_type


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"#!/usr/bin/env python3\nprint(1)", "text/x-python"),
        (b"#!/bin/sh\necho", "text/x-shell"),
        (b"Title\n=====\n\n.. note:: a directive\n", "text/x-rst"),
        (b"See .. nothing:: here\n", "text/plain"),
    ],
)
def test_a_file_without_a_telling_name_tells_its_format_itself(data: bytes, media_type: str) -> None:
    assert format_of("LICENSE") is None
    assert read(data, PLAIN).media_type == media_type
