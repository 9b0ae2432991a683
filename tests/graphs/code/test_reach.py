"""Trees of callers and callees, and the way from one definition to another."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.errors import NotFoundError
from evidentia.graphs.code.questions.impact import reaching_tests
from evidentia.graphs.code.questions.paths import path
from evidentia.graphs.code.questions.reach import callees_within, callers_within

CHAIN = {
    "app.py": (
        "from work import Base\n\n"
        "def start(): middle()\n"
        "def middle():\n    end()\n    again()\n"
        "def again(): middle()\n"
        "def end(): pass\n"
        "def alone(): pass\n"
        "def by_base(thing: Base): thing.go()\n"
        "def by_name(thing): thing.step_out()\n"
    ),
    "work.py": (
        "class Base:\n    def go(self): pass\n\n"
        "class Late(Base):\n    def go(self): self.finish()\n    def finish(self): pass\n\n"
        "class A:\n    def step_out(self): goal()\n\nclass B:\n    def step_out(self): pass\n\n"
        "class Made:\n    def __init__(self): goal()\n\n"
        "def makes(): Made()\n"
        "def goal(): pass\n"
    ),
}


@pytest.fixture
def graph(workspace: Any) -> Any:
    return workspace.build(CHAIN)


def steps(graph: Any, start: str, end: str) -> list[str]:
    return [row.symbol.id for row in path(graph, start, end)[0].rows]


def test_a_tree_of_callers_has_each_one_once_at_its_least_distance(graph: Any):
    (answer,) = callers_within(graph, "app.end", 3)
    assert [(row.symbol.id, row.distance, row.via) for row in answer.rows] == [
        ("app.middle", 1, "app.end"),
        ("app.again", 2, "app.middle"),
        ("app.start", 2, "app.middle"),
    ]


def test_a_tree_of_callees_ends_at_its_depth(graph: Any):
    (answer,) = callees_within(graph, "start", 2)
    assert [row.symbol.id for row in answer.rows] == ["app.middle", "app.again", "app.end"]
    assert [row.symbol.id for row in callees_within(graph, "start", 1)[0].rows] == ["app.middle"]


def test_a_path_names_each_step_with_its_line(graph: Any):
    (answer,) = path(graph, "start", "end")
    assert [(row.symbol.id, row.line) for row in answer.rows] == [("app.middle", 3), ("app.end", 5)]
    assert not answer.notes


def test_a_path_goes_through_constructors_and_overrides(graph: Any):
    assert steps(graph, "makes", "goal")[-2:] == ["work.Made.__init__", "work.goal"]
    assert steps(graph, "by_base", "Late.finish")[-2:] == ["work.Late.go", "work.Late.finish"]


def test_a_step_that_only_a_name_tells_is_marked(graph: Any):
    (answer,) = path(graph, "by_name", "goal")
    assert [row.symbol.id for row in answer.rows] == ["work.A.step_out", "work.goal"]
    assert answer.rows[0].resolution == "unknown"
    assert "by its name alone" in answer.rows[0].note
    assert answer.notes


def test_no_path_is_said_with_what_speaks_for_one(graph: Any):
    (answer,) = path(graph, "end", "start")
    assert answer.rows == ()
    assert "No call path is known" in answer.notes[0]
    assert "other way round" in answer.notes[1]


def test_an_unknown_end_is_an_error_with_suggestions(graph: Any):
    with pytest.raises(NotFoundError, match="alone"):
        path(graph, "start", "alon")


def test_the_tree_of_a_recursive_function_ends(workspace: Any):
    graph = workspace.build({"a.py": "def f(): g()\ndef g(): f()\n"})
    assert [row.symbol.id for row in callers_within(graph, "f", 10)[0].rows] == ["a.g"]


_SIBLINGS = {
    "m.py": (
        "class Valve:\n    def shut(self): settle()\n\n"
        "class Tap(Valve):\n    def shut(self):\n        super().shut()\n\n"
        "class Gate(Valve):\n    def shut(self): drain()\n\n"
        "def settle(): pass\ndef drain(): pass\n\n"
        "def exact():\n    tap = Tap()\n    tap.shut()\n\n"
        "def any_valve(valve: Valve): valve.shut()\n"
    ),
    "n.ts": (
        "export class Door { async shut() { return 1 } }\n"
        "export class Hatch extends Door { async shut() { await super.shut() } }\n"
        "export class Lock extends Door { async shut() { bolt() } }\n"
        "export function bolt() { return 2 }\n"
    ),
    "o/o.go": (
        "package o\n\ntype Shutter interface { Shut() }\ntype Blind struct{}\n\n"
        "func (b Blind) Shut() { roll() }\nfunc roll() {}\nfunc All(s Shutter) { s.Shut() }\n"
    ),
}


def test_a_call_of_super_leads_to_no_sibling(workspace: Any):
    graph = workspace.build(_SIBLINGS)
    for start, end in (("Tap.shut", "drain"), ("exact", "drain"), ("Hatch.shut", "bolt")):
        (answer,) = path(graph, start, end)
        assert answer.rows == ()
    assert steps(graph, "exact", "settle") == ["m.Tap.shut", "m.Valve.shut", "m.settle"]


def test_a_call_of_an_object_of_a_base_leads_to_every_override(workspace: Any):
    graph = workspace.build(_SIBLINGS)
    assert steps(graph, "any_valve", "drain") == ["m.Gate.shut", "m.drain"]
    assert steps(graph, "All", "roll")[-1] == "o.o.roll"


WRAPPED = """import functools

def safe(fun):
    @functools.wraps(fun)
    def wrapper(*args):
        return fun(*args)
    return wrapper

def deep():
    pass

@safe
def one():
    deep()

@safe
def other():
    pass

def test_one():
    one()

def test_other():
    other()
"""


def test_a_decorators_wrapper_does_not_lead_from_one_decorated_to_all(workspace: Any):
    graph = workspace.build({"test_wrapped.py": WRAPPED})
    (answer,) = reaching_tests(graph, "deep")
    assert [row.symbol.name for row in answer.rows] == ["test_one"]
    assert path(graph, "test_one", "deep")[0].rows
    assert not path(graph, "test_other", "deep")[0].rows
