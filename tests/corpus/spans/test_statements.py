"""What governs what: every kind of layout, by the text of the statement and of its governors."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.corpus.spans.statements import Statement, statements


def governed(text: str, kind: str = "section", header: str = "") -> dict[str, list[str]]:
    """Statements that may answer, each with its governors, by text."""
    return {
        text[one.start : one.end]: [text[start:end] for start, end in one.governors]
        for one in statements(text, kind, header)
        if not one.label
    }


def test_a_lead_in_governs_the_items_below_it_and_is_no_answer_itself():
    text = "Guests may not:\n\n- smoke\n- cook\n\nGuests may:\n\n- sing\n\nThe house is old."
    assert governed(text) == {
        "- smoke": ["Guests may not:"],
        "- cook": ["Guests may not:"],
        "- sing": ["Guests may:"],
        "The house is old.": [],
    }


def test_headings_govern_what_stands_below_them_until_one_of_their_level():
    text = "# Tools\n\n## Forbidden\n\n- Saws\n\n## Allowed\n\n- Rasps\n"
    assert governed(text) == {"- Saws": ["# Tools", "## Forbidden"], "- Rasps": ["# Tools", "## Allowed"]}


def test_underlined_headings_govern_as_well():
    assert governed("Title\n=====\n\nA sentence.") == {"A sentence.": ["Title"]}


def test_an_item_governs_the_items_inside_it():
    text = "- Check the pump\n  - Close the valve\n    1. Turn it left\n- Go home"
    assert governed(text)["1. Turn it left"] == ["- Check the pump", "- Close the valve"]
    assert governed(text)["- Go home"] == []


def test_a_header_row_governs_rows_and_names_their_cells():
    text = "| Town | Trams |\n|---|---|\n| Ulm | 12 |\n| Jena | 30 |"
    found = [one for one in statements(text) if not one.label]
    assert [[(cell.header, text[slice(*cell.value)]) for cell in one.cells] for one in found] == [
        [("Town", "Ulm"), ("Trams", "12")],
        [("Town", "Jena"), ("Trams", "30")],
    ]
    assert governed(text) == {"| Ulm | 12 |": ["| Town | Trams |"], "| Jena | 30 |": ["| Town | Trams |"]}


def test_rows_of_a_table_that_began_earlier_have_its_columns():
    (row,) = statements("| Jena | 30 |", "table", "| Town | Trams |")
    assert [cell.header for cell in row.cells] == ["Town", "Trams"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_values_are_cut_at_the_separator_that_the_first_row_uses(separator: str):
    text = f'name{separator}note\nUlm{separator}"a{separator} b"\n'
    (row,) = [one for one in statements(text, "table") if not one.label]
    assert [(cell.header, text[slice(*cell.value)]) for cell in row.cells] == [
        ("name", "Ulm"),
        ("note", f"a{separator} b"),
    ]


def test_a_term_governs_its_definition():
    assert governed("pool (integer)\n: How many may wait. The default is 12.\n: Set it at start.") == {
        ": How many may wait.": ["pool (integer)"],
        "The default is 12.": ["pool (integer)"],
        ": Set it at start.": ["pool (integer)"],
    }


def test_an_option_governs_the_deeper_lines_below_it():
    text = "  -q, --quiet\n      Say nothing. Off by default.\n\n  --depth N\n      How deep."
    assert governed(text)["Off by default."] == ["-q, --quiet"]
    assert governed(text)["How deep."] == ["--depth N"]


def test_a_question_governs_its_answer():
    text = "Who built the mill?\n\nA miller from Ghent. He came by boat.\n\nWhen does it run?\n\nOn Sundays."
    assert governed(text)["He came by boat."] == ["Who built the mill?"]
    assert governed(text)["On Sundays."] == ["When does it run?"]


def test_a_speaker_governs_what_follows_in_the_same_paragraph():
    assert governed("ADA LOVE: We begin today. It will rain.")["It will rain."] == ["ADA LOVE:"]


def test_keys_and_sections_govern_the_settings_below_them():
    yaml = "web:\n  port: 80\ndb:\n  port: 90\n  pool:\n    size: 4\n"
    assert governed(yaml, "data") == {"port: 80": ["web:"], "port: 90": ["db:"], "size: 4": ["db:", "pool:"]}
    assert governed("[web]\nport = 80\n[db]\nport = 90\n", "data") == {"port = 80": ["[web]"], "port = 90": ["[db]"]}


@pytest.mark.parametrize(
    ("text", "governed"),
    [
        ("# Minutes until the lamp goes out\nlamp = 5\n", True),
        ("; Minutes until the lamp goes out\nlamp = 5\n", True),
        ("# Minutes until the lamp goes out\n\nlamp = 5\n", False),
        ("# lamp = 7\nlamp = 5\n", False),
        ("#lamp: 7\nlamp: 5\n", False),
        ("# ----------\nlamp = 5\n", False),
    ],
)
def test_a_remark_in_words_governs_the_setting_right_below_it(text: str, governed: bool):
    lamp = next(one for one in statements(text, "data") if text[one.start : one.end].startswith("lamp"))
    assert bool(lamp.governors) is governed


def test_a_remark_governs_one_setting():
    text = "# Minutes until the lamp goes out\nlamp = 5\nfan = 3\n"
    lamp, fan = (one for one in statements(text, "data") if text[one.start] != "#")
    assert [text[start:end] for start, end in lamp.governors] == ["# Minutes until the lamp goes out"]
    assert fan.governors == ()


def test_records_on_one_line_are_statements_of_their_own():
    text = "[" + ", ".join(f'{{"id": {number}, "note": "some words"}}' for number in range(12)) + "]"
    assert [one.kind for one in statements(text, "data") if not one.label] == ["row"] * 12


def test_a_signature_governs_its_docstring_and_body():
    text = 'def shut(door):\n    """Close it."""\n    return door.close()\n'
    found = governed(text, "function")
    assert found["Close it."] == ["def shut(door):"]
    assert '"""' not in found


