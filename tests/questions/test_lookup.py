"""Rows of tables: which row a question names, and which of its cells it asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library
from evidentia.corpus.cell_words import asked_cells, cell_words
from evidentia.corpus.spans.statements import statements
from evidentia.corpus.words import stems
from evidentia.questions.fit import fit
from evidentia.questions.lookup import asked_cell, cells_of, crosses, names_row, of_other_row
from evidentia.questions.question import parse

PEOPLE = "manager_id,family_name,given_name,country_name,rank,link\nM-045,Bingham,Billy,Northern Ireland,3,https://x.org/Billy"
ROOMS = "| Name | Room | Joined |\n| --- | --- | --- |\n| Ann Lee | 12 | 2021-01-07 |\n| Bo Ek | 7 | 2020-12-12 |"
RESTS = "| Boat | Rest | Cleaned | Rest ends |\n| --- | --- | --- | --- |\n| Skiff | shed | daily | 5 days after |"
LEAVE = "Name,Days of leave,Taken so far,Left\nJoel Marsh,20,14,6"
PRICES = "| Job | Minutes | Price (£) |\n| --- | --- | --- |\n| Full service | 120 | 85 |"
TREES = "| Plot | Tree | Richness |\n| --- | --- | --- |\n| A | T17 | 14 |\n| A | T14 | 9 |"
VERSIONS = "key,team_name,home_team_code,count_teams,score\n1,Wales,WAL,16,3"


def _asked(question: str, text: str, row: int = -1) -> str | None:
    found = [one for one in statements(text, "table") if one.cells][row]
    cell = asked_cell(parse(question), dict.fromkeys(stems(question), 1.0), text, found)
    return text[slice(*cell)] if cell else None


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("Which country is manager M-045 from?", PEOPLE, "Northern Ireland"),
        ("Which country is the manager Billy Bingham from?", PEOPLE, "Northern Ireland"),
        ("What is the rank of M-045?", PEOPLE, "3"),
        ("What is the salary of M-045?", PEOPLE, None),
        ("Who is the agent of M-045?", PEOPLE, None),
        ("How many teams did Wales meet?", VERSIONS, "16"),
        ("Who is in room 7?", ROOMS, "Bo Ek"),
        ("When does the rest end for the skiff?", RESTS, "5 days after"),
        ("When did Bo Ek join?", ROOMS, "2020-12-12"),
        ("How many days does Joel Marsh still have?", LEAVE, "6"),
        ("How many days of leave has Joel Marsh already taken?", LEAVE, "14"),
        ("How many days of leave does Joel Marsh have?", LEAVE, "20"),
        ("How much is a full service?", PRICES, "85"),
        ("How long does a full service last?", PRICES, "120"),
        ("What is the richness of tree 14?", TREES, "9"),
    ],
)
def test_the_cell_of_the_column_that_is_asked_for(question: str, text: str, value: str | None) -> None:
    assert _asked(question, text) == value


def test_a_column_and_its_number_name_one_row() -> None:
    ann, bo = (cells_of(ROOMS, one) for one in statements(ROOMS, "table") if one.cells)
    asked = parse("Who is in room 12?")
    assert names_row(asked, ann)
    assert not names_row(asked, bo)
    assert of_other_row(asked, ann) is None
    assert of_other_row(asked, bo) == ("Room", "7")


def test_an_identifier_names_a_row_only_as_it_is_written() -> None:
    assert not names_row(parse("Where was M-2018-30 played?"), [("id", "M-2018-03"), ("minute", "30")])
    assert names_row(parse("Where was M-2018-30 played?"), [("key", "4"), ("id", "M-2018-30")])


def test_numbers_make_words_with_their_columns() -> None:
    assert cell_words("| Ann | 12 | 2021-01-12 |", "table", "| Name | Room | Joined |") == "ːroomː12"
    assert asked_cells("Who was in room no. 12 on 3 May 2021?") == [("room", "12"), ("mai", "2021")]


def test_a_row_of_a_long_table_is_found_whatever_its_words_are(tmp_path: Path) -> None:
    """Each word of the question stands in hundreds of rows, only one row holds them all under the right columns."""
    folder = tmp_path / "docs"
    folder.mkdir()
    colours, things = (
        ("red", "blue", "green", "grey", "pink", "white", "black"),
        ("lamp", "chair", "desk", "shelf", "stool"),
    )
    rows = [
        f"The {colours[number % 7]} {things[number // 7 % 5]} of {colours[number // 35 % 7]} street;{number};{number % 29}"
        for number in range(2400)
    ]
    (folder / "things.csv").write_text("\n".join(["Thing;Locker;Price", *rows]), encoding="utf-8")
    with Library(tmp_path / "library") as library:
        library.add(folder)
        by_number = library.ask("Which thing is in locker 1777?")
        missing = library.ask("Which thing is in locker 9777?")
    assert by_number.citations[0].quote == rows[1777]
    assert by_number.short == rows[1777].partition(";")[0]
    assert missing.fit not in ("sure", "likely")


def test_a_row_of_another_day_is_another_row() -> None:
    cells = [("Station", "ST1"), ("Day", "2025-05-01"), ("Level", "12")]
    assert of_other_row(parse("What level had ST1 on 1 May 2025?"), cells) is None
    assert of_other_row(parse("What level had ST1 on 2025-05-02?"), cells) == ("Day", "2025-05-01")
    assert of_other_row(parse("What level had ST1 in 2025?"), cells) is None


def test_a_long_number_names_its_row_wherever_it_stands() -> None:
    cells = [("Name", "Ann Lee"), ("Phone", "555-000046")]
    assert names_row(parse("Whose phone number is 555-000046?"), cells)
    assert not names_row(parse("Whose phone number is 555-0000467?"), cells)


LINES = "| Version | Released | End of life |\n| --- | --- | --- |\n| 7.x | 2021-10-14 | 2023-06-01 |\n| v8 | 2022-06-01 | TBD |"


@pytest.mark.parametrize(
    ("question", "row", "other"),
    [("When was version 7 released?", 0, 1), ("When was version 8 released?", 1, 0)],
)
def test_a_line_of_versions_is_named_by_its_number(question: str, row: int, other: int) -> None:
    rows = [cells_of(LINES, one) for one in statements(LINES, "table") if one.cells]
    assert names_row(parse(question), rows[row])
    assert of_other_row(parse(question), rows[row]) is None
    assert of_other_row(parse(question), rows[other]) is not None


PRESENTS = "Name,Birthday,Relation,Present 2024,Present 2025\nMax,30 November 2016,son,crane,\nRuby,5 May 2013,Max's friend,book,kit"
FREEZER = "| What | Frozen on | Portions | Drawer |\n| --- | --- | --- | --- |\n| Plums | 2025-09-07 | 12 | C |"
GAS = "| Category | Jan | Feb | Total |\n| --- | --- | --- | --- |\n| Gas | 160 | 155 | 315 |"


@pytest.mark.parametrize(
    ("question", "text", "row", "value"),
    [
        ("What did Max get for his birthday in 2024?", PRESENTS, 0, "crane"),
        ("What did Max get for his birthday in 2025?", PRESENTS, 0, None),
        ("What's in drawer C?", FREEZER, 0, "Plums"),
        ("How much gas was paid for in January 2025?", GAS, 0, "160"),
        ("What was the gas on 1 march 2025?", "Date;Gas (m3);Water (m3)\n01/03/2025;7507,4;802,1", 0, "7507,4"),
    ],
)
def test_the_column_that_the_question_names_is_taken(question: str, text: str, row: int, value: str | None):
    assert _asked(question, text, row) == value


def test_a_month_with_its_year_is_no_row_of_that_number():
    rows = [one for one in statements(GAS, "table") if one.cells]
    assert of_other_row(parse("How much gas was paid for in January 2025?"), cells_of(GAS, rows[0])) is None


def test_a_verb_of_another_language_finds_the_column_of_its_noun():
    assert _asked("Wie viel muss Peters nachzahlen?", "Name;Summe;Nachzahlung\nPeters;1160,92;272,92", 0) == "272,92"


def test_a_day_in_words_is_the_row_of_its_slashed_form() -> None:
    asked = parse("What was the gas meter on 13 March 2025?")
    assert of_other_row(asked, [("Day", "13/03/2025"), ("Gas", "7507,4")]) is None
    assert of_other_row(asked, [("Day", "14/03/2025"), ("Gas", "7520,1")]) == ("Day", "14/03/2025")


def test_an_empty_cell_of_the_column_that_is_asked_for_is_not_answered_by_its_neighbour() -> None:
    coats = "item,short coat,long coat,unit\nwash,18,,piece"
    assert _asked("How much is a wash for a long coat?", coats) is None
    assert _asked("How much is a wash for a short coat?", coats) == "18"


def test_a_verb_of_use_is_said_by_the_row_itself():
    header, row = "| Work | Gloves | Boots |", "| Painting | thin | none |"
    named = [("Work", "Painting"), ("Gloves", "thin"), ("Boots", "none")]
    found = fit(parse("Which gloves do I need for painting?"), row, ("work", "", header), short="thin", row=named)
    assert found.level == "sure"


@pytest.mark.parametrize(
    ("question", "crossing"),
    [
        ("How old must you be for the laser cutter?", True),
        ("How much does the laser cutter cost?", True),
        ("How heavy is the laser cutter?", False),
        ("How old must you be for the band saw?", False),
    ],
)
def test_an_adjective_means_the_column_of_what_it_measures(question: str, crossing: bool) -> None:
    row = (("Machine", "Laser cutter"), ("Colour", "red"), ("Minimum age", "14"), ("Fee per hour", "6 €"))
    assert crosses(parse(question), row) == crossing
