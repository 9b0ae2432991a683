"""Tables within letters and notes, and records of lines, are asked as sheets are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.graphs.tables.text_tables import MOST_IN_TEXT, text_tables
from evidentia.retrieval.embedders.hash import HashEmbedder

FILES = {
    "stall.md": """# Market stall

We sell on Saturdays.

| Product | Unit | Price | Organic |
|---|---|---|---|
| Apples | kg | 2.80 € | yes |
| Pears | kg | 3.20 € | no |
| Honey | jar | 6.50 € | yes |

## Term dates

| Term | First day |
|---|---|
| Spring | 6 January 2026 |
| Summer | 13 April 2026 |
| Autumn | 2 September 2026 |
""",
    "suppliers.txt": """Suppliers

Brown & Sons
Phone: 020 7946 0101
Delivers: Tuesday
Minimum order: £50

Fresh Fields Ltd
Phone: 020 7946 0202
Delivers: Thursday
Minimum order: £120

Dairy Direct
Phone: 020 7946 0303
Delivers: Monday and Friday
Minimum order: £35
""",
    "letter.txt": """Dear all,

from today honey costs 7.20 €. Nothing else has changed.
""",
}
ROW = "| {0} | {0} |\n"
TABLE = "| a | b |\n|---|---|\n" + ROW.format(1) + ROW.format(2) + ROW.format(3)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which product is the most expensive?", "Honey"),
        ("Which supplier delivers on Tuesday?", "Brown & Sons"),
        ("Which supplier has the lowest minimum order?", "Dairy Direct"),
        ("How many suppliers are there?", "3"),
        ("How much are pears?", "3.20 €"),
    ],
)
def test_tables_within_texts_are_asked_as_sheets_are(library: Library, question: str, answer: str):
    assert answer in library.tables.ask(question).text


def test_a_cell_is_shown_as_its_document_writes_it(library: Library):
    assert "6 January 2026" in library.ask("What is the first day of the spring term?").full_text


def test_the_sum_of_one_row_is_its_value(library: Library):
    answer = library.tables.ask("How much is a jar of honey?")
    assert answer.short == "6.50 €"
    assert "sum" not in answer.citations[0].quote


def test_a_letter_that_tells_another_value_is_not_passed_over(library: Library):
    answer = library.ask("What does honey cost?")
    assert "7.20" in answer.full_text
    assert answer.short != "6.50 €"


def test_what_explains_is_no_table_of_things():
    assert len(text_tables(TABLE)) == 1
    assert not text_tables(TABLE.replace(ROW.format(3), ""))
    assert not text_tables(TABLE.replace("2", "a long explanation " * 9).replace("1", "another long one " * 9))
    assert not text_tables(f"```\n{TABLE}```\n")
    assert not text_tables("\n\n".join([TABLE] * (MOST_IN_TEXT + 1)))


def test_a_table_is_called_after_the_heading_above_it():
    found = text_tables(f"# Prices\n\n{TABLE}\n## Opening hours\n\ntext\n\n{TABLE}")
    assert [one.name for one in found] == ["Prices", "Opening hours"]
    assert found[0].rows[0] == (5, ("1", "1"))


def test_sheets_come_before_tables_within_texts(tmp_path: Path):
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "z.csv").write_text("thing,weight\nanvil,80\nfeather,1\n", encoding="utf-8")
    for number in range(12):
        (folder / f"{number}.md").write_text("\n\n".join([TABLE] * 8), encoding="utf-8")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(folder)
        assert [one.name for one in library.tables.schema()] == ["z"]
        assert "anvil" in library.tables.ask("Which thing has the highest weight?").text


@pytest.fixture
def garage(tmp_path: Path) -> Iterator[Library]:
    folder = tmp_path / "garage"
    folder.mkdir()
    head = "| Service | Minutes | Price |\n|---|---|---|\n"
    rows = "| Tyre change | 30 | {} € |\n| Oil change | 45 | {} € |\n| Inspection | 180 | {} € |\n"
    (folder / "prices-2025.md").write_text(f"# Prices 2025\n\n{head}{rows.format(35, 79, 240)}", encoding="utf-8")
    (folder / "prices-2026.md").write_text(f"# Prices 2026\n\n{head}{rows.format(39, 85, 260)}", encoding="utf-8")
    (folder / "stock.md").write_text(
        "# Stock\n\n| Part | Shelf | In stock |\n|---|---|---|\n| Pad | A3 | 14 |\n| Filter | B1 | 0 |\n| Plug | C2 | 22 |\n",
        encoding="utf-8",
    )
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(folder)
        yield library


def test_of_two_versions_the_newer_one_is_asked_and_the_older_one_told(garage: Library):
    answer = garage.ask("What is the most expensive service?")
    assert "260" in answer.full_text
    assert answer.fit == "likely"
    assert any("prices-2025.md" in reason for reason in answer.reasons)


def test_a_version_that_is_named_is_asked(garage: Library):
    assert "240" in garage.tables.ask("What was the most expensive service in 2025?").text or (
        "240" in garage.ask("What was the most expensive service in 2025?").full_text
    )


def test_a_word_for_the_table_that_names_a_number_of_it_means_the_number(garage: Library):
    assert "Plug" in garage.tables.ask("Which part has the most in stock?").text
    assert garage.tables.ask("Which parts are out of stock?").short == "Filter"


def test_a_value_of_somebody_else_is_no_answer(tmp_path: Path):
    (tmp_path / "people.txt").write_text(
        "WHO IS WHO\n\nAnn Low\nChair\nPhone: 01632 960114\nEmail: ann@club.example\n\n"
        "Ben Ray\nSafety officer\nPhone: 07700 900555\nBirthday: 9 November\n\n"
        "Cleo Marsh\nLockers\nPhone: 01632 960340\n",
        encoding="utf-8",
    )
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "people.txt")
        assert "01632 960340" in library.ask("What is the phone number of Cleo Marsh?").full_text
        assert library.ask("When is Ben Ray's birthday?").fit == "sure"
        assert library.ask("When is Ann Low's birthday?").fit not in ("sure", "likely")
        assert library.ask("What is the email address of Ben Ray?").fit not in ("sure", "likely")
        assert "Ann Low" in library.tables.ask("Who is the chair?").text


def test_a_table_is_called_by_its_heading_without_number_and_aside():
    found = text_tables(f"## 2. Our boats (updated in March)\n\n{TABLE}")
    assert [one.name for one in found] == ["Our boats"]


def test_a_column_called_by_alone_and_names_of_people_ask_for_nothing_else(tmp_path: Path):
    rows = "date,safety boat,by\n2025-05-03,Tomas Lind,Jo Hart\n2025-05-10,Priya Nand,Jo Hart\n2025-05-17,Tomas Lind,Al Day\n"
    (tmp_path / "rota.csv").write_text(rows, encoding="utf-8")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "rota.csv")
        assert library.ask("Who winds the clock?").fit not in ("sure", "likely")
        assert library.ask("Which boat is the newest?").fit not in ("sure", "likely")
