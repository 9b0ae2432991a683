"""Notebooks: cells in order, code fenced, the text of what it printed."""

from __future__ import annotations

import json

import pytest

from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format
from evidentia.corpus.files.notebook import read
from evidentia.errors import ReadError


def notebook(*cells: dict[str, object], **rest: object) -> Content:
    return read(json.dumps({"cells": cells, "nbformat": 4, **rest}).encode(), Format("application/x-ipynb+json"))


def test_cells_follow_each_other_and_are_marked_by_number() -> None:
    content = notebook(
        {"cell_type": "markdown", "source": ["# Title\n", "Text."]},
        {"cell_type": "code", "source": "", "outputs": []},
        {"cell_type": "code", "source": "print(1)", "outputs": [{"output_type": "stream", "text": ["1\n"]}]},
    )
    assert content.text == "# Title\nText.\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\n"
    assert [(mark.label, content.text[mark.start :][:3]) for mark in content.marks] == [
        ("cell 1", "# T"),
        ("cell 3", "```"),
    ]
    assert content.title == "Title"


def test_pictures_are_left_out_and_errors_are_one_line() -> None:
    content = notebook(
        {
            "cell_type": "code",
            "source": "f()",
            "outputs": [
                {"output_type": "display_data", "data": {"image/png": "aGVsbG8="}},
                {"output_type": "execute_result", "data": {"text/plain": "\x1b[31m42\x1b[0m"}},
                {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["long"]},
            ],
        }
    )
    assert content.text == "```python\nf()\n```\n\n```text\n42\n```\n\n```text\nValueError: no\n```\n\n"


def test_a_long_output_is_shortened_and_says_so() -> None:
    content = notebook(
        {"cell_type": "code", "source": "x", "outputs": [{"output_type": "stream", "text": "y" * 10_000}]}
    )
    assert "y" * 4000 + "\n… (6,000 more characters)" in content.text


def test_another_language_is_named() -> None:
    content = notebook(
        {"cell_type": "code", "source": "1"}, metadata={"language_info": {"name": "julia"}, "title": "T"}
    )
    assert content.text == "```julia\n1\n```\n\n"
    assert content.title == "T"


def test_the_older_format_with_worksheets_is_read() -> None:
    old = {
        "worksheets": [
            {"cells": [{"cell_type": "heading", "level": 2, "source": "H"}, {"cell_type": "code", "input": "1"}]}
        ]
    }
    content = read(json.dumps(old).encode(), Format("application/x-ipynb+json"))
    assert content.text == "## H\n\n```python\n1\n```\n\n"


def test_characters_that_no_store_can_hold_are_dropped() -> None:
    assert notebook({"cell_type": "markdown", "source": "a\ud800b\x00c"}).text == "abc\n\n"


@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b'{"cells": 3}', b"{}", b"[" * 100_000, b'{"cells": [3, {"cell_type": 1, "source": 5}]', b"\0"],
)
def test_what_is_no_notebook_is_a_read_error(data: bytes) -> None:
    with pytest.raises(ReadError):
        read(data, Format("application/x-ipynb+json"))


def test_cells_of_a_strange_shape_do_no_harm() -> None:
    strange: list[object] = [
        3,
        None,
        {},
        {"cell_type": 1, "source": 5},
        {"cell_type": "code", "outputs": [None, {"data": []}]},
    ]
    assert read(json.dumps({"cells": strange}).encode(), Format("x")).text == "5\n\n"
    assert read(b'{"cells": [{"cell_type": "code", "outputs": 5}], "worksheets": 5}', Format("x")).text == ""
    odd = {"cell_type": "heading", "level": "two", "source": "H"}
    assert read(json.dumps({"cells": [odd]}).encode(), Format("x")).text == "# H\n\n"
