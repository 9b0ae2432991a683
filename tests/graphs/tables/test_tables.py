"""Tables as typed rows with keys, as a graph, and as answers; in a library that holds prose, too."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from evidentia import Library
from evidentia.corpus.fulltext import MOST_ABOVE, index_rows
from evidentia.errors import StorageError
from evidentia.graphs.cypher.guard import check, check_schema
from evidentia.graphs.tables.database import build, load
from evidentia.graphs.tables.kinds import ColumnCensus
from evidentia.graphs.tables.source import edges, nodes
from evidentia.retrieval.embedders.hash import HashEmbedder

AUTHORS = """author_id,given_name,family_name,birth_date,country_name,female
A-1,Anna,Berg,1950-03-02,Norway,1
A-2,Otto,Lind,1941-07-12,Sweden,0
A-3,Maria,Sole,1972-11-30,Italy,1
A-4,Jan,Vik,1968-01-05,Norway,0
A-5,Lars,Holm,1980-04-09,Denmark,0
"""
BOOKS = """book_id,title,author_id,year,pages,prize
B-1,The Harbour,A-1,1980,320,yes
B-2,Winter Light,A-1,1991,210,no
B-3,Two Rivers,A-2,1975,410,no
B-4,The Glass Hill,A-3,2001,150,yes
B-5,Northern Roads,A-1,1999,280,yes
B-6,Salt,A-4,2001,190,no
"""
BOATS = """boat,berth,built,last_service,joined,note
Swift,A1,2016,2025-02-11,2017-05-01,
Old Tom,C1,1994,2022-09-30,1999-01-15,leaks
Mink,B2,2023,,2024-09-01,
"""
FEES = """receipt,boat,amount,method
R1,Swift,240.5,cash
R2,Mink,90.0,transfer
"""
NOTES = "# The room\n\nThe reading room opens at nine. The oldest lamp was made in Oslo. There are three tables here.\n"


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.{'md' if name == 'notes' else 'csv'}").write_text(text)
    return folder


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("tables")
    with Library(folder / "library", embedder=HashEmbedder()) as opened:
        opened.add(write(folder / "data", authors=AUTHORS, books=BOOKS, notes=NOTES))
        yield opened


def test_columns_have_kinds_and_tables_keys(library: Library):
    books = library.tables.schema("books")[0]
    kinds = {name: kind for name, kind, *_ in books.columns}
    assert kinds == {
        "book_id": "identifier",
        "title": "text",
        "author_id": "identifier",
        "year": "integer",
        "pages": "integer",
        "prize": "boolean",
    }
    assert books.key == "book_id"
    assert books.edges == (("OF_AUTHOR", "AUTHOR", "author_id"),)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which books have more than 300 pages?", {("B-1", "The Harbour"), ("B-3", "Two Rivers")}),
        ("How many authors are from Norway?", {(2,)}),
        ("What is the average number of pages?", {(260.0,)}),
        ("Who is the oldest author?", {("A-2", "Otto", "Lind", "1941-07-12")}),
        ("Which author wrote the most books?", {("A-1", "Anna", "Berg", 3)}),
        ("How many books did Anna Berg write?", {(3,)}),
        ("How many books did Anna Berg or Otto Lind write?", {(4,)}),
    ],
)
def test_rows_answer_with_a_query_that_gives_them(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.ask(question)
    assert answer.status == "rows"
    assert set(answer.citations[0].evidence.rows) == rows
    query = answer.metadata["query"]
    assert check(query)
    assert not check_schema(query, library.graph.schema())
    assert Counter(library.graph.query(query).rows) == Counter(answer.citations[0].evidence.rows)


@pytest.mark.parametrize(
    "question",
    [
        "Which books have a red cover?",
        "Who painted The Harbour?",
        "Which authors never won a prize?",
        "Which authors have never written about the sea?",
        "How many copies of Salt were sold?",
        "Which books were burned?",
        "How tall is Anna Berg?",
        "Who bought books for Anna Berg?",
        "Which books are by Anna Berg and Otto Lind?",
        "Which authors only wrote books with a prize?",
        "How many books against Anna Berg won a prize?",
        "Which author wrote the fewest books?",
    ],
)
def test_what_the_tables_do_not_hold_is_refused(library: Library, question: str):
    assert library.tables.ask(question).fit not in ("sure", "likely")


@pytest.mark.parametrize(
    ("question", "rows", "level"),
    [
        ("Which boat has never been serviced?", {("Mink",)}, "sure"),
        ("Which boats have been serviced?", {("Swift",), ("Old Tom",)}, "sure"),
        ("How many boats have no note?", {(2,)}, "sure"),
        ("Which boats have a note?", {("Old Tom",)}, "sure"),
        ("Which boat joined most recently?", {("Mink", "2024-09-01")}, "sure"),
        ("Which boat was built first?", {("Old Tom", 1994)}, "sure"),
        ("What is the oldest boat?", {("Old Tom", 1994)}, "sure"),
        ("How much money came in from fees in total?", {(330.5,)}, "likely"),
        ("How much was spent on fees altogether?", {(330.5,)}, "likely"),
        ("Which boats have no fees?", {("Old Tom",)}, "sure"),
        ("Which boats have never paid a fee?", {("Old Tom",)}, "sure"),
        ("How many boats are without a fee?", {(1,)}, "sure"),
        ("What is the average fee?", {(165.25,)}, "likely"),
        ("Which boats are not in A1?", {("Old Tom",), ("Mink",)}, "sure"),
    ],
)
def test_empty_cells_times_and_amounts_answer(tmp_path: Path, question: str, rows: set[tuple[object, ...]], level: str):
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(write(tmp_path / "data", boats=BOATS, fees=FEES))
        answer = library.tables.ask(question)
        assert (set(answer.citations[0].evidence.rows), answer.fit) == (rows, level)
        assert {*library.graph.query(answer.metadata["query"]).rows} == rows


@pytest.mark.parametrize("question", ["When does the reading room open?", "Where was the oldest lamp made?"])
def test_questions_of_texts_stay_with_the_texts(library: Library, question: str):
    answer = library.ask(question)
    assert answer.status == "quoted"
    assert answer.citations[0].evidence.name.endswith("notes.md")


def test_a_table_with_duplicate_headers_mixed_types_and_short_rows_is_read(tmp_path: Path):
    text = "name,value,value,\nx,1,a\ny,two,b,c\n"
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(write(tmp_path / "data", odd=text))
        kinds = [(name, kind) for name, kind, *_ in library.tables.schema()[0].columns]
    assert kinds == [("name", "text"), ("value", "text"), ("value_2", "text"), ("column_4", "text")]


def test_a_date_that_reads_in_two_ways_is_no_date():
    def kind_of(*cells: str) -> str:
        census = ColumnCensus()
        for cell in cells:
            census.add(cell)
        return census.column("day").kind

    assert kind_of("03/04/2020", "05/06/2021") != "date"
    assert kind_of("03/04/2020", "25/06/2021") == "date"
    assert kind_of("3 June 2020", "June 4, 2021", "2020-01-02") == "date"


def graph_of(library: Library) -> tuple[list[object], list[object]]:
    if library.tables.is_empty:
        return [], []
    model = library.tables.model()
    return (
        sorted((one.id, one.label, sorted(one.properties.items())) for one in nodes(model)),
        sorted((one.type, one.source, one.target) for one in edges(model)),
    )


def test_after_add_edit_and_delete_the_graph_equals_a_fresh_one(tmp_path: Path):
    data = write(tmp_path / "data", authors=AUTHORS, books=BOOKS)
    edited = BOOKS.replace("B-6,Salt,A-4", "B-7,Pepper,A-2")
    with Library(tmp_path / "one", embedder=HashEmbedder()) as library:
        library.add(data)
        assert library.tables.ask("How many books are there?").short == "6"
        graph_of(library)
        for number, change in enumerate(("edit", "delete", "add")):
            if change == "edit":
                write(data, books=edited + "B-8,Snow,A-3,2011,99,no\n")
            elif change == "delete":
                (data / "authors.csv").unlink()
            else:
                write(data, authors=AUTHORS)
            library.add(data)
            with Library(tmp_path / f"fresh{number}", embedder=HashEmbedder()) as fresh:
                fresh.add(data)
                assert graph_of(library) == graph_of(fresh)
        assert library.tables.ask("How many books are there?").short == "7"


def test_a_column_that_is_called_like_its_table_is_what_is_asked_for(tmp_path: Path):
    folder = write(
        tmp_path / "data", stock="sku,name,price,stock\nSKU-0001,Bolt,0.4,8\nSKU-0002,Nut,0.1,5\nSKU-0003,Bar,2.0,8\n"
    )
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(folder)
        assert library.tables.ask("What is the stock of SKU-0001?").citations[0].evidence.rows == ((8,),)
        answer = library.ask("What is the stock of SKU-0001?")
        assert answer.short == "8"
        assert "SKU-0001,Bolt,0.4,8" in answer.citations[0].quote, "the row itself is shown, not its value alone"


def test_columns_and_files_may_be_called_as_the_program_calls_its_own(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "seats.csv").write_text("row,line,name,Line\n1,2,Anna,x\n3,4,Otto,y\n5,6,Maria,z\n")
    (folder / "sqlite_master.csv").write_text("city,size\nParis,2\nRome,4\n")
    (folder / "cell_values.csv").write_text("city,height\nParis,35\nRome,21\n")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(folder)
        assert library.tables.ask("Which city has the height 35?").short == "Paris"
        assert library.tables.ask("What is the size of Rome?").short == "4"
        assert library.tables.ask("In which row is Otto?").short == "3"


def test_a_table_of_thousands_of_columns_is_read_in_bounded_time(tmp_path: Path):
    columns = range(16_000)
    wide = "\n".join(",".join(f"{letter}{number}" for number in columns) for letter in "cvw")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(write(tmp_path / "data", wide=wide))
        rows = index_rows(library.store)
        assert max(len(heading) for _, heading, _ in rows) < 2 * MOST_ABOVE


@pytest.mark.parametrize(
    "question",
    [
        "What is the title of book ²?",
        "What is the title of book 99999999999999999999?",
        "Which books have more than 99999999999999999999 pages?",
        "What is the price of " + " ".join(f"A{number}" for number in range(300)),
    ],
)
def test_numbers_and_names_beyond_measure_are_refused_at_once(library: Library, question: str):
    counted = 0
    model = library.tables.model()

    def count(_: str) -> None:
        nonlocal counted
        counted += 1

    model.rows.set_trace_callback(count)
    try:
        assert library.tables.ask(question).status == "not_found"
    finally:
        model.rows.set_trace_callback(None)
    assert counted < 25_000


def test_an_index_of_tables_that_is_not_as_it_was_written_is_told(library: Library):
    arrays = dict(build(library.store))
    other = sqlite3.connect(":memory:")
    other.deserialize(arrays["rows"].tobytes())
    other.execute("CREATE VIEW authors_view AS SELECT * FROM authors")
    arrays["rows"] = np.frombuffer(other.serialize(), np.uint8)
    for name, body in (("rows", arrays["rows"]), ("tables", np.frombuffer(b"[1]", np.uint8))):
        with pytest.raises(StorageError, match="not as it was written"):
            load({**build(library.store), name: body})


def test_what_is_not_so_leaves_out_rows_that_say_nothing_and_says_so(tmp_path: Path):
    crates = "crate,state\nC1,shipped\nC2,open\nC3,\nC4,shipped\nC5,open\n"
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(write(tmp_path / "data", crates=crates))
        answer = library.tables.ask("Which crates are not shipped?")
    assert {row[0] for row in answer.citations[0].evidence.rows} == {"C2", "C5"}
    assert (answer.fit, answer.reasons) == ("likely", ("rows without a state are left out",))
