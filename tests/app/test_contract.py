"""The OpenAPI description is true: generated requests, good and bad, get the replies that it promises."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from evidentia.agents.tools.verbs import VERBS
from evidentia.app.server import create_app

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
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 7 + len(VERBS)
    for operation in operations:
        takes_something = bool(list(operation.iter_parameters())) or bool(operation.body)
        if mode is GenerationMode.POSITIVE or takes_something:
            _holds_for(operation.as_strategy(generation_mode=mode))


def _holds_for(cases: Any) -> None:
    @settings(max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers=HEADERS)

    check()