KINDS = st.sampled_from(["section", "table", "data", "code", "function"])
LAYOUT = st.text(st.sampled_from(list("ab:|-# \n\t.?`=1,;[]{}\"'*")), max_size=120)


@given(LAYOUT, KINDS)
def test_statements_are_in_order_without_overlap_and_governed_from_above(text: str, kind: str):
    found = statements(text, kind)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= after.start for one, after in itertools.pairwise(found))
    assert all(end <= one.start for one in found for _, end in one.governors)
    assert _uncovered(text, found).strip() == ""


def _uncovered(text: str, found: list[Statement]) -> str:
    for one in reversed(found):
        text = text[: one.start] + text[one.end :]
    return text


def test_a_directive_that_describes_governs_its_body():
    text = ".. class:: Lamp(watts)\n\n   A light on a pole.\n\n   It is green."
    assert governed(text) == {
        "A light on a pole.": [".. class:: Lamp(watts)"],
        "It is green.": [".. class:: Lamp(watts)"],
    }


@pytest.mark.parametrize(
    "nothing",
    [".. code-block:: python", ".. image:: lamp.png", '<a id="lamp"></a>', "<!-- todo: lamp -->", ".. note::"],
)
def test_what_only_marks_a_place_is_no_answer(nothing: str):
    assert nothing not in governed(f"{nothing}\n\n   A lamp burns.\n\nAfter.")


RST_TABLES = """\
Parts
=====

=====  =====  ===========
Part   Price  Note
=====  =====  ===========
P-01   4.20   for the pump
P-02   5.10   goes on over
              two lines
=====  =====  ===========

+------+------+
| Name | Room |
+======+======+
| Ann  | 12   |
+------+------+
"""


def test_rows_of_restructured_text_have_their_columns() -> None:
    found = [one for one in statements(RST_TABLES) if one.kind == "row"]
    assert [[(cell.header, RST_TABLES[slice(*cell.value)]) for cell in one.cells] for one in found] == [
        [("Part", "P-01"), ("Price", "4.20"), ("Note", "for the pump")],
        [],
        [("Name", "Ann"), ("Room", "12")],
    ]
    assert RST_TABLES[found[1].start : found[1].end].endswith("two lines")
    assert all("Part   Price" in RST_TABLES[slice(*one.governors[-1])] for one in found[:2])


def test_the_first_term_of_a_passage_governs_no_other_term():
    text = "--first <n>\n              (Keyword: first)\n\n       --second <n>\n              By default it is 100."
    assert governed(text)["By default it is 100."] == ["--second <n>"]


