"""Tables as replies, and how like a reference they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.table_scores import READERS, Likeness, likeness
from evidentia.serving.constraints.tables import SYNTAXES, table

COLUMNS = ["Team", "Win & loss", "A|B"]
WRITTEN = {
    "markdown": "| Team | Win & loss | A\\|B |\n| --- | --- | --- |\n| Bears | 3 of 4 |  |\n| a\\|b | x | y |",
    "html": "<table>\n<tr><th>Team</th><th>Win &amp; loss</th><th>A|B</th></tr>"
    "\n<tr><td>Bears</td><td>3 of 4</td><td></td></tr>\n<tr><td>a|b</td><td>x</td><td>y</td></tr>\n</table>",
    "latex": "\\begin{tabular}{lll}\nTeam & Win \\& loss & A|B \\\\\n\\hline"
    "\nBears & 3 of 4 &  \\\\\na|b & x & y \\\\\n\\end{tabular}",
}
ROWS = (("Team", "Win & loss", "A|B"), ("Bears", "3 of 4", ""), ("a|b", "x", "y"))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_table_in_its_syntax_is_accepted_and_read_back(words: Vocabulary, accepts: Any, syntax: str) -> None:
    assert accepts(table(words, COLUMNS, syntax), WRITTEN[syntax])
    assert READERS[syntax](WRITTEN[syntax]).rows == ROWS


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_other_columns_a_missing_cell_and_text_around_it_are_not(words: Vocabulary, accepts: Any, syntax: str) -> None:
    constraint = table(words, COLUMNS, syntax)
    for wrong in (
        WRITTEN[syntax].replace("Team", "Club"),
        WRITTEN[syntax].replace("3 of 4", "3 | 4 & 5 <td>"),
        f"Here it is: {WRITTEN[syntax]}",
        f"{WRITTEN[syntax]} Done.",
    ):
        assert not accepts(constraint, wrong)


def test_the_number_of_rows_and_what_a_column_holds_can_be_limited(words: Vocabulary, accepts: Any) -> None:
    constraint = table(words, ["Year", "Note"], rows=(1, 2), patterns={"Year": "[0-9]{4}"})
    head = "| Year | Note |\n| --- | --- |"
    assert accepts(constraint, f"{head}\n| 2024 | a b |")
    assert not accepts(constraint, head)
    assert not accepts(constraint, f"{head}\n| 24 | a |")
    assert not accepts(constraint, head + "\n| 2024 | a |" * 3)


@given(cells=st.lists(st.lists(st.text("ab1", max_size=3), min_size=2, max_size=2), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_every_table_of_plain_cells_can_be_written(words: Vocabulary, accepts: Any, cells: list[list[str]]) -> None:
    rows = "".join(f"\n| {' | '.join(row)} |" for row in cells)
    assert accepts(table(words, ["a", "b"]), f"| a | b |\n| --- | --- |{rows}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": []},
        {"columns": "Team"},
        {"columns": ["a\nb"]},
        {"syntax": "csv"},
        {"rows": (3, 2)},
        {"patterns": {"c": "x"}},
        {"patterns": {"a": "("}},
    ],
)
def test_a_table_that_cannot_be_is_refused(words: Vocabulary, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        table(words, **{"columns": ["a", "b"], **wrong})


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_table_is_wholly_like_itself_and_not_like_no_table(syntax: str) -> None:
    assert likeness(WRITTEN[syntax], WRITTEN[syntax], syntax) == Likeness(1.0, 1.0)
    assert likeness("no table", WRITTEN[syntax], syntax) == Likeness(0.0, 0.0)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_wrong_cell_costs_content_and_a_missing_row_costs_both(syntax: str) -> None:
    wrong = likeness(WRITTEN[syntax].replace("Bears", "Bulls"), WRITTEN[syntax], syntax)
    assert wrong.structure == 1
    # One of six cells: edit distance 1 - 1/12, five of six cells in matching blocks.
    assert wrong.content == pytest.approx((11 / 12 + 5 / 6) / 2)
    shorter = "".join(WRITTEN[syntax].splitlines(keepends=True)[:-2] + WRITTEN[syntax].splitlines(keepends=True)[-1:])
    missing = likeness(shorter, WRITTEN[syntax], syntax)
    assert missing.structure < 1
    assert missing.content < 1


def test_latex_letters_and_html_tags_belong_to_the_structure() -> None:
    assert likeness(WRITTEN["latex"].replace("{lll}", "{lcr}"), WRITTEN["latex"], "latex").structure < 1
    assert likeness(WRITTEN["html"].replace("th>", "td>"), WRITTEN["html"], "html").structure < 1


def test_raw_text_with_bars_and_marked_line_ends_is_read() -> None:
    assert READERS["markdown"]("Team | Won <NEWLINE> Bears | 3").rows == (("Team", "Won"), ("Bears", "3"))


def test_a_reference_without_a_table_and_an_unknown_syntax_are_refused() -> None:
    with pytest.raises(InputError, match="no table"):
        likeness(WRITTEN["html"], "none", "html")
    with pytest.raises(InputError, match="not read from"):
        likeness("", "", "csv")
