"""Tables of databases: what they declare becomes kinds, keys and edges, and their rows answer."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.corpus.files.formats import SQLITE
from evidentia.graphs.tables.reading import SHEETS, read_tables
from evidentia.graphs.tables.source import edges, nodes
from evidentia.retrieval.embedders.hash import HashEmbedder

SHOP = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, zip TEXT, phone TEXT, active BOOLEAN, since TEXT);
CREATE TABLE products (
    sku TEXT PRIMARY KEY, name TEXT, category TEXT, price DECIMAL(8, 2), stock INTEGER, photo BLOB);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, buyer INTEGER REFERENCES customers, state TEXT, placed_at TIMESTAMP);
CREATE TABLE order_items (
    order_id INTEGER REFERENCES orders (id), product_sku TEXT REFERENCES products (sku), quantity INTEGER,
    PRIMARY KEY (order_id, product_sku)) WITHOUT ROWID;
CREATE TABLE parts (number INTEGER PRIMARY KEY, mounted_on INTEGER REFERENCES parts (number), label TEXT);
INSERT INTO customers VALUES
    (1, 'Anna', 'Berg', '00150', '22334455', 1, '2024-01-05T10:00:00.123+00:00'),
    (2, 'Otto', 'Lind', '11420', '22335566', 1, '2023-03-01T08:00:00+00:00');
INSERT INTO products VALUES
    ('KIT-1', 'Kettle', 'Kitchen', 39.9, 0, x'00'), ('KIT-2', 'Toaster', 'Kitchen', 50, 4, NULL),
    ('GAR-1', 'Bench', 'Garden', 189, 2, NULL);
INSERT INTO orders VALUES
    (1, 1, 'paid', '2024-02-01 09:30:00'), (2, 1, 'open', '2024-03-01 10:00:00'), (3, 2, 'paid', '2023-05-05 12:00:00'),
    (4, 99, 'open', '2024-04-01 10:00:00');
INSERT INTO order_items VALUES (1, 'KIT-1', 2), (1, 'GAR-1', 1), (2, 'KIT-2', 5), (3, 'KIT-1', 1);
INSERT INTO parts VALUES (10, NULL, 'frame'), (11, 10, 'wheel'), (12, 10, 'bell');
"""


def database(file: Path, script: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    connection = sqlite3.connect(file)
    connection.executescript(script)
    connection.close()
    return file


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("databases")
    database(folder / "data" / "shop.db", SHOP)
    with Library(folder / "library", embedder=HashEmbedder()) as opened:
        opened.add(folder / "data")
        yield opened


def kinds(library: Library, name: str) -> dict[str, str]:
    return {column: kind for column, kind, *_ in library.tables.schema(name)[0].columns}


def test_declared_types_are_kept(library: Library):
    customers, products = kinds(library, "customers"), kinds(library, "products")
    assert customers["zip"] in ("text", "identifier")
    assert customers["phone"] in ("text", "identifier")
    assert customers["active"] == "boolean"
    assert customers["since"] == "date"
    assert products["price"] == "number"
    assert products["stock"] == "integer"


def test_declared_keys_are_keys_and_edges(library: Library):
    cards = {card.name: card for card in library.tables.schema()}
    assert {name: card.key for name, card in cards.items()} == {
        "customers": "id",
        "products": "sku",
        "orders": "id",
        "order_items": "",
        "parts": "number",
    }
    assert cards["orders"].edges == (("BUYER", "CUSTOMER", "buyer"),)
    assert cards["order_items"].edges == (
        ("OF_ORDER", "ORDER", "order_id"),
        ("OF_PRODUCT", "PRODUCT", "product_sku"),
    )
    assert cards["parts"].edges == (("MOUNTED_ON", "PART", "mounted_on"),)


def test_a_key_and_what_refers_to_it_are_of_one_kind(library: Library):
    assert kinds(library, "orders")["buyer"] == kinds(library, "customers")["id"] == "identifier"
    assert kinds(library, "parts")["mounted_on"] == kinds(library, "parts")["number"] == "integer"


def test_an_edge_to_a_row_that_is_not_there_is_none(library: Library):
    model = library.tables.model()
    there = {node.id for node in nodes(model)}
    found = [edge for edge in edges(model) if edge.type == "BUYER"]
    assert len(found) == 3
    assert all(edge.target in there for edge in found)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many orders did Anna Berg place?", {(2,)}),
        ("Which products cost more than 45?", {("Toaster",), ("Bench",)}),
        ("What is the average price of kitchen products?", {(44.95,)}),
        ("Which products are in order 1?", {("Kettle",), ("Bench",)}),
        ("Who placed order 3?", {("Otto", "Lind")}),
        ("When was order number 2 placed?", {("2024-03-01T10:00:00",)}),
        ("What is the phone number of Anna Berg?", {("22334455",)}),
        ("Which is the most expensive product?", {("Bench", 189)}),
        ("What is the least expensive kitchen product?", {("Kettle", 39.9)}),
        ("How much does the Bench cost?", {(189,)}),
        ("Which products are out of stock?", {("Kettle",)}),
        ("How many products are in stock?", {(2,)}),
        ("How many orders were placed in 2024?", {(3,)}),
    ],
)
def test_rows_of_a_database_answer(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.tables.ask(question)
    assert answer.status == "rows", answer.text
    assert set(answer.citations[0].evidence.rows) == rows
    found = library.graph.query(answer.metadata["query"]).rows
    assert Counter(map(tuple, found)) == Counter(answer.citations[0].evidence.rows)


def test_columns_may_be_called_as_the_graph_calls_things(tmp_path: Path):
    script = (
        "CREATE TABLE entries (id INTEGER PRIMARY KEY, key TEXT, line INT, row INT, label TEXT);"
        "INSERT INTO entries VALUES (1, 'a', 7, 8, 'first'), (2, 'b', 9, 9, 'other')"
    )
    database(tmp_path / "data" / "odd.db", script)
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "data")
        query = "MATCH (a:ENTRY) WHERE a.label = 'first' RETURN a.key, a.key_2, a.line, a.row"
        assert [tuple(row) for row in library.graph.query(query).rows] == [("1", "a", 7, 8)]


