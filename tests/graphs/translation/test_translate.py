"""Questions in English over a schema that the translator has never seen, without an embedder: by names alone."""

from __future__ import annotations

import pytest

from evidentia.graphs.base import GraphRows
from evidentia.graphs.cypher.guard import check, check_schema
from evidentia.graphs.translation.answering import GraphRefusal, GraphTable, answer_from_graph
from evidentia.graphs.translation.schema import SchemaProperty, SchemaRelation, TypedSchema
from evidentia.graphs.translation.translate import Translator

SCHEMA = TypedSchema(
    {
        "Ship": (
            SchemaProperty("name"),
            SchemaProperty("tonnage", "number"),
            SchemaProperty("launched", "date"),
            SchemaProperty("retired", "boolean"),
            SchemaProperty("homepage"),
            SchemaProperty("flags", "list"),
        ),
        "Harbour": (SchemaProperty("name"), SchemaProperty("country"), SchemaProperty("depth", "number")),
        "Captain": (SchemaProperty("name"), SchemaProperty("age", "number")),
        "CargoType": (SchemaProperty("title"), SchemaProperty("dangerous", "boolean")),
    },
    (
        SchemaRelation("COMMANDS", "Captain", "Ship", (SchemaProperty("since", "date"),)),
        SchemaRelation("DOCKED_AT", "Ship", "Harbour", (SchemaProperty("days", "number"),)),
        SchemaRelation("CARRIES", "Ship", "CargoType"),
        SchemaRelation("TRAINED", "Captain", "Captain"),
    ),
)
CASES = {
    "Which ships have a tonnage above 5,000?": "MATCH (a:Ship) WHERE a.tonnage > 5000 RETURN DISTINCT a.name",
    "Which ships docked at 'Bergen'?": "MATCH (a:Ship)-[:DOCKED_AT]->(b:Harbour) WHERE b.name = 'Bergen' RETURN DISTINCT a.name",
    "How many ships are there?": "MATCH (a:Ship) RETURN count(DISTINCT a) AS measure",
    "Who commands the ship 'Fram'?": "MATCH (b:Captain)-[:COMMANDS]->(a:Ship) WHERE a.name = 'Fram' RETURN DISTINCT b.name",
    "List the top 3 ships by tonnage.": "MATCH (a:Ship) WHERE a.tonnage IS NOT NULL RETURN DISTINCT a.name, a.tonnage ORDER BY a.tonnage DESC LIMIT 3",
    "Which harbour has the most ships?": "MATCH (a:Ship)-[:DOCKED_AT]->(b:Harbour) WITH b, count(DISTINCT a) AS measure RETURN b.name, measure ORDER BY measure DESC LIMIT 1",
    "Which ships carry more than two cargo types?": "MATCH (b:Ship)-[:CARRIES]->(a:CargoType) WITH b, count(DISTINCT a) AS measure WHERE measure > 2 RETURN b.name, measure ORDER BY measure DESC",
    "What is the average tonnage of ships in 'Bergen' harbour?": "MATCH (a:Ship)-[:DOCKED_AT]->(b:Harbour) WHERE b.name = 'Bergen' WITH DISTINCT a RETURN avg(a.tonnage) AS measure",
    "Which ships are not retired?": "MATCH (a:Ship) WHERE a.retired = false RETURN DISTINCT a.name",
    "Which ships have no homepage?": "MATCH (a:Ship) WHERE a.homepage IS NULL RETURN DISTINCT a.name",
    "Which captains were trained by 'Nansen'?": "MATCH (b:Captain)-[:TRAINED]->(a:Captain) WHERE b.name = 'Nansen' RETURN DISTINCT a.name",
    "Which captains did 'Nansen' train?": "MATCH (b:Captain)-[:TRAINED]->(a:Captain) WHERE b.name = 'Nansen' RETURN DISTINCT a.name",
    "Which ships were launched after 1990?": "MATCH (a:Ship) WHERE a.launched >= '1991-01-01' RETURN DISTINCT a.name",
    "Which ships were launched in March 1990?": "MATCH (a:Ship) WHERE a.launched >= '1990-03-01' AND a.launched < '1990-04-01' RETURN DISTINCT a.name",
    "Which ships have no captain?": "MATCH (a:Ship) WHERE NOT EXISTS { (:Captain)-[:COMMANDS]->(a) } RETURN DISTINCT a.name",
    "Show the names and depths of harbours with a depth between 10 and 20.": "MATCH (a:Harbour) WHERE a.depth >= 10 AND a.depth <= 20 RETURN DISTINCT a.name, a.depth",
    "Which ships docked for more than 5 days at 'Bergen'?": "MATCH (a:Ship)-[r0:DOCKED_AT]->(b:Harbour) WHERE b.name = 'Bergen' AND r0.days > 5 RETURN DISTINCT a.name",
    "Which ships with names starting with 'St' carry dangerous cargo?": "MATCH (a:Ship)-[:CARRIES]->(b:CargoType) WHERE a.name STARTS WITH 'St' AND b.dangerous = true RETURN DISTINCT a.name",
    "Which captains commanded ships that docked at 'Bergen' and carried 'Coal'?": "MATCH (b:Captain)-[:COMMANDS]->(a:Ship)-[:DOCKED_AT]->(c:Harbour), (a)-[:CARRIES]->(d:CargoType) WHERE c.name = 'Bergen' AND d.title = 'Coal' RETURN DISTINCT b.name",
    "What is the average tonnage of ships per harbour?": "MATCH (a:Ship)-[:DOCKED_AT]->(b:Harbour) WITH DISTINCT a, b WITH b, avg(a.tonnage) AS measure RETURN b.name, measure ORDER BY measure DESC",
    "How many ships docked at each harbour?": "MATCH (a:Ship)-[:DOCKED_AT]->(b:Harbour) WITH b, count(DISTINCT a) AS measure RETURN b.name, measure ORDER BY measure DESC",
    "List the top 5 harbours by number of ships.": "MATCH (a:Ship)-[:DOCKED_AT]->(b:Harbour) WITH b, count(DISTINCT a) AS measure RETURN b.name, measure ORDER BY measure DESC LIMIT 5",
    "Which ships have flags 'Norway'?": "MATCH (a:Ship) WHERE 'Norway' IN a.flags RETURN DISTINCT a.name",
    "Show the 3 latest ships.": "MATCH (a:Ship) WHERE a.launched IS NOT NULL RETURN DISTINCT a.name, a.launched ORDER BY a.launched DESC LIMIT 3",
    "Which cargo types are carried by 'Fram' or 'Maud'?": "MATCH (b:Ship)-[:CARRIES]->(a:CargoType) WHERE b.name IN ['Fram', 'Maud'] RETURN DISTINCT a.title",
}


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(SCHEMA)


