"""The OpenAPI description is true: generated requests, good and bad, get the replies that it promises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, given
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from evidentia import Library, Settings
from evidentia.agents.tools.knowledge import KNOWLEDGE
from evidentia.agents.tools.tables import TABLES
from evidentia.agents.tools.verbs import VERBS
from evidentia.app.openai.schema import bodies_described
from evidentia.app.openai.served_model import Models
from evidentia.app.server import create_app
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.serving.models.scripted import ByteModel

from .conftest import listening

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
HEADERS = {"Host": "localhost"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_reply_is_as_described(scripted: Any, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", create_app(scripted), headers=HEADERS)
    assert _count(schema) == 16 + len(VERBS) + len(KNOWLEDGE) + len(TABLES)
    for operation in schema.get_all_operations():
        _holds_for(operation.ok(), mode)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("examples", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_every_reply_under_v1_is_as_described(mode: GenerationMode, examples: int) -> None:
    """What ``evidentia model serve`` serves, alone."""
    app = create_app(models=_models())
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", app, headers=HEADERS)
    assert _count(schema) == 8
    for operation in schema.get_all_operations():
        _holds_for(operation.ok(), mode, examples)


@pytest.mark.parametrize("examples", [1, pytest.param(40, marks=pytest.mark.slow)])
def test_a_real_library_behind_a_real_server_keeps_its_description(tmp_path: Path, examples: int) -> None:
    """Where requests take as long as they take, and what they find is there."""
    (tmp_path / "guide.md").write_text("# Guide\n\nThe valve opens at 30 bar.\n")
    (tmp_path / "pump.py").write_text(
        "def start(rate):\n    return check(rate)\n\n\ndef check(rate):\n    return rate\n"
    )
    settings = Settings(library=tmp_path / "library", embedder="hash")
    model = ByteModel(context=200)
    with Library(settings=settings, model=model) as library:
        library.add(tmp_path / "guide.md", tmp_path / "pump.py")
        with listening(library, models=Models("bytes", lambda: model, "hash", HashEmbedder), may_add=True) as address:
            schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json", wait_for_schema=30)
            for operation in schema.get_all_operations():
                for mode in GenerationMode:
                    _holds_for(operation.ok(), mode, examples, timeout=120)


def test_both_descriptions_are_one_where_both_are_served(scripted: Any) -> None:
    whole, bodies = create_app(scripted, models=_models()).openapi(), bodies_described(["bytes"], "hash")
    without = create_app(scripted).openapi()
    assert len(whole["paths"]) == len(without["paths"]) + 7
    assert bodies.items() <= whole["components"]["schemas"].items()
    assert not bodies.keys() & without["components"]["schemas"].keys()


def test_the_description_says_how_long_a_question_may_be_here(scripted: Any) -> None:
    scripted.settings = replace(scripted.settings, max_question_chars=77)
    description = create_app(scripted).openapi()
    question = description["components"]["schemas"]["QuestionBody"]["properties"]["question"]
    in_query = description["paths"]["/api/search"]["get"]["parameters"]
    assert question["maxLength"] == 77
    assert [each["schema"]["maxLength"] for each in in_query if each["name"] == "question"] == [77]


def _models() -> Models:
    model, embedder = ByteModel(context=200), HashEmbedder()
    return Models("bytes", lambda: model, "hash", lambda: embedder)


def _count(schema: Any) -> int:
    return len(list(schema.get_all_operations()))


def _holds_for(operation: Any, mode: GenerationMode, examples: int = 20, **transport: Any) -> None:
    if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
        return  # nothing that it takes can be wrong

    @hypothesis.settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers=HEADERS, **transport)

    check()
