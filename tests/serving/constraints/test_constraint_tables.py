"""Tables as replies, and how like a reference they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.table_scores import READERS, Likeness, has_form, likeness
from evidentia.serving.constraints.table_syntaxes import SYNTAXES, describe_table, write_table
from evidentia.serving.constraints.tables import table

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


_CELL = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="~^\\"), max_size=4)
_CELLS = st.lists(_CELL, max_size=2).map(" ".join).map(str.strip)
_NAME = _CELL.filter(bool)


@st.composite
def _tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    columns = draw(st.lists(_NAME, min_size=1, max_size=4))
    row = st.lists(_CELLS, min_size=len(columns), max_size=len(columns))
    return columns, draw(st.lists(row, min_size=1, max_size=4))


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(drawn=_tables())
@settings(max_examples=40, deadline=None)
def test_a_written_table_is_read_back_and_allowed(
    words: Vocabulary, accepts: Any, syntax: str, drawn: tuple[list[str], list[list[str]]]
) -> None:
    columns, rows = drawn
    assume(not any("---" in "".join(row) or "===" in "".join(row) for row in drawn[1]))  # may be a rule
    text = write_table(columns, rows, syntax)
    assert READERS[syntax](text).rows == (tuple(columns), *map(tuple, rows))
    assert accepts(table(words, columns, syntax), text)


def test_signs_of_a_syntax_are_escaped_and_white_space_is_one_blank() -> None:
    row = [["50 % of\tR&D", "a_b|<c>"]]
    assert write_table(["x", "y"], row).endswith("\n| 50 % of R&D | a_b\\|<c> |")
    assert "<td>50 % of R&amp;D</td><td>a_b|&lt;c&gt;</td>" in write_table(["x", "y"], row, "html")
    assert "\n50 \\% of R\\&D & a\\_b|<c> \\\\\n" in write_table(["x", "y"], row, "latex")


def test_a_cell_that_latex_has_no_letters_for_and_a_short_row_are_refused() -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_table(["x"], [["x^2"]], "latex")
    with pytest.raises(InputError, match="1 cells"):
        write_table(["x", "y"], [["1"]])


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_instructions_tell_what_the_constraint_demands(syntax: str) -> None:
    told = describe_table(COLUMNS, syntax, rows=(2, 5), patterns={"Team": "[A-Z]+"})
    frame = SYNTAXES[syntax](COLUMNS)
    assert frame.head in told
    assert frame.tail.strip() in told
    assert f"...{frame.between}...{frame.between}...{frame.stop}" in told
    assert "2 to 5 rows" in told
    assert "[A-Z]+" in told
    assert "with 3 columns: Team, Win & loss, A|B" in told


def test_instructions_for_one_column_and_one_row_are_in_the_singular() -> None:
    told = describe_table(["Name"], rows=(1, 1))
    assert "with 1 column: Name" in told
    assert "come 1 row," in told


def test_a_row_of_empty_cells_or_single_dashes_is_a_row() -> None:
    text = "| a | b |\n|---|:-:|\n|  |  |\n| - | - |\n|-----|-----|\n| 1 | 2 |"
    assert READERS["markdown"](text).rows == (("a", "b"), ("", ""), ("-", "-"), ("1", "2"))


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
    if wrong != {"patterns": {"a": "("}}:
        with pytest.raises(InputError):
            describe_table(**{"columns": ["a", "b"], **wrong})


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


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_form_is_there_also_among_other_text_but_not_with_other_columns_or_without_its_end(syntax: str) -> None:
    assert has_form(f"Here it is:\n{WRITTEN[syntax]}\nDone.", COLUMNS, syntax)
    assert not has_form("no table", COLUMNS, syntax)
    assert not has_form(WRITTEN[syntax].replace("Team", "Club"), COLUMNS, syntax)
    assert not has_form(SYNTAXES[syntax](COLUMNS).head + SYNTAXES[syntax](COLUMNS).tail, COLUMNS, syntax)
    if tail := SYNTAXES[syntax](COLUMNS).tail:
        assert not has_form(WRITTEN[syntax].removesuffix(tail), COLUMNS, syntax)


def test_a_row_that_lacks_a_cell_is_not_the_form() -> None:
    assert not has_form("| a | b |\n| --- | --- |\n| 1 |", ["a", "b"], "markdown")


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
