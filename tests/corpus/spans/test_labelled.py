"""Records of lines: told by their columns or by others of the same keys, and each line governed by what names them."""

from __future__ import annotations

from evidentia.corpus.document import Document
from evidentia.corpus.spans import markdown, plain
from evidentia.corpus.spans.labelled import labelled_records
from evidentia.corpus.spans.statements import statements

PUMP = """TITLE    : north-well
KIND     : centrifugal
FLOWRATE : 12.5 l/s
HEADM    : 31
"""
BADGES = """Name: Orla Byrne
Desk: 14B
Badge: 0071

Name: Tim Shaw
Desk: 9
Badge: 0064
"""


def governed(text: str) -> dict[str, list[str]]:
    return {text[one.start : one.end]: [text[slice(*place)] for place in one.governors] for one in statements(text)}


def test_lines_with_aligned_colons_are_governed_by_the_value_that_names_their_record():
    assert governed(PUMP)["FLOWRATE : 12.5 l/s"] == ["north-well"]
    assert governed(PUMP)["TITLE    : north-well"] == []


def test_runs_with_the_same_keys_are_records_though_nothing_is_aligned():
    found = governed(BADGES)
    assert found["Desk: 14B"] == ["Orla Byrne"]
    assert found["Badge: 0064"] == ["Tim Shaw"]


def test_a_record_begins_anew_where_its_first_key_comes_again():
    assert len(labelled_records(PUMP + PUMP.replace("north", "south"))) == 2


def test_a_talk_and_single_labels_are_no_records():
    talk = "Ann: I have the keys.\nBob: Good.\nAnn: Where is the van?\nBob: Outside.\n"
    assert not labelled_records(talk)
    assert not labelled_records("Deposit: none\nLimit: 20\nOpen: daily\n")


def test_a_long_record_stays_one_passage():
    lines = "".join(f"KEY{number:<6}: value {number} of the machine\n" for number in range(80))
    text = f"HOST     : kiln-3\n{lines}"
    passages = plain.split(Document("u", "n", text, "text/plain", ""))
    assert [(one.start, one.end) for one in passages] == [(0, len(text.rstrip()))]


def test_a_line_alone_names_the_record_below_it_in_paragraphs_too():
    people = "Jo Hart\nRole: Chair\nPhone: 11\n\nLi Wei\nRole: Cook\nPhone: 12\n"
    for text in (people, people.replace("\n", "\n\n")):
        assert governed(text)["Phone: 12"] == ["Li Wei"]
        assert governed(text)["Role: Chair"] == ["Jo Hart"]


def test_a_field_above_a_record_is_no_part_of_it():
    text = "Deadline: Friday\n\n" + PUMP + "\n" + PUMP
    assert all(len(one.lines) == 4 for one in labelled_records(text))


def test_paragraphs_of_a_record_stay_in_one_passage():
    people = "".join(f"Name {n}\n\nRole : {'w ' * 40}\n\nPhone : {n}\n\n" for n in range(40))
    for passage in markdown.split(Document("u", "n", people, "text/markdown", "")):
        assert people[passage.start : passage.end].startswith("Name ")


def test_a_bare_number_and_its_title_are_headings_together():
    text = "# Article IV\n\n# Adopted in 2011\n\nThe chair is elected.\n\n# Article V\n\n# Adopted in 2014\n\nGuests may come.\n"
    found = governed(text)
    assert found["The chair is elected."] == ["# Article IV", "# Adopted in 2011"]
    assert found["Guests may come."] == ["# Article V", "# Adopted in 2014"]
    assert [one.heading for one in markdown.split(Document("u", "n", text, "text/markdown", ""))] == [
        "Article IV > Adopted in 2011",
        "Article V > Adopted in 2014",
    ]


PEOPLE = """WHO IS WHO

Ann Low
Chair
Phone: 01632 960114
Email: ann@club.example

Ben Ray
Safety officer
Phone: 07700 900555
Birthday: 9 November

Cleo Marsh
Lockers, keys, minutes
Phone: 01632 960340
"""


def test_each_line_is_governed_by_the_lines_of_its_own_block_whatever_others_tell():
    found = governed(PEOPLE)
    assert found["Birthday: 9 November"] == ["Ben Ray", "Safety officer"]
    assert found["Phone: 01632 960340"] == ["Cleo Marsh", "Lockers, keys, minutes"]
    assert found["Email: ann@club.example"] == ["Ann Low", "Chair"]
