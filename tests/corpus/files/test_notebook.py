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


def outputs(*given: dict[str, object]) -> Content:
    return notebook({"cell_type": "code", "source": "x", "outputs": list(given)})


def printed(text: str) -> str:
    return outputs({"output_type": "stream", "text": text}).text.removeprefix("```python\nx\n```\n\n```text\n")[:-6]


def test_a_long_output_keeps_its_beginning_and_its_end_and_says_so() -> None:
    lines = [f"line {number} of the log" for number in range(1, 1001)]
    content = outputs({"output_type": "stream", "text": "\n".join([*lines, "result 4.2"])})
    assert "line 1 of" in content.text
    assert "result 4.2\n```" in content.text
    assert "characters left out) …" in content.text
    assert len(content.text) < 4_500
    assert content.omitted == ("1 long output in part",)


def test_of_a_progress_bar_the_last_state_is_kept() -> None:
    assert printed("".join(f"\r{number}% |{'#' * number}" for number in range(101)) + "\ndone") == (
        "100% |" + "#" * 100 + "\ndone"
    )
    assert printed("".join(f"epoch {number}/50 loss 0.{number}\n" for number in range(51)) + "end") == (
        "epoch 50/50 loss 0.50\nend"
    )
    assert printed("a 1\na 2\nb\r\nc") == "a 1\na 2\nb\nc"


def test_an_output_that_is_a_page_is_read_as_one() -> None:
    table = "<style>.h{display:none}</style><table><tr><th></th><th>rain</th></tr><tr><th>Oslo</th><td>7.3</td></tr></table>"
    content = outputs(
        {"output_type": "execute_result", "data": {"text/html": [table], "text/plain": ["      rain\nOslo 7.3"]}},
        {"output_type": "execute_result", "data": {"text/html": "<b>Sum 12</b><p class=h hidden>no</p>"}},
        {"output_type": "execute_result", "data": {"text/html": "<div></div>", "text/plain": "Model(3)"}},
    )
    assert "|  | rain |\n| --- | --- |\n| Oslo | 7.3 |\n" in content.text
    assert "Sum 12" in content.text
    assert "Model(3)" in content.text
    assert content.omitted == ("1 output without 1 hidden part",)


def test_outputs_that_are_only_pictures_are_counted() -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "aGk=", "text/plain": "<Figure size 640x480>"}}
    content = outputs(picture, {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}})
    assert content.text == "```python\nx\n```\n\n"
    assert content.omitted == ("2 pictures among the outputs",)


@pytest.mark.parametrize("level", [5_000_000_000, -3, 0, 2.5, "9" * 50, None, True])
def test_a_number_in_the_file_is_never_a_size(level: object) -> None:
    content = notebook({"cell_type": "heading", "level": level, "source": "H"})
    assert content.text.strip("#\n") == " H"
    assert len(content.text) < 12


def test_every_field_is_cleaned() -> None:
    bad = "a\ud800\x00b"
    content = notebook(
        {"cell_type": "code", "source": bad, "outputs": [{"output_type": "error", "ename": bad, "evalue": bad}]},
        metadata={"language_info": {"name": bad}, "title": [bad]},
    )
    assert content.text == "```ab\nab\n```\n\n```text\nab: ab\n```\n\n"
    assert content.title == ""
    assert content.metadata == {"language": "ab"}


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
