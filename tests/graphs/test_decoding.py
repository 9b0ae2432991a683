"""The dialect as a decoding grammar: what the parser reads can be written, writes cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from evidentia.errors import QueryRefused
from evidentia.graphs.cypher.decoding import decoding_grammar
from evidentia.graphs.cypher.guard import read

BATTERY = Path(__file__).with_name("conformance.json")
READS = [
    "MATCH (n) RETURN n",
    "match (n:`odd name` {`a key`: 1}) return n.`a key` as `the key`",
    "MATCH (a:A&B|!C)-[r:X|Y*1..3 {w: $w}]->(b WHERE b.x > 1) WHERE a.name = $name RETURN *",
    "MATCH (n) WHERE EXISTS { (n)-[:X]->() WHERE n.a = 1 } AND n.end IS NOT NULL RETURN CASE WHEN 1 < 2 THEN 'a' END",
    "UNWIND [1, 2] AS x WITH x WHERE x <> 2 RETURN x UNION ALL RETURN 1 AS x",
    "MATCH p = ANY SHORTEST (a)-[:X]->+(b) RETURN p ORDER BY p DESC LIMIT 3",
]
WRITES = [
    "CREATE (n)",
    "MATCH (n) SET n.x = 1 RETURN n",
    "MATCH (n) DETACH DELETE n",
    "MERGE (n:A) RETURN n",
    "MATCH (n) REMOVE n.x RETURN n",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "MATCH (n) RETURN n; MATCH (n) DELETE n",
    "USE other MATCH (n) RETURN n",
    "CALL dbms.listConfig() YIELD name RETURN name",
    "RETURN apoc.version()",
]
ODD = [
    "MATCH (n) RETURNn",
    "UNWIND [1]ASx RETURN x",
    "RETURN '\\u0027'",
    "MATCH (n) // \\u000a\nRETURN n",
    "RETURN CASE",
]


@pytest.fixture(scope="module")
def writable_by() -> Callable[[str], Callable[[str], bool]]:
    from llguidance import LLTokenizer

    from evidentia.serving.constraints import constrain, grammar

    plain = LLTokenizer("byte")
    words = grammar.Vocabulary(plain.vocab_size, (plain.eos_token,), plain, partial(grammar.matcher, plain))

    def ask(constraint: Any, query: str) -> bool:
        guide = constraint.start()
        for byte in query.encode():
            if not guide.allows(byte):
                return False
            guide.advance(byte)
        return bool(guide.allows(plain.eos_token))

    return lambda grammar: partial(ask, constrain("lark", words, grammar))


@pytest.fixture(scope="module")
def writable(writable_by: Callable[[str], Callable[[str], bool]]) -> Callable[[str], bool]:
    return writable_by(decoding_grammar())


def test_labels_can_be_limited_to_those_of_the_graph(writable_by: Callable[[str], Callable[[str], bool]]) -> None:
    writable = writable_by(decoding_grammar(("CLASS", "odd `name\\")))
    assert writable("MATCH (n:CLASS)-[:`odd ``name\\`]->() RETURN n")
    assert not writable("MATCH (n:METHOD) RETURN n")


def readable(query: str) -> bool:
    try:
        read(query)
    except QueryRefused:
        return False
    return True


@pytest.mark.parametrize("query", READS)
def test_reads_can_be_written(writable: Callable[[str], bool], query: str) -> None:
    assert readable(query)
    assert writable(query)


@pytest.mark.parametrize("query", WRITES)
def test_writes_cannot(writable: Callable[[str], bool], query: str) -> None:
    assert not writable(query)


@pytest.mark.parametrize("query", ODD)
def test_what_the_parser_would_refuse_cannot_be_written(writable: Callable[[str], bool], query: str) -> None:
    assert not readable(query)
    assert not writable(query)


def test_of_the_conformance_battery_exactly_the_readable_queries_can_be_written(
    writable: Callable[[str], bool],
) -> None:
    queries = [query["cypher"] for query in json.loads(BATTERY.read_text(encoding="utf-8"))["queries"]]
    assert [query for query in queries if writable(query)] == [query for query in queries if readable(query)]