def test_a_label_governs_its_own_line_alone():
    text = "Included: towels, soap\nNot included: breakfast. It costs 9 euros.\nPets: none"
    assert governed(text) == {
        "Included: towels, soap": [],
        "Not included: breakfast.": [],
        "It costs 9 euros.": ["Not included:"],
        "Pets: none": [],
    }


def test_a_label_further_on_in_a_line_ends_the_first():
    assert governed("Tutor: Mr Ahn. Deputy: Mrs Ek, new. She is here.") == {
        "Tutor: Mr Ahn.": [],
        "Deputy: Mrs Ek, new.": [],
        "She is here.": ["Deputy:"],
    }


def test_a_header_of_columns_in_what_a_program_prints_is_no_heading():
    text = "Host          Up   Load\n=======================\nalba          3 d  0.20\n\nHosts are listed by name."
    assert governed(text)["Hosts are listed by name."] == []


@pytest.mark.parametrize(
    ("text", "sentence", "label"),
    [
        ("- **Outing**: Lundy is off. New: Caldey.", "New: Caldey.", "**Outing**:"),
        ("1. Fees: all paid. Nobody owes.", "Nobody owes.", "Fees:"),
        ("**Rent** is high. We pay monthly.", "We pay monthly.", "**Rent**"),
        ("**Rent.** It is high. We pay monthly.", "We pay monthly.", "**Rent.**"),
        ("**A leak never stops us.** We sail on. The pump is old.", "The pump is old.", ""),
        ("Rooms above the bar: no children. The lift is broken.", "The lift is broken.", ""),
        ("Boats under 5 m: no licence. On the lake a vest is worn.", "On the lake a vest is worn.", ""),
    ],
)
def test_the_topic_of_an_item_governs_all_its_sentences_and_a_condition_only_its_own(
    text: str, sentence: str, label: str
) -> None:
    found = next(one for one in statements(text) if text[one.start : one.end] == sentence)
    assert [text[slice(*place)] for place in found.governors] == ([label] if label else [])


@pytest.mark.parametrize(
    "title",
    [
        "§ 12 Zäune.", "§ 3a Fahrräder.", "Art. 5 Guests.", "Art. 5 Rest and Quiet.", "Abs. 2 Lärm.", "Nr. 7 Grillplätze.",
        "No. 9 Boats.", "Ziff. 4 Kündigung und Übergabe.", "Kap. 6 Haftung:", "Section 8 Cancelled Bookings.",
        "Rule 3 Visiting children.", "Clause 11 – Liability.", "§ 4. Müll.", "**§ 2 Schlüssel.**",
    ],
)  # fmt: skip
@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_the_number_and_the_title_of_a_clause_govern_its_sentences_and_say_nothing(title: str, gap: str) -> None:
    text = f"{title}{gap}Two are allowed. More cost 5 €.\n\n§ 99 Other. Nothing else holds."
    found = governed(text)
    assert title not in found
    if not title.endswith(":") or gap != " ":
        assert found["Two are allowed."] == [title]
    assert found["More cost 5 €."] == [title]
    assert found["Nothing else holds."] == ["§ 99 Other."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Rule 5 Dogs are banned.", "§ 4 Beitrag 50 Euro.", "Art. 2 gilt.", "See § 4 Hedges.", "No. 7 won.",
        "Section 3 Boats must be locked.", "§ 8 Hunde dürfen nicht ohne Leine laufen.",
    ],
)  # fmt: skip
def test_a_clause_whose_title_says_something_is_a_statement(sentence: str) -> None:
    assert sentence in governed(f"{sentence} It was so.")


@pytest.mark.parametrize("text", ["Siehe Ziff. 4 und Kap. 3.", "Laut Anl. 2 und Pos. 17 gilt es.", "§ 4. Müll."])
def test_the_number_behind_a_short_form_ends_no_sentence(text: str) -> None:
    assert [one.end for one in statements(text)] == [len(text)]


def test_a_question_at_the_beginning_of_a_paragraph_governs_all_of_it() -> None:
    found = governed("**Is there tea?**\nYes. It is free. Why? It is old.\n\nIt rains. Why? Nobody knows. It stops.")
    assert found["Yes."] == found["It is free."] == ["**Is there tea?**"]
    assert found["It is old."][-1] == found["Nobody knows."][-1] == "Why?"
    assert found["It stops."] == []
