from __future__ import annotations

import pytest

from evidentia.agents.steps.route import route


@pytest.mark.parametrize(
    ("question", "verb", "symbol"),
    [
        ("What does `shortest_path` call?", "callees", "shortest_path"),
        ("Which functions does nx.shortest_path call?", "callees", "nx.shortest_path"),
        ("Who calls pagerank?", "callers", "pagerank"),
        ("What functions call the function pagerank()?", "callers", "pagerank"),
        ("Who calls pagerank in networkx?", "callers", "pagerank"),
        ("Please show me all the callers of pagerank, and where", "callers", "pagerank"),
        ("Where is `Graph.add_edge` defined?", "definition", "Graph.add_edge"),
        ("Which classes inherit from Graph?", "subclasses", "Graph"),
        ("What are the subclasses of networkx.Graph?", "subclasses", "networkx.Graph"),
        ("What are the base classes of FlaskGroup?", "superclasses", "FlaskGroup"),
        ("Which classes override convert?", "overrides", "convert"),
        ("What are the methods of Context?", "members", "Context"),
        ("where is _dispatchable used", "references", "_dispatchable"),
        ("Which tests reach Session.send?", "tests", "Session.send"),
        ("What breaks if I change parse_config?", "impact", "parse_config"),
        ("Where is TimeoutError raised?", "raises", "TimeoutError"),
        ("Who imports pkg.core?", "importers", "pkg.core"),
        ("What does pkg.core import?", "imports", "pkg.core"),
        ("What implements the Store interface?", "implementors", "Store"),
        ("What does run_all do?", "explain", "run_all"),
        ("What does Cart::Line#total_of do?", "explain", "Cart.Line.total_of"),
        ("Who calls Cart's add_line?", "callers", "Cart.add_line"),
        ("What does --size do?", "flags", "--size"),
        ("What does the flag size do?", "flags", "size"),
        ("Where is the --max-size flag defined?", "flags", "--max-size"),
        ("What is the default of the -s option?", "flags", "-s"),
        ("What does cas.lua do?", "file-heads", "cas.lua"),
        ("What calls the Lua script take_lock?", "file-users", "take_lock"),
        ("Where is take_lock.lua loaded?", "file-users", "take_lock.lua"),
    ],
)
def test_a_question_about_a_symbol_goes_to_the_graph(question: str, verb: str, symbol: str):
    found = route(question)
    assert (found.verb, found.symbol) == (verb, symbol)


@pytest.mark.parametrize(
    "question",
    [
        "How does a.run get to b.stop?",
        "How is b.stop reached from a.run?",
        "Show me the call path from a.run to b.stop",
        "From a.run, how is b.stop reached?",
        "Through which calls does a.run reach b.stop?",
    ],
)
def test_a_question_about_two_symbols_keeps_their_order(question: str):
    found = route(question)
    assert (found.verb, found.arguments) == ("path", {"start": "a.run", "end": "b.stop"})


@pytest.mark.parametrize(
    ("question", "verb"),
    [
        ("Which code is dead?", "unused"),
        ("Are there any circular imports?", "cycles"),
        ("What are the entry points of this project?", "entry-points"),
        ("Which environment variables does this program read?", "options"),
        ("What settings and flags does the tool take?", "options"),
        ("Which command line options are there?", "options"),
        ("How can I configure this app?", "options"),
        ("What are the most important files?", "map"),
    ],
)
def test_a_question_about_all_code_needs_no_symbol(question: str, verb: str):
    found = route(question)
    assert (found.verb, found.arguments) == (verb, {})


@pytest.mark.parametrize(
    ("question", "revision"),
    [
        ("What is affected by my changes since HEAD~1?", "HEAD~1"),
        ("Which tests should I run for my changes since main?", "main"),
        ("What has changed since v1.2?", "v1.2"),
    ],
)
def test_a_question_about_changes_names_their_revision(question: str, revision: str):
    found = route(question)
    assert (found.verb, found.arguments) == ("impact", {"diff": revision})


@pytest.mark.parametrize(
    ("question", "other"),
    [("Does Group inherit from Command?", "Command"), ("Does helper call run_all?", "helper")],
)
def test_a_question_that_wants_yes_or_no_says_of_what(question: str, other: str):
    found = route(question)
    assert found.whether
    assert found.other == other


@pytest.mark.parametrize(
    "question",
    [
        "If I rename my_name, what else must be touched?",
        "So who would notice when we removed my_name?",
        "What else is affected once my_name is changed?",
    ],
)
def test_words_that_belong_to_a_verb_do_where_no_form_fits(question: str):
    found = route(question)
    assert (found.verb, found.symbol) == ("impact", "my_name")


@pytest.mark.parametrize(
    "question",
    [
        "Where is the damping factor of PageRank documented, and what is its default?",
        "What does the library do when the disk is full?",
        "Who wrote the first compiler?",
        "What is the default of max_retries when a call fails?",
        "Which Python does beets 1.6 need?",
        "How do I change the colour of the heading?",
        'Why do I see "my_name was removed"?',
        "What is a virtual package?",
        "What changed in version 2.0?",
        "What has changed since the war?",
        "",
    ],
)
def test_everything_else_is_searched_for(question: str):
    assert route(question).verb is None


def test_a_symbol_written_as_code_is_certain():
    assert route("Who calls `run`?").certain
    assert not route("Who calls Mary?").certain
