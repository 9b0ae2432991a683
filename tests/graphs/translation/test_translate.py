"""Questions in English over a schema that the translator has never seen, without an embedder: by names alone."""

from __future__ import annotations

import pytest

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


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(SCHEMA)


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Which ships have a tonnage above 5,000?", "MATCH (a:Ship) WHERE a.tonnage > 5000 RETURN DISTINCT a.name, a.tonnage"),
    ],
)
def test_a_question_becomes_the_query_that_says_it(translator: Translator, question: str, query: str) -> None:
    assert translator.candidates(question)[0].cypher == query
