"""A grammar of one graph alone: only what the graph has can be written."""

from __future__ import annotations

from functools import partial

import pytest
from llguidance import LLTokenizer

from evidentia.graphs.base import GraphSchema
from evidentia.graphs.cypher.guard import check, check_schema
from evidentia.graphs.cypher.narrowing import AskableLabel, schema_grammar
from evidentia.serving.constraints import constrain, grammar

LABELS = (
    AskableLabel("Ship", {"name": "text", "tonnage": "number", "retired": "boolean"}),
    AskableLabel("Harbour", {"name": "text", "odd name": "date"}),
)
RELATIONS = (("Ship", "DOCKED_AT", "Harbour"), ("Ship", "FOLLOWS", "Ship"))
TRUE_TO_THE_GRAPH = [
    "MATCH (ship_0:Ship) RETURN ship_0.name",
    "MATCH (ship_0:Ship)-[:DOCKED_AT]->(harbour_1:Harbour) WHERE harbour_1.name = 'Bergen' AND ship_0.tonnage > 5000 "
    "RETURN DISTINCT ship_0.name ORDER BY ship_0.tonnage DESC LIMIT 3",
    "MATCH (harbour_1:Harbour)<-[:DOCKED_AT]-(ship_0:Ship)-[:FOLLOWS]->(ship_02:Ship) WHERE ship_02.retired = true "
    "RETURN harbour_1.name, count(DISTINCT ship_0) AS measure ORDER BY measure DESC",
    "MATCH (harbour_1:Harbour) WHERE harbour_1.`odd name` < '2020-01-01' RETURN harbour_1.`odd name`",
]
NOT_TRUE = [
    "MATCH (ship_0:Boat) RETURN ship_0.name",
    "MATCH (ship_0:Ship) RETURN ship_0.depth",
    "MATCH (harbour_1:Harbour)-[:DOCKED_AT]->(ship_0:Ship) RETURN ship_0.name",
    "MATCH (ship_0:Ship) WHERE ship_0.name = 'Nobody' RETURN ship_0.name",
    "MATCH (ship_0:Ship) DELETE ship_0",
]


@pytest.fixture(scope="module")
def words() -> grammar.Vocabulary:
    plain = LLTokenizer("byte")
    return grammar.Vocabulary(plain.vocab_size, (plain.eos_token,), plain, partial(grammar.matcher, plain))


def can_be_written(words: grammar.Vocabulary, query: str, names: tuple[str, ...] = ("Bergen", "O'Hara")) -> bool:
    guide = constrain("lark", words, schema_grammar(LABELS, RELATIONS, names)).start()
    for byte in query.encode():
        if not guide.allows(byte):
            return False
        guide.advance(byte)
    return guide.allows(words.ends[0])


@pytest.mark.parametrize("query", TRUE_TO_THE_GRAPH)
def test_what_the_graph_has_can_be_written_and_passes_the_guard(words: grammar.Vocabulary, query: str) -> None:
    schema = GraphSchema({one.name: tuple(one.properties) for one in LABELS}, RELATIONS)
    assert can_be_written(words, query)
    assert check(query)
    assert not check_schema(query, schema)


@pytest.mark.parametrize("query", NOT_TRUE)
def test_other_labels_properties_directions_names_and_writes_cannot(words: grammar.Vocabulary, query: str) -> None:
    assert not can_be_written(words, query)


def test_without_known_names_any_text_may_be_compared_with(words: grammar.Vocabulary) -> None:
    query = "MATCH (ship_0:Ship) WHERE ship_0.name = 'Nobody' RETURN ship_0.name"
    assert can_be_written(words, query, names=())
