"""One question over the whole graph of a library: code, documents and tables, by every door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from evidentia import Library
from evidentia.app.server import create_app
from evidentia.errors import InputError
from evidentia.graphs.cypher.guard import check
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.serving.models.scripted import ByteModel

CODE = '"""Shelves."""\n\n\ndef put_book(shelf):\n    return find_shelf(shelf)\n\n\ndef find_shelf(shelf):\n    pass\n'
PROSE = "# Shelves\n\nCall `put_book` to fill a shelf. Anna Berg wrote the Nordic Catalogue. Anna Berg lives in Oslo.\n"
AUTHORS = "author_id,name,country\nA-1,Anna Berg,Norway\nA-2,Otto Lind,Sweden\n"
BOOKS = "book_id,title,author_id,pages\nB-1,The Harbour,A-1,320\nB-2,Winter Light,A-1,210\nB-3,Two Rivers,A-2,410\n"
MENTIONED = "Which passages mention Anna Berg?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("asked")
    source = folder / "project"
    source.mkdir()
    for name, text in (("a.py", CODE), ("a.md", PROSE), ("authors.csv", AUTHORS), ("books.csv", BOOKS)):
        (source / name).write_text(text)
    with Library(folder / "library", embedder=HashEmbedder()) as opened:
        opened.add(source)
        yield opened


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Which functions call find_shelf?", "put_book"),
        ("How many functions are there?", "2"),
        ("Which books have more than 300 pages?", "Two Rivers"),
        (MENTIONED, "project/a.md"),
        ("Which entities are mentioned in passages of the document a.md?", "Nordic Catalogue"),
        ("Which entities are near Anna Berg?", "Shelves"),
        ("Which document has the most passages?", "project/a.md"),
    ],
)
def test_rows_of_any_part_of_the_graph_answer_with_a_query_that_the_guard_accepts(
    library: Library, question: str, text: str
) -> None:
    answer = library.ask_graph(question)
    assert answer.status == "rows"
    assert text in answer.text
    assert check(answer.metadata["query"])
    json.dumps(answer.to_dict())


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Which unicorns does Anna Berg own?", "does not say what is meant by: unicorns"),
        ("Which passages mention 'Karl Nobody'?", "nothing in the graph is called 'Karl Nobody'"),
        ("Which functions have a line above 900?", "nothing in the graph keeps all conditions"),
    ],
)
def test_what_the_graph_cannot_answer_is_searched_for_and_the_answer_says_why(
    library: Library, question: str, reason: str
) -> None:
    answer = library.ask_graph(question)
    assert answer.status != "rows"
    assert answer.text.startswith("Not answered by the graph: ")
    assert reason in answer.text.splitlines()[0]
    assert "query" in [step.name for step in answer.trace]


def test_beside_the_search_stands_what_the_graph_joins_with_the_names(library: Library) -> None:
    answer = library.ask_graph("Which unicorns does Anna Berg own?")
    assert "Around Anna Berg in the graph: " in answer.text
    assert answer.citations[-1].evidence.query


def test_an_edit_is_answered_from_the_new_graph(library: Library) -> None:
    source = Path(library.store.folder).parent / "project"
    (source / "b.md").write_text("# More\n\nAnna Berg likes `find_shelf`.\n")
    library.add(source)
    assert "project/b.md" in library.ask_graph(MENTIONED).text
    (source / "b.md").unlink()
    library.add(source)
    assert "project/b.md" not in library.ask_graph(MENTIONED).text


def test_where_the_model_writes_no_query_that_runs_the_translator_answers_and_the_trace_says_so(
    library: Library,
) -> None:
    noise = Library(library.store.folder, create=False, embedder=HashEmbedder(), model=ByteModel())
    with noise:
        answer = noise.ask_graph(MENTIONED, write=True)
    assert answer.status == "rows"
    assert "Translated without the model" in " ".join(step.detail for step in answer.trace) or answer.model


def test_the_other_doors_give_the_same_answer(library: Library, evidentia: Any) -> None:
    expected = library.ask_graph(MENTIONED).text
    client = TestClient(create_app(library), base_url="http://127.0.0.1")
    reply = client.post("/api/graph/ask", json={"question": MENTIONED})
    assert reply.status_code == 200
    assert reply.json()["text"] == expected
    assert client.post("/api/graph/ask", json={"question": " "}).status_code == 400
    for group in ("kg", "graph"):
        printed = evidentia(group, "ask", MENTIONED, "--library", str(library.store.folder))
        assert "MATCH (a:PASSAGE)-[:MENTIONS]->(b:ENTITY)" in printed.stdout


def test_an_empty_question_is_refused(library: Library) -> None:
    with pytest.raises(InputError, match="empty"):
        library.ask_graph("  ")