@pytest.mark.parametrize(
    "question",
    [
        "Which supplier delivers the Kettle?",
        "What is the status of order 77?",
        "How many customers are from Spain?",
        "Which parts are mounted on the frame?",
        "How much did Anna Berg spend?",
    ],
)
def test_what_a_database_does_not_hold_is_refused(library: Library, question: str):
    assert library.tables.ask(question).fit not in ("sure", "likely")


def test_a_definition_says_that_rows_are_missing():
    text = "## few\n\n```sql\nCREATE TABLE few ( -- 1,200 more rows are left out\n  a INT\n);\n```\n\n| a |\n| --- |\n| 1 |\n\n"
    (table,) = read_tables(text, "made.db", SQLITE.media_type)
    assert (table.name, table.header, table.whole) == ("few", ("a",), False)
    assert [*table.rows] == [(11, ["1"])]


@pytest.mark.parametrize(("rows", "whole"), [(1_000, True), (199_999, False)])
def test_a_sheet_as_long_as_is_read_may_have_been_longer(rows: int, whole: bool):
    text = "## Sheet\n\n| a | b |\n| --- | --- |\n" + "| 1 | 2 |\n" * rows
    (table,) = read_tables(text, "made.xlsx", SHEETS[0])
    assert table.whole == whole


@pytest.mark.slow
def test_a_table_that_was_cut_is_not_answered_from(tmp_path: Path):
    rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200005)"
    database(
        tmp_path / "data" / "large.sqlite",
        f"CREATE TABLE events (id INTEGER PRIMARY KEY, label TEXT); INSERT INTO events {rows} SELECT i, 'e' || i FROM n;"
        "CREATE TABLE few (id INTEGER PRIMARY KEY, label TEXT); INSERT INTO few VALUES (1, 'one')",
    )
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        report = library.add(tmp_path / "data", graph_only=True)
        assert report.partial[0][1].startswith("5 rows of events beyond the first 200,000; ")
        assert {card.name: card.whole for card in library.tables.schema()} == {"events": False, "few": True}
        assert library.tables.ask("How many events are there?").fit not in ("sure", "likely")


def test_a_parquet_file_is_a_table_of_its_name(tmp_path: Path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    (tmp_path / "data").mkdir()
    table = pyarrow.table({"zip": ["0150", "5003"], "city": ["Oslo", "Bergen"], "people": [10, 20]})
    write_table(table, tmp_path / "data" / "cities.parquet")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "data")
        assert kinds(library, "cities")["people"] == "integer"
        assert kinds(library, "cities")["zip"] in ("identifier", "text")
        assert library.tables.ask("Which cities have more than 15 people?").short == "Bergen"


def test_of_too_many_tables_the_first_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("evidentia.graphs.tables.database.MOST_TABLES", 2)
    tables = (f"CREATE TABLE t{n} (id INT, label TEXT); INSERT INTO t{n} VALUES (1, 'x');" for n in range(4))
    database(tmp_path / "data" / "many.db", "".join(tables))
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "data")
        assert [card.name for card in library.tables.schema()] == ["t0", "t1"]


def test_a_row_that_is_named_goes_before_another_row_of_the_same_text(library: Library):
    answer = library.ask("When was order 2 placed?")
    assert answer.short.startswith("2024-03-01")
    assert answer.fit == "sure"
