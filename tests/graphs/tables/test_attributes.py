"""A number that is asked of a thing is read from the column that the question names, and stated once where the thing
stands in several rows; only events and pieces are added up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.retrieval.embedders.hash import HashEmbedder

FILES = {
    "parts.csv": """part,kind,cost,in_store,promised,order_quantity,least
Chain guard,piece,8.50,17,4,50,10
Saddle post,piece,32.00,6,2,9,5
Bell,piece,4.90,0,0,33,7
""",
    "huts.csv": """hut,valley,bunks,rate_adult,rate_child,period
Kargel,Zell,14,21,11,summer
Kargel,Zell,14,29,15,winter
Bleis,Zell,9,18,9,summer
Bleis,Zell,8,24,12,winter
Torre,Alm,30,33,20,summer
""",
    "tariffs.csv": """tariff,calls,gigabytes,months
Mini,50,1,0
Midi,200,10,12
Maxi,unlimited,unlimited,24
Kids,20,1,12
""",
    "scorers.csv": "player,season,goals\nAnn Low,2019/20,3\nAnn Low,2020/21,3\nBea Ray,2019/20,7\n",
    "trips.csv": """date,driver,kilometres
2025-01-02,Tom Hale,20
2025-01-03,Tom Hale,20
2025-01-03,Ida Moss,35
""",
}


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How many chain guards are in store?", "17"),
        ("How many saddle posts are promised?", "2"),
        ("How many chain guards are there?", "17"),
        ("How many bells do we have in store?", "0"),
        ("What is the order quantity of the bell?", "33"),
        ("How many bunks has the Kargel?", "14"),
        ("How many bunks does the Torre have?", "30"),
        ("How many bunks does the Kargel have in winter?", "14"),
        ("How many huts are in Zell?", "2"),
        ("How many huts are there?", "3"),
        ("How many calls does the Midi tariff have?", "200"),
        ("How many gigabytes does Maxi have?", "unlimited"),
        ("How many tariffs have months?", "3"),
        ("How many goals did Ann Low score?", "6"),
        ("How many kilometres did Tom Hale drive?", "40"),
    ],
)
def test_a_number_of_a_thing_is_the_one_that_is_asked_for(library: Library, question: str, value: str) -> None:
    answer = library.ask(question)
    assert answer.short == value
    assert answer.fit == "sure"


def test_another_number_of_the_thing_is_no_answer(library: Library) -> None:
    assert library.ask("How many bells do we have?").fit not in ("sure", "likely")


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many bunks does Bleis have?", ["summer | 9", "winter | 8"]),
        ("How much is the child rate at Kargel?", ["Kargel | summer | 11", "Kargel | winter | 15"]),
    ],
)
def test_numbers_that_differ_from_row_to_row_are_listed(library: Library, question: str, rows: list[str]) -> None:
    answer = library.ask(question)
    assert all(row in answer.text for row in rows)
    assert answer.short == ""


def test_a_sum_over_rows_of_one_thing_is_in_doubt(library: Library) -> None:
    assert library.ask("How many bunks do the huts in Zell have in total?").fit == "unsure"


ROWS = {
    "shelf.csv": """article,price,in_store,order_quantity,minimum
Marker pens,2.10,34,40,20
Paper clips,1.05,11,40,20
Desk lamps,24.00,3,10,5
""",
    "boats.csv": """boat,harbour,rate_day,rate_week,tide
Seagull,Sylte,40,210,low
Seagull,Sylte,48,260,high
Cormorant,Sylte,31,170,low
Petrel,Norvik,20,110,low
""",
    "leases.csv": """tenant,customer,expiry,signed,advance_paid,rent
T-1,Ann Moss,2027-03-01,2024-03-01,200,500
T-2,Bob Finn,terminated,2023-01-01,0,450
T-3,Cora Hill,2026-09-01,2025-09-01,0,610
T-4,Dan Reed,2027-06-01,2024-06-01,300,700
""",
}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("described")
    (folder / "data").mkdir()
    for name, text in ROWS.items():
        (folder / "data" / name).write_text(text, encoding="utf-8")
    with Library(folder / "library", embedder=HashEmbedder()) as opened:
        opened.add(folder / "data")
        yield opened


@pytest.mark.parametrize(
    ("question", "told", "others"),
    [
        ("Which articles are below the minimum?", ["Paper clips", "Desk lamps"], ["Marker pens"]),
        ("What do we have to restock?", ["Paper clips", "Desk lamps"], ["Marker pens"]),
        ("cheapest boat in sylte", ["Cormorant"], ["Seagull", "Petrel"]),
        ("how many boats are in sylte", ["2 [1]"], []),
        ("Which customers' expiry is in 2027?", ["Ann Moss", "Dan Reed"], ["Bob Finn", "Cora Hill"]),
        ("Who hasn't paid an advance?", ["Bob Finn", "Cora Hill"], ["Ann Moss", "Dan Reed"]),
    ],
)
def test_all_rows_that_a_question_describes_are_told(
    described: Library, question: str, told: list[str], others: list[str]
) -> None:
    answer = described.ask(question)
    assert answer.fit in ("sure", "likely")
    assert all(one in answer.text for one in told)
    assert not any(one in answer.text for one in others)


def test_what_was_sold_is_not_what_was_given_away(tmp_path: Path) -> None:
    (tmp_path / "evenings.csv").write_text(
        "day,play,seats,sold,free_tickets\n2025-10-10,Antigone,90,82,8\n2025-10-17,Antigone,90,64,3\n"
        "2025-10-18,Lear,90,50,1\n2025-10-19,Lear,90,40,2\n"
    )
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "evenings.csv")
        assert library.ask("How many tickets were sold for Antigone?").short == "146"
        assert library.ask("How many free tickets were there for Antigone?").short == "11"


def test_a_table_of_visitors_may_count_them_in_a_column(tmp_path: Path) -> None:
    (tmp_path / "visitors.csv").write_text("day,visitors,groups\n2025-04-06,143,2\n2025-05-04,201,3\n2025-06-01,88,0\n")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "visitors.csv")
        answer = library.ask("Which day had the most visitors?")
    assert "2025-05-04" in answer.text
    assert "2025-06-01" not in answer.text


def test_rows_of_one_name_with_keys_of_their_own_are_counted_each(tmp_path: Path) -> None:
    rows = ["match_id,match_name,result", "m-1,Low v Ray,draw", "m-2,Low v Ray,draw", "m-3,Ray v Low,won"]
    (tmp_path / "matches.csv").write_text("\n".join([*rows, ""]))
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "matches.csv")
        assert "2" in library.tables.ask("How many matches ended in a draw?").text.split("[1]")[0]
