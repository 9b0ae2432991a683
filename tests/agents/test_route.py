from __future__ import annotations

import pytest

from evidentia.agents.route import route


@pytest.mark.parametrize(
    ("question", "verb", "symbol"),
    [
        ("What does `shortest_path` call?", "callees", "shortest_path"),
        ("Which functions does nx.shortest_path call?", "callees", "nx.shortest_path"),
        ("Who calls pagerank?", "callers", "pagerank"),
        ("What functions call the function pagerank()?", "callers", "pagerank"),
        ("Where is `Graph.add_edge` defined?", "definition", "Graph.add_edge"),
        ("Which classes inherit from Graph?", "subclasses", "Graph"),
        ("What are the subclasses of networkx.Graph?", "subclasses", "networkx.Graph"),
        ("where is _dispatchable used", "references", "_dispatchable"),
    ],
)
def test_a_question_about_a_symbol_goes_to_the_graph(question: str, verb: str, symbol: str):
    found = route(question)
    assert (found.verb, found.symbol) == (verb, symbol)


@pytest.mark.parametrize(
    "question",
    [
        "Where is the damping factor of PageRank documented, and what is its default?",
        "What does the library do when the disk is full?",
        "Who wrote the first compiler?",
        "",
    ],
)
def test_everything_else_is_searched_for(question: str):
    assert route(question).verb is None


def test_a_symbol_written_as_code_is_certain():
    assert route("Who calls `run`?").certain
    assert not route("Who calls Mary?").certain
