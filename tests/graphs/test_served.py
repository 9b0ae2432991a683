"""The library's graph, asked through either engine: it follows the facts, and a query that can only miss says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.errors import NotFoundError, QueryRefused

CALLERS = "MATCH (f:FUNCTION)-[:CALLS]->(g:FUNCTION {name: $name}) RETURN f.name AS name ORDER BY name"


@pytest.fixture(params=["arcadedb", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    if request.param == "neo4j":
        # One database holds one library, and every test has a library of its own.
        request.getfixturevalue("neo4j_store").execute("MATCH (n) DETACH DELETE n")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.py").write_text("def low():\n    pass\n\n\ndef high():\n    low()\n")
    with Library(tmp_path / "library", settings=Settings(embedder="hash", graph=request.param)) as opened:
        opened.add(tmp_path / "source")
        yield opened


def test_a_query_sees_the_code(library: Library):
    assert library.graph.query(CALLERS, {"name": "low"}).rows == (("high",),)


def test_after_an_edit_a_query_sees_the_new_code(library: Library, tmp_path: Path):
    library.graph.query(CALLERS, {"name": "low"})
    (tmp_path / "source" / "a.py").write_text("def low():\n    pass\n\n\ndef higher():\n    low()\n")
    library.add(tmp_path / "source")
    assert library.graph.query(CALLERS, {"name": "low"}).rows == (("higher",),)


def test_a_wrong_label_is_named_instead_of_answering_nothing(library: Library):
    with pytest.raises(QueryRefused, match="FUNCTION"):
        library.graph.query("MATCH (f:FUNCTIONS) RETURN f.name AS name")


def test_a_wrong_name_under_an_aggregate_is_told_beside_its_row(library: Library):
    found = library.graph.query("MATCH (n:Function) RETURN count(n)")
    assert found.rows == ((0,),)
    assert any("did you mean FUNCTION" in note for note in found.notes)
    assert any("path" in note for note in library.graph.query("MATCH (f:FUNCTION) RETURN f.path").notes)
    assert library.graph.query("MATCH (n:FUNCTION) RETURN count(n)").notes == ()


def test_numbers_of_the_engine_are_no_ids(library: Library):
    with pytest.raises(QueryRefused, match=r"n\.id"):
        library.graph.query("MATCH (n) WHERE id(n) < 5 RETURN n.id")


def test_a_query_that_rightly_finds_nothing_is_no_error(library: Library):
    assert library.graph.query(CALLERS, {"name": "nobody"}).rows == ()


def test_the_rows_of_a_verb_are_those_of_the_query_that_it_shows(library: Library):
    (answer,) = library.graph.verb("callers", "low")
    rows = library.graph.query(answer.query)
    assert [row[rows.columns.index("id")] for row in rows.rows] == [row.symbol.id for row in answer.rows]


def test_an_unknown_verb_names_the_known_ones(library: Library):
    with pytest.raises(NotFoundError, match="callers"):
        library.graph.verb("devours", "low")
