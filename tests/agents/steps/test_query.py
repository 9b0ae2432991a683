"""A query that a model writes: never run where the guard or the schema refuse it, its error handed back, and a grammar
trusted only where it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from evidentia.agents.steps.query import keeps_grammar, write_query
from evidentia.errors import GraphError, ModelError
from evidentia.graphs.base import GraphRows
from evidentia.graphs.translation.schema import SchemaProperty, SchemaRelation, TypedSchema
from evidentia.graphs.translation.translate import Translator
from evidentia.serving.base import GREEDY, Sampling
from evidentia.serving.models.scripted import ScriptedModel

SCHEMA = TypedSchema(
    {"Ship": (SchemaProperty("name"), SchemaProperty("tonnage", "number")), "Harbour": (SchemaProperty("name"),)},
    (SchemaRelation("DOCKED_AT", "Ship", "Harbour"),),
)
GOOD = "MATCH (s:Ship)-[:DOCKED_AT]->(h:Harbour) RETURN h.name"
QUESTION = "Where do the ships lie?"


class Planner:
    """A model at an endpoint that answers from a list; ``keeps``: it is really held to a grammar."""

    name, plans = "planner", True

    def __init__(self, *replies: str, keeps: bool = False) -> None:
        self.replies, self.keeps = list(replies), keeps
        self.asked: list[tuple[list[Mapping[str, Any]], dict[str, Any]]] = []

    def complete(
        self, messages: Sequence[Mapping[str, Any]], sampling: Sampling = GREEDY, **extra: Any
    ) -> dict[str, Any]:
        self.asked.append((list(messages), extra))
        if messages[-1]["content"] == "Say: yes":
            return {"content": extra["structured_outputs"]["grammar"].split('"')[1] if self.keeps else "yes"}
        return {"content": self.replies.pop(0)}

    def stream(self, messages: Any, sampling: Sampling = GREEDY) -> Any:
        raise AssertionError("it is asked by complete")


def run(cypher: str) -> GraphRows:
    return GraphRows(("h.name",), (("Bergen",),))


def write(model: Any) -> Any:
    translator = Translator(SCHEMA)
    return write_query(model, translator, QUESTION, translator.candidates(QUESTION), run)


def test_the_model_says_what_to_look_up_and_then_writes_the_query() -> None:
    model = Planner("The harbours of ships.", f"```cypher\n{GOOD}\n```")
    found = write(model)
    assert (found.cypher, found.rows.rows, found.tries) == (GOOD, (("Bergen",),), ())
    last = [turn["content"] for turn in model.asked[-1][0]]
    assert "(:Ship)-[:DOCKED_AT]->(:Harbour)" in last[1]
    assert "The harbours of ships." in last


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("MATCH (s:Boat) RETURN s.name", "no node has the label Boat"),
        ("MATCH (h:Harbour)-[:DOCKED_AT]->(s:Ship) RETURN s.name", "turn the arrow around"),
        ("MATCH (s:Ship) DELETE s", "DELETE changes the graph"),
    ],
)
def test_what_is_wrong_with_a_query_is_handed_back_word_for_word_and_it_is_not_run(wrong: str, said: str) -> None:
    model = Planner("Ships.", wrong, GOOD)
    found = write(model)
    assert found.cypher == GOOD
    assert said in found.tries[0]
    assert said in model.asked[-1][0][-1]["content"]


def test_an_error_of_the_engine_is_handed_back_too() -> None:
    model = Planner("Ships.", GOOD, GOOD)
    rows = iter([GraphError("the engine is tired"), run(GOOD)])

    def tired(cypher: str) -> GraphRows:
        if isinstance(found := next(rows), GraphError):
            raise found
        return found

    found = write_query(model, Translator(SCHEMA), QUESTION, (), tired)  # type: ignore[arg-type]
    assert found.tries == ("the engine is tired.",)


def test_after_three_wrong_queries_it_gives_up_with_what_was_wrong() -> None:
    with pytest.raises(GraphError, match="in 3 tries"):
        write(Planner("Ships.", *["MATCH (s:Boat) RETURN s.name"] * 3))


def test_a_grammar_is_sent_only_to_an_endpoint_that_keeps_one() -> None:
    holds, ignores = Planner("Ships.", GOOD, keeps=True), Planner("Ships.", GOOD)
    assert keeps_grammar(holds)
    assert not keeps_grammar(ignores)
    write(holds)
    write(ignores)
    assert "DOCKED_AT" in holds.asked[-1][1]["structured_outputs"]["grammar"]
    assert ignores.asked[-1][1] == {}


def test_a_model_that_takes_neither_a_grammar_nor_requests_is_refused() -> None:
    with pytest.raises(ModelError, match="cannot be held to a grammar"):
        write(ScriptedModel(["MATCH (n) RETURN n"]))
