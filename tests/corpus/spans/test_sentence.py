"""Sentences are verbatim, complete, and never cross a line that means something."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidentia.corpus.spans import sentences


def quotes(text: str, kind: str = "section") -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text), kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. It stopped.", ["It rained.", "It stopped."]),
        ("Ask the desk (ext. 221). Be quick.", ["Ask the desk (ext. 221).", "Be quick."]),
        ("Call tel. 0231 44 after max. 5 days. Wait.", ["Call tel. 0231 44 after max. 5 days.", "Wait."]),
        ("Treffen Gruppe 4a (Nele), 12. Mai 2026", ["Treffen Gruppe 4a (Nele), 12. Mai 2026"]),
        ("Büro (2. Stock) links. Klopfen.", ["Büro (2. Stock) links.", "Klopfen."]),
        ("Why? Because! Fine…", ["Why?", "Because!", "Fine…"]),
        ("Dr. Smith met Mrs. Jones. They left.", ["Dr. Smith met Mrs. Jones.", "They left."]),
        ("J. K. Rowling wrote it. He read it.", ["J. K. Rowling wrote it.", "He read it."]),
        (
            "The U.S. Army came, e.g. by sea, i.e. late. It won.",
            ["The U.S. Army came, e.g. by sea, i.e. late.", "It won."],
        ),
        ("He lived in the U.S. The rest did not.", ["He lived in the U.S.", "The rest did not."]),
        ("It costs 3.50 dollars in v1.2.3. Buy it.", ["It costs 3.50 dollars in v1.2.3.", "Buy it."]),
        (
            "See Fig. 3 and no. 5 on p. 7. The answer is no. Go.",
            ["See Fig. 3 and no. 5 on p. 7.", "The answer is no.", "Go."],
        ),
        ('He said "Stop!" and "Go." Then he left.', ['He said "Stop!" and "Go."', "Then he left."]),
        ("He waited... and waited... Then it came.", ["He waited... and waited...", "Then it came."]),
        ("(It is true.) [So it is.] Yes.", ["(It is true.)", "[So it is.]", "Yes."]),
        ("Smith et al. (2009) say so. Others do not.", ["Smith et al. (2009) say so.", "Others do not."]),
        ("1. First point.", ["1. First point."]),
        ("今天下雨。明天晴。", ["今天下雨。", "明天晴。"]),
        ("no stop at the end", ["no stop at the end"]),
        ("  \n\t ", []),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


def test_a_sentence_runs_over_wrapped_lines() -> None:
    assert quotes("One sentence that\nis wrapped. Another\none too.") == [
        "One sentence that\nis wrapped.",
        "Another\none too.",
    ]


def test_list_items_headings_and_table_rows_stand_alone() -> None:
    text = "# Title\nIntro:\n- first item\n  goes on\n- second\n1. third\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert quotes(text) == [
        "# Title", "Intro:", "- first item\n  goes on", "- second", "1. third", "| a | b |", "|---|---|", "| 1 | 2 |",
    ]  # fmt: skip


def test_an_underlined_heading_is_one_unit() -> None:
    assert quotes("Parameters\n----------\nThe text.") == ["Parameters\n----------", "The text."]


FUNCTION = '''@cached
def rank(
    graph,
    alpha=0.85,
):
    """Returns the rank of each node. It is a dictionary.

    Parameters
    ----------
    graph : Graph
      A graph.  It may be directed.

    alpha : float, optional
      Damping parameter, default=0.85.

    Returns
    -------
    dict : the rank by node
    """
    # Start from a guess. Then
    # improve it.
    x = start(graph,
              alpha)
    return x
'''


def test_a_parameter_and_its_description_are_one_unit() -> None:
    found = quotes(FUNCTION, "function")
    assert "alpha : float, optional\n      Damping parameter, default=0.85." in found
    assert "graph : Graph\n      A graph.  It may be directed." in found


def test_a_docstring_is_prose_inside_code_and_its_marks_stand_apart() -> None:
    found = quotes(FUNCTION, "function")
    assert found[:5] == [
        "@cached",
        "def rank(\n    graph,\n    alpha=0.85,\n):",
        '"""',
        "Returns the rank of each node.",
        "It is a dictionary.",
    ]


def test_code_is_cut_into_statements_and_comments_into_sentences() -> None:
    assert quotes(FUNCTION, "function")[-4:] == [
        "# Start from a guess.",
        "Then\n    # improve it.",
        "x = start(graph,\n              alpha)",
        "return x",
    ]


def test_fenced_code_is_cut_into_its_statements() -> None:
    assert quotes("Run:\n```sh\nmake it\nmake test\n```\nDone.") == [
        "Run:",
        "```sh",
        "make it",
        "make test",
        "```",
        "Done.",
    ]


def test_only_the_stretch_is_read() -> None:
    text = "One. Two. Three."
    assert [text[start:end] for start, end in sentences(text, 5, 9)] == ["Two."]


lines = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "- item. More",
                "Title",
                "-----",
                "```",
                "| a | b |",
                "alpha : int",
                "  deeper. Text",
                '"""',
                "f(",
                ")",
                "",
            ]
        ),
        st.text(alphabet="aA .!?\"'()\\#\t\r 。é…:|-*`", max_size=20),
    )
)


@example(["\\", "", "- item. More"], "function")
@given(lines, st.sampled_from(["section", "function", "table"]))
def test_every_visible_character_lies_in_exactly_one_sentence(parts: list[str], kind: str) -> None:
    text = "\n".join(parts)
    reached = 0
    for start, end in sentences(text, 0, len(text), kind):
        assert reached <= start < end <= len(text)
        assert not text[reached:start].strip()
        assert text[start:end] == text[start:end].strip()
        reached = end
    assert not text[reached:].strip()
