"""Columns that are told apart by their times are chosen by the time that is asked about."""

from __future__ import annotations

import pytest

from evidentia import Library
from evidentia.graphs.tables.column_times import period_in, stem_of


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("rent until August 2026", "rent"),
        ("Price (from 1 May 2025)", "Price"),
        ("price before 2024-07-01", "price"),
        ("moved in", ""),
        ("valid from", ""),
    ],
)
def test_what_a_column_is_called_without_its_time(title: str, stem: str):
    assert stem_of(title) == stem


def test_a_month_is_all_of_its_days():
    found = period_in("until February 2024")
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == ("2024-02-01", "2024-02-29")
    assert period_in("on 31 April") is None


FILES = {
    "rents.csv": """flat,tenant,rent until August 2026,rent from September 2026,deposit
1a,Kofi Mensah,780,820,2340
1b,Ilse Brandt,690,715,2070
""",
    "towns.csv": "town,population,three-letter code\nHamburg,1704534,HAM\nGraz,291072,GRZ\n",
}


@pytest.mark.parametrize(
    ("question", "value", "other"),
    [
        ("What was the rent of flat 1a before September?", "780", "820"),
        ("What was the rent of flat 1b until August?", "690", "715"),
        ("What is the rent of flat 1b since September?", "715", "690"),
        ("What is the rent of flat 1a in October?", "820", "780"),
    ],
)
def test_the_time_that_is_asked_about_chooses_the_column(library: Library, question: str, value: str, other: str):
    text = library.tables.ask(question).text
    assert value in text
    assert other not in text


def test_both_are_shown_where_no_time_is_named(library: Library):
    answer = library.tables.ask("What is the rent of flat 1b?")
    assert "690" in answer.text
    assert "715" in answer.text
    assert answer.fit != "sure"


def test_a_number_before_a_noun_names_no_column(library: Library):
    assert "HAM" not in library.tables.ask("What three rivers does Hamburg have?").text


def test_inhabitants_are_the_population(library: Library):
    assert "Hamburg" in library.tables.ask("Which town has the most inhabitants?").text
