"""Forms of answer: lists that are whole, counts, several parts, versions, what leans on a question before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.retrieval.embedders.hash import HashEmbedder

Ask = Callable[[dict[str, str], str], object]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable]:
    opened: list[Library] = []

    def asked(files: dict[str, str], question: str):
        source = tmp_path / "source"
        source.mkdir()
        for name, text in files.items():
            (source / name).write_text(text)
        library = Library(tmp_path / "library", embedder=HashEmbedder())
        opened.append(library)
        library.add(source)
        return library.ask(question)

    yield asked
    for library in opened:
        library.close()


RULES = "# House rules\n\nGuests must not:\n\n- light candles\n- move the piano\n\nGuests may:\n\n- sing until ten\n"


def test_items_are_quoted_whole_below_their_lead_in(ask: Callable):
    answer = ask({"rules.md": RULES}, "What must guests not do?")
    assert "Guests must not:\n- light candles\n- move the piano [1]" in answer.text
    assert "sing" not in answer.text
    assert [governor.quote for governor in answer.citations[0].evidence.governors][-1] == "Guests must not:"
    assert answer.citations[0].verified


def test_an_item_that_names_one_thing_answers_no_question_for_several(ask: Callable):
    files = {"crew.md": "# Crew\n\nThere are several roles on the ferry:\n\n- pilot: steers the ferry\n- cook: cooks\n"}
    answer = ask(files, "Which roles are there on the ferry?")
    assert "- pilot: steers the ferry\n- cook: cooks [1]" in answer.text


STEPS = """# Winter

To drain the boiler:

1. Close the inlet valve.

   ```
   valve close inlet
   ```

2. Open the drain cock.
3. Wait until nothing drips.

The boiler is blue.
"""


def test_a_list_is_quoted_with_the_code_inside_its_items(ask: Callable):
    answer = ask({"boiler.md": STEPS}, "How do I drain the boiler?")
    shown = [line.strip() for line in answer.text.split("\n")]
    for step in ("1. Close the inlet valve.", "valve close inlet", "2. Open the drain cock."):
        assert step in shown, answer.text
    assert "3. Wait until nothing drips." in answer.text
    assert "blue" not in answer.text
    assert answer.citations[0].verified


def test_a_single_item_is_shown_below_what_negates_it(ask: Callable):
    answer = ask({"rules.md": RULES}, "May guests move the piano?")
    assert "Guests must not:\n- move the piano" in answer.text


def test_statements_of_one_form_are_listed_and_counted(ask: Callable):
    files = {f"pump{number}.txt": f"Pump {number}: seal broken in hall {number}." for number in (3, 8, 21)}
    files |= {f"fan{number}.txt": f"Fan {number}: runs well in hall {number}." for number in (4, 5)}
    answer = ask(files, "Which pumps have a broken seal?")
    assert answer.text.startswith("3 found in")
    assert [citation.quote.split(":")[0] for citation in answer.citations] == ["Pump 3", "Pump 8", "Pump 21"]


def test_each_part_of_a_question_gets_its_answer(ask: Callable):
    text = "The barn holds 40 cows.\n\nThe farmer is Ada Holm.\n"
    answer = ask({"farm.md": text}, "How many cows does the barn hold and who is the farmer?")
    assert "40 cows" in answer.text
    assert "Ada Holm" in answer.text
    assert [citation.number for citation in answer.citations] == [1, 2]


@pytest.mark.parametrize(
    ("question", "rate"), [("What was the hourly rate in 2021?", "30"), ("What is the current hourly rate?", "44")]
)
def test_the_version_that_is_named_or_else_the_newest_answers(ask: Callable, question: str, rate: str):
    files = {
        f"tariff_{year}.md": f"# Tariff\n\nThe hourly rate is {euros} euros.\n"
        for year, euros in ((2021, 30), (2024, 44))
    }
    answer = ask(files, question)
    assert f"The hourly rate is {rate} euros. [1]" in answer.text
    assert any("another version" in reason for reason in answer.reasons)


def test_a_question_that_leans_on_one_before_it_is_told_to_be_asked_whole(ask: Callable):
    answer = ask({"farm.md": "The barn holds 40 cows.\n"}, "And what about the barn?")
    assert answer.status == "not_found"
    assert "depends on" in answer.text


def test_what_a_pronoun_means_that_nothing_explains_is_said(ask: Callable):
    answer = ask({"desk.md": "The desk costs 240 euros.\n\nThe lamp is yellow.\n"}, "What does it cost?")
    assert "240 euros" in answer.text
    assert answer.fit == "unsure"
    assert any("“it”" in reason for reason in answer.reasons)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What happens if it rains?", "gym"),
        ("Where do we play if it gets too windy?", "cellar"),
        ("Did they decide on the new stage curtain?", "Postponed"),
    ],
)
def test_weather_and_people_in_general_lean_on_nothing(ask: Callable, question: str, said: str):
    text = (
        "If it rains we move to the gym.\n\nIf it gets too windy we play in the cellar.\n\n"
        "The new stage curtain: Postponed to June.\n"
    )
    answer = ask({"stage.md": text}, question)
    assert said in answer.text
    assert not any("means" in reason for reason in answer.reasons)


def test_the_opposite_of_what_is_asked_is_near_and_no_answer(ask: Callable):
    answer = ask({"crane.md": "The minimum load of the crane is 2 tonnes.\n"}, "What is the maximum load of the crane?")
    assert answer.status == "not_found"
    assert answer.fit == "no"
    assert any("minimum" in reason for reason in answer.reasons)


def test_where_nothing_states_the_answer_the_code_is_shown_by_its_place(ask: Callable):
    source = "class LampQueue:\n    def drain(self, lamp):\n        while lamp.items:\n            lamp.items.pop()\n"
    answer = ask({"lamps.py": source}, "Why does LampQueue empty itself in this order?")
    assert answer.fit == "unsure"
    assert answer.reasons == ("no text states it; only the code is here",)
    assert "lamps.py:1" in answer.text
    assert all(citation.verified for citation in answer.citations)


def test_each_side_of_a_comparison_is_answered(ask: Callable):
    files = {
        "a.md": "# Gulls\n\nThe gull tower is 31 metres high.\n",
        "b.md": "# Terns\n\nThe tern tower is 44 metres high.\n",
    }
    answer = ask(files, "Which is higher, the gull tower or the tern tower?")
    assert "31 metres" in answer.text
    assert "44 metres" in answer.text


def test_two_tables_that_say_two_values_are_both_shown_and_neither_is_sure(ask: Callable):
    table = "| Bike | Per week |\n| --- | --- |\n| Cargo trike | {} |\n"
    files = {"Hire north.md": table.format(190), "Hire south.md": table.format(205)}
    answer = ask(files, "What does the cargo trike cost per week?")
    assert answer.fit == "unsure"
    assert not answer.short
    assert {"190", "205"} <= {number for one in answer.citations for number in one.quote.split()}


def test_what_one_side_quoted_is_not_quoted_again(ask: Callable):
    files = {"a.md": "# Birds\n\nGulls and terns both nest on the cliff by the sea.\n\nThe cliff is steep.\n"}
    answer = ask(files, "What is the difference between the gull clock and the tern clock?")
    quotes = [citation.quote for citation in answer.citations]
    assert len(quotes) == len(set(quotes))


def test_a_row_without_the_property_that_is_asked_for_gives_no_short_answer(ask: Callable):
    answer = ask({"pools.csv": "Pool,Length m,Lanes\nAmber,25,6\nBirch,50,8\n"}, "How deep is Birch?")
    assert answer.short == ""
    assert answer.fit != "sure"


def test_a_question_in_another_language_that_finds_nothing_is_told_how_it_was_searched(ask: Callable):
    answer = ask({"farm.md": "The barn holds 40 cows.\n"}, "Wie hoch ist die Gebühr am Nordkai?")
    assert answer.text.startswith("Not found here. The question is in German, which is searched by its words only")


GATE = """class Gate:
    @staticmethod
    def open_gate(
        lane: int,
        force: bool = False,
    ) -> bool:
        return force or lane > 0
