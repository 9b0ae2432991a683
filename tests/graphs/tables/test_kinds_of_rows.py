"""Rows that are no data, states that cells tell, adjectives that columns measure, and rows of which one would say too
little; over tables of a garden society."""

from __future__ import annotations

import pytest

from evidentia import Library
from evidentia.graphs.tables.margins import drop_margins
from evidentia.retrieval.embedders.hash import HashEmbedder

FILES = {
    "gardeners.csv": """No,Forename,Family name,Born,Since,Sort,Mobile,Village,Third party cover
1,Olga,Brandt,1961-04-02,2001-03-01,full,0170 11,Weston,yes
2,Pavel,Ricci,1989-10-11,2015-05-04,full,0170 12,Weston Green,no
3,Mina,Costa,2012-02-20,2024-09-01,junior,0170 13,Weston,no
4,Hugo,Lang,04/05/1947,1990-01-01,honorary,,Alder,yes
5,Ines,Okoro,1990-12-24,2019-02-02,full,0170 15,Weston,yes
""",
    "plots.csv": """Plot,Tenant,Size (sqm),Yearly rent,Remark
1,Olga Brandt,200,80,
2,,250,100,
3,Pavel Ricci,150,60,
4,,120,50,fence broken
5,Ines Okoro,300,120,
""",
    "subscriptions.csv": """Gardener,Sort,Amount,Paid on
Olga Brandt,full,50,2025-02-01
Pavel Ricci,full,50,
Mina Costa,junior,20,2025-03-04
Hugo Lang,honorary,0,
Ines Okoro,full,50,2025-01-15
Total,,170,
""",
    "outings.csv": """Day,Outing,Guide,People,Distance km,Ticket price,Remark
2025-04-05,Rose walk,Olga Brandt,12,6,4.50,
2025-05-10,Bulb farm,Ines Okoro,20,31,18,
2025-06-14,Moss day,Olga Brandt,,3,0,called off: storm
2025-12-20,Holly fair,Pavel Ricci,,12,9,planned
""",
    "cash.csv": """Date;Purpose;Income;Expenses
2025-03-01;Plant sale, tomatoes;120;
2025-03-01;Plant sale, herbs;45;
2025-03-02;Plant sale, marquee;;60
2025-05-05;Gravel for paths;;210
""",
    "vans.csv": """Plate,What,Keeper / insurer,Seats,Hitch
AB12 CDE,Transit minibus,Olga Brandt,9,yes
FG34 HIJ,Kangoo,Pavel Ricci,5,no
KL56 MNO,Partner,Ines Okoro,3,no
""",
}


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("What is the total of the subscriptions?", ["170"]),
        ("How many subscriptions are there?", ["5"]),
        ("Which gardeners have not paid?", ["Pavel Ricci"]),
        ("Which subscriptions are outstanding?", ["Pavel Ricci"]),
        ("Which plots are vacant?", ["2", "4", "fence broken"]),
        ("How many plots are free?", ["2"]),
        ("Which outing was the priciest?", ["Bulb farm", "18"]),
        ("Which outing was the least expensive?", ["Moss day", "called off: storm"]),
        ("Who is the eldest gardener?", ["Hugo", "Lang"]),
        ("Which plot is the biggest?", ["5", "300"]),
        ("Which minibus has the most seats?", ["AB12 CDE", "9"]),
        ("Who insures FG34 HIJ?", ["Pavel Ricci"]),
        ("Which gardeners have third party cover?", ["Olga", "Hugo", "Ines"]),
        ("What does a junior pay?", ["20"]),
        ("How much did the plant sale bring in?", ["165"]),
        ("How much did the plant sale make after expenses?", ["105"]),
        ("What did we spend on gravel?", ["210"]),
        ("Which outings were called off?", ["Moss day"]),
        ("Is the Rose walk or the Bulb farm longer?", ["Bulb farm", "31", "Rose walk", "6"]),
    ],
)
def test_rows_that_are_asked_for_are_shown(library: Library, question: str, held: list[str]):
    answer = library.tables.ask(question)
    assert answer.fit in ("sure", "likely"), (answer.text, answer.reasons)
    assert [one for one in held if one not in answer.text] == []


@pytest.mark.parametrize(
    ("question", "headline"),
    [
        ("How many outings were there in 2025?", "4, of which 1 cancelled and 1 planned"),
        ("How many outings did Olga Brandt guide?", "2, of which 1 cancelled"),
        ("How many gardeners live in Weston, leaving out Weston Green?", "3"),
        ("How many gardeners are there apart from juniors?", "4"),
        ("Is plot 1 or plot 5 dearer?", ""),
        ("Is the Rose walk dearer than the Bulb farm?", "Bulb farm"),
    ],
)
def test_headlines_say_what_people_would(library: Library, question: str, headline: str):
    assert library.tables.ask(question).short == headline


def test_two_columns_of_prices_are_not_guessed_between(tmp_path):
    (tmp_path / "tools.csv").write_text("Tool,Daily rent,Purchase price\nSaw,9,120\nAxe,4,150\n", encoding="utf-8")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "tools.csv")
        assert library.tables.ask("Which tool is the cheapest?").fit == "unsure"
        assert "Axe" in library.tables.ask("Which tool is the cheapest to rent?").text
        assert "Saw" in library.tables.ask("Which tool is the cheapest to purchase?").text


@pytest.mark.parametrize("question", ["Which outing was the wettest?", "Which outing was the noisiest?"])
def test_no_row_is_shown_for_an_extreme_that_nothing_measures(library: Library, question: str):
    answer = library.ask(question)
    assert answer.status == "not_found", answer.text


def test_one_value_is_no_average(tmp_path):
    (tmp_path / "notes.md").write_text("# Notes\n\nPersistence 29 minutes on slate.\n", encoding="utf-8")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "notes.md")
        answer = library.ask("What is the average persistence on slate?")
        assert answer.fit not in ("sure", "likely")
        assert not answer.short


def test_rows_named_total_are_data_where_they_are_not_made_of_the_others():
    brands = [(1, ["Shell", "40"]), (2, ["Aral", "30"]), (3, ["Total", "20"])]
    assert list(drop_margins(iter(brands))) == brands
    assert list(drop_margins(iter([*brands[:2], (3, ["Total", "70"])]))) == brands[:2]
    assert list(drop_margins(iter([*brands[:2], (3, ["Average", "35"])]))) == brands[:2]
    partners = [(1, ["2025-01-01", "Shell", "40"]), (2, ["2025-01-02", "Total", "30"])]
    assert list(drop_margins(iter(partners))) == partners
    wordy = [(1, ["Ann", "full", "40"]), (2, ["Ben", "full", "30"]), (3, ["Grand total", "", "71"])]
    assert list(drop_margins(iter(wordy))) == wordy[:2]
