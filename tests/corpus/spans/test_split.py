"""What holds for every format: passages in order, without overlap, and nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.corpus.document import Document
from evidentia.corpus.spans import split

TYPES = [
    "text/plain",
    "text/markdown",
    "text/x-rst",
    "text/x-python",
    "text/x-c",
    "text/csv",
    "application/json",
    "application/pdf",
]

fragments = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "# Title",
                "## Part",
                "Title\n=====",
                "Part\n----",
                "=====\nTop\n=====",
                "---\na: 1\n---",
                "```py\nx = 1\n\ny\n```",
                "```",
                "| a | b |\n|---|---|\n| 1 | 2 |",
                "==== ====\na    b\n==== ====\n1    2\n==== ====",
                "+--+\n|a |\n+--+",
                "- one\n- two\n\n  more\n- three",
                "1. one\n2. two",
                "    indented\n      code",
                "literal::\n\n  a\n\n  b",
                ".. note::\n\n   Text.",
                "def f(a, *, b=1):\n    return a\n",
                "@d\nclass A(B):\n    '''Doc.'''\n    x = 1\n\n    def m(self): pass\n\n    y = 2",
                "if x:\n    def g(): ...\nelse:\n    pass",
                "{\n  a\n}",
                "}",
                "a: 1\nb:\n  - c",
                ">>> f(1)\n2",
                "word " * 300,
                "x" * 3000,
                "A b. " * 200,
                "- item text. " + "more of it. " * 120 + "\n- next",
                "\r\nold\rlines\r\n",
                "\x0cpage\x0b",
            ]
        ),
        st.text(max_size=30),
    ),
    max_size=8,
)


@pytest.mark.parametrize("media_type", TYPES)
@given(fragments, st.sampled_from(["\n", "\n\n"]))
def test_every_visible_character_lies_in_exactly_one_passage(media_type: str, parts: list[str], joint: str) -> None:
    text = joint.join(parts)
    reached = 0
    for passage in split(Document("/a/b.txt", "a/b.txt", text, media_type, "")):
        assert reached <= passage.start < passage.end <= len(text)
        assert not text[reached : passage.start].strip()
        assert text[passage.start : passage.end] == text[passage.start : passage.end].strip()
        reached = passage.end
    assert not text[reached:].strip()


@pytest.mark.parametrize("media_type", TYPES)
def test_an_empty_document_has_no_passages(media_type: str) -> None:
    assert split(Document("/a", "a", " \n\n\t", media_type, "")) == []


@pytest.mark.parametrize("media_type", TYPES)
def test_a_line_that_nobody_wrote_becomes_windows(media_type: str) -> None:
    text = "0123456789" * 50_000
    passages = split(Document("/a", "a", text, media_type, ""))
    assert len(passages) > 100
    assert max(passage.end - passage.start for passage in passages) <= 2400