"""


def test_a_definition_is_quoted_from_its_decorators_to_the_end_of_its_parameters(ask: Callable):
    answer = ask({"gate.py": GATE}, "What is the signature of Gate.open_gate?")
    assert answer.citations[1].quote.startswith("@staticmethod\n    def open_gate(\n")
    assert answer.citations[1].quote.endswith(") -> bool:")


def test_what_a_class_without_a_docstring_is_the_documentation_says(ask: Callable):
    files = {"gate.py": GATE, "api.rst": "Classes\n=======\n\n.. py:class:: Gate\n\n   A gate lets cars into a lane.\n"}
    assert "A gate lets cars into a lane." in ask(files, "What is a Gate?").text


ORDERS = """order_no,customer,product,quantity
1001,Mira Holt,Rye loaf,12
1002,Jon Eder,Croissant,40
1004,Lund,Croissant,120
1006,Lund,Rye loaf,10
"""


def test_a_total_is_the_sum_of_the_rows_and_none_of_them_is_the_number(ask: Callable):
    answer = ask({"orders.csv": ORDERS}, "How many croissants were ordered in total?")
    assert "160" in answer.text
    assert answer.short not in ("40", "120")


FREEZER = "What,Portions,Drawer,Remark\nPlums,12,C,\nSoup,4,A,plain\nSoup,1,A,throw away?\nBerries,8,C,\nPeas,3,B,\n"


def test_what_is_in_a_place_is_all_rows_of_it(ask: Callable):
    answer = ask({"freezer.csv": FREEZER}, "What's in drawer C?")
    assert [citation.quote.partition(",")[0] for citation in answer.citations] == ["Plums", "Berries"]
    assert answer.short == ""


def test_a_row_that_ends_in_a_question_counts_as_any_other(ask: Callable):
    answer = ask({"freezer.csv": FREEZER}, "How many portions of soup are left?")
    assert answer.fit == "unsure"
    assert len(answer.citations) == 2


def test_the_reply_to_the_very_question_is_sure_and_whole(ask: Callable):
    faq = "# FAQ\n\n### Can the app be used without an account?\n\nNot at present. An update without account is planned.\n"
    answer = ask({"faq.md": faq}, "Can the app be used without an account?")
    assert answer.fit == "sure"
    assert "Not at present. An update" in answer.text
