"""The table of verbs: each entry is whole, and everything that is made of it knows it."""

from __future__ import annotations

import pytest

from evidentia.agents.tools.base import Parameter
from evidentia.agents.tools.knowledge import KNOWLEDGE
from evidentia.agents.tools.library import TOOLS, offered_at
from evidentia.agents.tools.tables import TABLES
from evidentia.agents.tools.verbs import VERBS, verb_named
from evidentia.app.verbs import graph as router
from evidentia.app.verbs import knowledge as knowledge_router
from evidentia.app.verbs import tables as table_router
from evidentia.cli.graph import graph
from evidentia.cli.knowledge import knowledge
from evidentia.cli.table import table
from evidentia.errors import InputError, NotFoundError


@pytest.mark.parametrize("name", VERBS)
def test_every_entry_says_what_it_is(name: str):
    verb = VERBS[name]
    assert verb.name == name
    assert verb.description.endswith(".")
    assert verb.forms, "people must be able to ask for it"
    assert all(parameter.description for parameter in verb.parameters)


def test_every_door_has_every_verb():
    commands = {command.name for command in graph.registered_commands}
    routes = {route.path.rpartition("/")[2] for route in router.routes}  # type: ignore[attr-defined]
    assert VERBS.keys() <= commands & routes
    assert {name for name, verb in VERBS.items() if verb.doors} == {name for name in VERBS if TOOLS[name].doors}


@pytest.mark.parametrize("name", VERBS)
def test_what_a_form_finds_is_what_the_verb_takes(name: str):
    verb = VERBS[name]
    taken = {parameter.name for parameter in verb.parameters} | {"other", "whether"}
    assert all(set(pattern.groupindex) <= taken for pattern in verb.patterns)


def test_an_unknown_verb_names_the_known_ones():
    with pytest.raises(NotFoundError, match="callers"):
        verb_named("devours")


def test_arguments_come_by_place_or_by_name():
    verb = VERBS["callers"]
    assert verb.arguments(("area",), {})["name"] == verb.arguments((), {"name": "area"})["name"] == "area"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        (("a", 1, 2), {}),
        ((), {"symbol": "a"}),
        ((), {"name": 1}),
        (("  ",), {}),
        (("a",), {"name": True}),
    ],
)
def test_wrong_arguments_are_refused(values: tuple[object, ...], named: dict[str, object]):
    with pytest.raises(InputError):
        VERBS["callers"].arguments(values, named)


@pytest.mark.parametrize("value", [0, 11, "2", True, 1.5])
def test_a_number_keeps_to_its_bounds(value: object):
    with pytest.raises(InputError):
        Parameter("depth", "How far.", 1, most=10).check(value)


def test_every_door_has_every_verb_of_the_knowledge_graph():
    commands = {command.name for command in knowledge.registered_commands}
    routes = {route.path.rpartition("/")[2] for route in knowledge_router.routes}  # type: ignore[attr-defined]
    tools = {name.removeprefix("kg-") for name in TOOLS if name.startswith("kg-")}
    assert KNOWLEDGE.keys() <= commands & routes & tools


def test_every_verb_of_the_tables_is_a_tool_and_costs_no_client_of_mcp_a_description():
    commands = {command.name for command in table.registered_commands}
    routes = {route.path.rpartition("/")[2] for route in table_router.routes}  # type: ignore[attr-defined]
    tools = {name.removeprefix("table-") for name in TOOLS if name.startswith("table-")}
    assert TABLES.keys() <= commands & routes & tools
    assert "table-ask" in offered_at("loop")
    assert not any(name.startswith("table-") for name in offered_at("mcp"))


def test_what_writes_is_not_given_to_the_loop():
    assert not any(tool.writes for tool in offered_at("loop").values())