@pytest.mark.parametrize("question", CASES)
def test_a_question_becomes_the_query_that_says_it(translator: Translator, question: str) -> None:
    assert translator.candidates(question)[0].cypher == CASES[question]


@pytest.mark.parametrize("question", [*CASES, "Why?", "", "'; MATCH (n) DETACH DELETE n //", "x" * 400, "List 3."])
def test_every_candidate_passes_the_guard_and_is_true_to_the_schema(translator: Translator, question: str) -> None:
    found = translator.candidates(question)
    assert 1 <= len(found) <= 5
    for one in found:
        assert check(one.cypher)
        assert not check_schema(one.cypher, SCHEMA.plain())


def rows_of(*rows: tuple[object, ...]) -> GraphRows:
    return GraphRows(("name",), rows)


def known(text: str) -> tuple[tuple[str, str, str], ...]:
    return (("Harbour", "name", "Bergen"),) if text.casefold() == "bergen" else ()


def test_rows_answer_with_their_query() -> None:
    found = answer_from_graph(
        Translator(SCHEMA, known=known), "Which ships docked at bergen?", lambda _: rows_of(("Fram",))
    )
    assert isinstance(found, GraphTable)
    assert found.rows.rows == (("Fram",),)
    assert "b.name = 'Bergen'" in found.cypher


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Which unicorns docked at Bergen?", "does not say what is meant by: unicorns"),
        ("Which ships docked at 'Atlantis'?", "nothing in the graph is called 'Atlantis'"),
        ("Which ships docked at Bergen?", "nothing in the graph keeps all conditions"),
        ("Which ships never docked at Bergen?", "does not say what is meant by: never"),
        ("Which ships docked only at Bergen?", "does not say what is meant by: only"),
        ("Which ships are the fastest?", "does not say what is meant by: fastest"),
        ("Which of the 17 ships docked at Bergen?", "does not say what is meant by: 17"),
        ("How are the ships?", "names nothing that would tell some"),
    ],
)
def test_what_the_graph_cannot_answer_is_refused_with_the_reason_and_no_empty_table(question: str, reason: str) -> None:
    found = answer_from_graph(Translator(SCHEMA, known=known), question, lambda _: rows_of())
    assert isinstance(found, GraphRefusal)
    assert reason in found.reason


def test_words_that_only_their_meaning_joins_to_a_name_make_an_answer_less_sure() -> None:
    import numpy as np

    def embed(texts: list[str]) -> np.ndarray:
        """Vessels are ships."""
        rows = [[1.0, 0.0] if {"vessels", "ship"} & set(text.split()) else [0.0, 1.0] for text in texts]
        return np.array(rows, np.float32)

    alone, with_meaning = Translator(SCHEMA, known=known), Translator(SCHEMA, embed, known)
    question = "Which vessels docked at Bergen?"
    assert alone.candidates(question)[0].unused == ("vessels",)
    assert with_meaning.candidates(question)[0].guessed == ("vessels",)
    found = answer_from_graph(with_meaning, question, lambda _: rows_of(("Fram",)))
    assert isinstance(found, GraphTable)
    assert found.level != "sure"
