"""Lists with columns of spaces: rows, what their columns are called, and what is none."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from evidentia.corpus.document import Document
from evidentia.corpus.spans import plain
from evidentia.corpus.spans.columns import column_lists
from evidentia.corpus.spans.statements import statements

PRICES = """Seed              Bag    Price
Winter rye        5 kg   8.40
White clover      1 kg   11.20
Oats              10 kg  9.00
"""
CREW = """Who is aboard
Nils Aune        mate            ext. 31   nils@skagen.example
Berit Moe        engine, pumps   ext. 34   berit@skagen.example
"""
KEYS = """     j    Move down.

     ~    Show the log, which is
          kept for a day.

     ^L   Draw the screen anew.

          It may flicker.

     =    Put on a ring.
"""


def rows(text: str) -> list[list[tuple[str, str]]]:
    return [[(cell.header, text[slice(*cell.value)]) for cell in one.cells] for one in statements(text) if one.cells]


def test_a_header_names_the_columns():
    assert rows(PRICES)[1] == [("Seed", "White clover"), ("Bag", "1 kg"), ("Price", "11.20")]


def test_columns_without_a_header_are_called_by_their_values():
    assert rows(CREW)[1] == [
        ("", "Berit Moe"),
        ("", "engine, pumps"),
        ("ext.", "ext. 34"),
        ("email", "berit@skagen.example"),
    ]
    above = [CREW[slice(*place)] for one in statements(CREW) if one.cells for place in one.governors]
    assert set(above) == {"Who is aboard"}


def test_terms_with_gaps_are_rows_with_the_lines_on_which_they_go_on():
    items = [" ".join(KEYS[one.start : one.end].split()) for one in statements(KEYS) if one.kind == "row"]
    assert items == [
        "j Move down.",
        "~ Show the log, which is kept for a day.",
        "^L Draw the screen anew.",
        "= Put on a ring.",
    ]
    further = next(one for one in statements(KEYS) if KEYS[one.start : one.end] == "It may flicker.")
    assert [KEYS[slice(*place)] for place in further.governors] == ["^L   Draw the screen anew."]


def test_justified_text_and_code_are_no_lists():
    text = "The  old mill  stands by\nthe  river  and turns no\nmore  since  the flood of\nthat  year  came over it.\n"
    assert not column_lists(text)
    assert not column_lists("```\na    1\nb    2\nc    3\n```\n")


def test_numbers_may_stand_on_the_right():
    text = "  birch ply     9\n  pine board   12\n  oak beam    140\n"
    assert [text[one.start : one.end] for one in column_lists(text)[0].rows][2] == "oak beam    140"


def test_a_list_that_is_cut_keeps_the_sentence_that_leads_it_in():
    listed = "".join(f"     plank number {number:<4} {number} kg\n" for number in range(1, 90))
    text = f"Some words about wood.  These are the weights of the planks:\n{listed}"
    passages = plain.split(Document("u", "n", text, "text/plain", ""))
    assert len(passages) > 1
    leads = [[text[slice(*place)] for place in one.governors] for one in passages[1:]]
    assert all(lead and lead[-1].endswith("the weights of the planks:") for lead in leads)


_WORD = st.sampled_from(["oar", "boat", "12", "ext. 7", "a@b.org", "kiln", "rope and sail", ":", "x: y"])
_GAPS = st.sampled_from([" ", "  ", "   ", "      ", "\t", "\n", "\n\n", "\n    ", "\n  "])


@given(st.lists(st.tuples(_WORD, _GAPS), max_size=40))
def test_statements_of_any_layout_are_in_order_and_lie_in_the_text(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in parts)
    found = statements(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
