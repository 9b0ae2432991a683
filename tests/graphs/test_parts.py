"""Code, documents and tables as parts of one graph, on either engine: one query crosses them, what the tables answer
is what their query gives, and an edit moves its own part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from evidentia import Library, Settings
from evidentia.graphs.sources import open_sources, versions

CODE = '"""The catalogue."""\n\n\ndef put_book(shelf):\n    return find_shelf(shelf)\n\n\ndef find_shelf(shelf):\n    pass\n'
PROSE = "# Shelves\n\nCall `put_book` to fill a shelf. Anna Berg wrote the Nordic Catalogue. Anna Berg lives in Oslo.\n"
AUTHORS = (
    "author_id,name,birth_date,country,female\nA-1,Anna Berg,1950-03-02,Norway,1\nA-2,Otto Lind,1941-07-12,Sweden,0\n"
)
BOOKS = (
    "book_id,title,author_id,year,pages,price\nB-1,The Harbour,A-1,1980,320,12.5\nB-2,Winter Light,A-1,1991,210,9.9\n"
    "B-3,Two Rivers,A-2,1975,410,20\n"
)
QUESTIONS = [
    "Which books have more than 300 pages?",
    "How many books did Anna Berg write?",
    "What is the average number of pages?",
    "What is the average price of books by Anna Berg?",
    "Who is the oldest author?",
    "Which author wrote the most books?",
    "Which authors are from Norway or Sweden?",
    "Which books have fewer than 300 pages?",
    "How many pages do the books have in total?",
    "Which authors have no books after 1980?",
    "How many books are there by each author?",
    "How many more books did Anna Berg write than Otto Lind?",
    "What is the highest price in each year?",
]


@pytest.fixture(scope="module", params=["arcadedb", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    if request.param == "neo4j":
        request.getfixturevalue("neo4j_store")
    folder = tmp_path_factory.mktemp("parts")
    source = folder / "project"
    source.mkdir()
    for name, text in (("a.py", CODE), ("a.md", PROSE), ("authors.csv", AUTHORS), ("books.csv", BOOKS)):
        (source / name).write_text(text)
    with Library(folder / "library", settings=Settings(embedder="hash", graph=request.param)) as opened:
        opened.add(source)
        yield opened


def edit(library: Library, name: str, old: str, new: str) -> dict[str, bool]:
    """Changes a file; which parts have moved."""
    before = versions(open_sources(library.store))
    file = library.store.folder.parent / "project" / name
    file.write_text(file.read_text().replace(old, new))
    library.add(file.parent)
    after = versions(open_sources(library.store))
    return {part: before[part] != after[part] for part in after}


def test_one_query_crosses_code_documents_and_tables(library: Library) -> None:
    query = """MATCH (g:FUNCTION)<-[:CALLS]-(f:FUNCTION)-[:DOCUMENTED_BY]->(p:PASSAGE)-[:MENTIONS]->(e:ENTITY)
        MATCH (a:AUTHOR {name: e.name})<-[:OF_AUTHOR]-(b:BOOK) RETURN g.name, e.name, b.title ORDER BY b.title"""
    rows = library.graph.query(query).rows
    assert rows == (("find_shelf", "Anna Berg", "The Harbour"), ("find_shelf", "Anna Berg", "Winter Light"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_query_that_the_tables_show_gives_the_rows_that_they_answer(library: Library, question: str) -> None:
    answer = library.tables.ask(question)
    assert answer.status == "rows", answer.text
    rows = library.graph.query(answer.metadata["query"]).rows
    assert Counter(map(tuple, rows)) == Counter(map(tuple, answer.citations[0].evidence.rows))


@pytest.mark.parametrize(
    ("name", "old", "new", "moved", "query", "row"),
    [
        (
            "a.py",
            "find_shelf",
            "seek_shelf",
            {"code"},
            "MATCH (f:FUNCTION {name: 'seek_shelf'})<-[:CALLS]-(g) ",
            "put_book",
        ),
        ("a.md", "Oslo", "Bergen", {"knowledge"}, "MATCH (g:ENTITY {name: 'Bergen'}) ", "Bergen"),
        (
            "books.csv",
            "Winter",
            "Summer",
            {"knowledge", "tables"},  # the rows are sentences, too
            "MATCH (b:BOOK {title: 'Summer Light'})-->(g:AUTHOR) ",
            "Anna Berg",
        ),
    ],
)
def test_an_edit_moves_the_parts_that_hold_it_and_the_whole_is_as_if_it_had_been_loaded_anew(
    library: Library, name: str, old: str, new: str, moved: set[str], query: str, row: str
) -> None:
    library.graph.schema()
    store = library.graph._store
    assert store
    if store.name == "neo4j":
        store.execute("MATCH (n) SET n.untouched = true")
    assert edit(library, name, old, new) == {one: one in moved for one in ("code", "knowledge", "tables")}
    assert library.graph.query(f"{query} RETURN g.name").rows == ((row,),)
    if store.name == "neo4j":
        parts = store.execute("MATCH (n) RETURN DISTINCT n._graph[1], n.untouched IS NULL").rows
        assert sorted(parts) == [(one, one in moved) for one in ("code", "knowledge", "tables")]
    sources = open_sources(library.store)
    nodes = sum(1 for source in sources for _ in source.nodes())
    edges = sum(1 for source in sources for _ in source.edges())
    assert library.graph.query("MATCH (n) RETURN count(n)").rows == ((nodes,),)
    assert library.graph.query("MATCH ()-[r]->() RETURN count(r)").rows == ((edges,),)


def test_what_an_older_version_loaded_is_replaced_as_a_whole(library: Library) -> None:
    library.store.set(f"graph:{library.settings.graph}", "3, 1.2.3, 4")
    assert library.graph.query("MATCH (f:FUNCTION) RETURN count(f)").rows == ((2,),)
    assert (library.store.get(f"graph:{library.settings.graph}") or "").startswith("{")
