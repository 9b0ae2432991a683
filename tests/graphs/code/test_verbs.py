"""Questions to the code graph, and its projection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from evidentia.errors import NotFoundError
from evidentia.graphs.base import Edge, GraphRows, GraphSchema, Node
from evidentia.graphs.code.questions import verbs
from evidentia.graphs.code.questions.impact import impact, reaching_tests
from evidentia.graphs.code.source import CodeSource
from evidentia.graphs.sources import project

FILES = {
    "net/__init__.py": "from .core import *",
    "net/core.py": (
        'import numpy as np\n\nclass Graph:\n    """A graph."""\n    def link(self, u): return np.array(u)\n'
        "class DiGraph(Graph):\n    def link(self, u): return super().link(u)\nclass Multi(DiGraph): pass\n\n"
        "def path(g: Graph, u):\n    g.link(u)\n    g.link(u)\n    helper(u)\n\ndef helper(x): x.draw(); x.link(1)\n"
    ),
    "net/tests/test_core.py": "import net as n\ndef test_path(): n.path(n.Graph(), 1)\nclass Graph: pass\n",
}


@pytest.fixture
def graph(workspace: Any) -> Any:
    return workspace.build(FILES)


def ids(answers: list[verbs.CodeAnswer]) -> list[list[str]]:
    return [[row.symbol.id for row in answer.rows] for answer in answers]


def test_callers_name_the_place_and_every_line(graph: Any) -> None:
    answer = verbs.callers(graph, "DiGraph.link")[0]
    assert answer.symbol.id == "net.core.DiGraph.link"
    (answer,) = verbs.callers(graph, "core.Graph.link")
    sure, guessed, named = answer.rows
    assert (sure.symbol.id, sure.resolution, sure.lines) == ("net.core.DiGraph.link", "exact", (7,))
    assert (named.symbol.id, named.resolution, named.line, named.lines) == ("net.core.path", "inferred", 11, (11, 12))
    assert guessed.symbol.id == "net.core.helper"
    assert (named.symbol.file, named.document, named.symbol.line, named.symbol.end_line) == ("net/core.py", 2, 10, 13)


def test_a_function_that_calls_itself_is_its_own_caller(workspace: Any) -> None:
    assert ids(verbs.callers(workspace.build({"a.py": "def f(n): return f(n - 1)"}), "f")) == [["a.f"]]


def test_callees_include_what_lies_outside(graph: Any) -> None:
    (answer,) = verbs.callees(graph, "helper")
    assert [(row.symbol.id, row.symbol.label, row.resolution) for row in answer.rows] == [
        ("net.core.Graph.link", "METHOD", "inferred"),
        ("external:*.draw", "EXTERNAL", "unknown"),
    ]
    assert ids(verbs.callers(graph, "numpy.array")) == [["net.core.Graph.link"]]


def test_subclasses_go_all_the_way_down_or_one_step(graph: Any) -> None:
    assert ids(verbs.subclasses(graph, "core.Graph")) == [["net.core.DiGraph", "net.core.Multi"]]
    assert ids(verbs.subclasses(graph, "core.Graph", transitive=False)) == [["net.core.DiGraph"]]
    assert ids(verbs.superclasses(graph, "Multi")) == [["net.core.DiGraph", "net.core.Graph"]]
    assert ids(verbs.overrides(graph, "core.Graph.link")) == [["net.core.DiGraph.link"]]


def test_definition_gives_the_place_signature_and_summary(graph: Any) -> None:
    symbol = verbs.definition(graph, "net.core.Graph")[0].symbol
    assert (symbol.label, symbol.file, symbol.line, symbol.signature, symbol.doc) == (
        "CLASS",
        "net/core.py",
        3,
        "class Graph",
        "A graph.",
    )


def test_references_and_members(graph: Any) -> None:
    assert {(row.symbol.id, row.edge) for row in verbs.references(graph, "core.path")[0].rows} == {
        ("net.tests.test_core.test_path", "CALLS"),
    }
    assert ids(verbs.members(graph, "core.DiGraph")) == [["net.core.DiGraph.link"]]


@pytest.mark.parametrize("name", ["net.core.path", "core.path", "path", "net.path", "n.path", "path()"])
def test_a_symbol_is_found_by_id_ending_public_path_alias_and_name(graph: Any, name: str) -> None:
    assert [answer.symbol.id for answer in verbs.definition(graph, name)] == ["net.core.path"]


def test_several_matches_are_all_there_with_code_before_tests(graph: Any) -> None:
    assert [answer.symbol.id for answer in verbs.definition(graph, "Graph")] == [
        "net.core.Graph",
        "net.tests.test_core.Graph",
    ]


def test_an_unknown_name_comes_with_suggestions(graph: Any) -> None:
    with pytest.raises(NotFoundError) as caught:
        verbs.callers(graph, "DiGrph")
    assert caught.value.suggestions[0] == "DiGraph"
    with pytest.raises(NotFoundError):
        verbs.callers(graph, "other.path")


@pytest.mark.parametrize("name", ["S.go", "m.S.go", "Deep.go"])
def test_an_inherited_member_is_found_by_the_name_that_users_write(workspace: Any, name: str) -> None:
    text = (
        "class Mixin:\n    def go(self): pass\nclass S(Mixin): pass\nclass Deep(S): pass\n"
        "class Other:\n    def go(self): pass\ndef f(s: S): s.go()"
    )
    (answer,) = verbs.callers(workspace.build({"m.py": text}), name)
    assert answer.symbol.id == "m.Mixin.go"
    assert [row.symbol.id for row in answer.rows] == ["m.f"]


def test_of_several_matches_the_one_that_the_verb_finds_rows_for_comes_first(workspace: Any) -> None:
    text = (
        "class V:\n    def run(self): pass\nclass W(V):\n    def run(self): pass\nclass X(V):\n    def run(self): pass\n"
        "class App:\n    def run(self): pass\n    def main(self): self.run()\n"
    )
    graph = workspace.build({"m.py": text})
    assert verbs.callers(graph, "run")[0].symbol.id == "m.App.run"
    assert verbs.overrides(graph, "run")[0].symbol.id == "m.V.run"


def test_what_a_function_decorates_is_among_its_callers(workspace: Any) -> None:
    (answer,) = verbs.callers(workspace.build({"m.py": "def deco(f): return f\n@deco\ndef g(): pass"}), "deco")
    assert [(row.symbol.id, row.edge) for row in answer.rows] == [("m.g", "DECORATES")]


def test_a_call_that_may_reach_several_overrides_says_of_how_many(workspace: Any) -> None:
    text = (
        "class A:\n    def go(self): pass\nclass B(A):\n    def go(self): pass\nclass C(B):\n    def go(self): pass\n"
        "def known(): B().go()\ndef any_of(a: A): a.go()\ndef below(b: B): b.go()"
    )
    graph = workspace.build({"m.py": text})
    notes = {row.symbol.name: row.note for row in verbs.callers(graph, "B.go")[0].rows}
    assert notes == {"known": "", "any_of": "one of 3", "below": "one of 2"}
    assert {row.symbol.id: row.note for row in verbs.callees(graph, "m.below")[0].rows} == {
        "m.B.go": "one of 2",
        "m.C.go": "one of 2",
    }


def test_calls_that_cannot_be_attributed_are_counted(workspace: Any) -> None:
    graph = workspace.build(
        {"a.py": "class A:\n    def go(self): pass\nclass B:\n    def go(self): pass\ndef f(x): x.go()"}
    )
    (first, second) = verbs.callers(graph, "go")
    assert (first.rows, first.unattributed, second.unattributed) == ((), 1, 1)
    assert graph.coverage().nameless == 1
    assert graph.coverage().total("unknown", "CALLS") == 1


class Recorder:
    """Keeps what is loaded."""

    name = "recorder"

    def load(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        self.nodes, self.edges = {node.id: node for node in nodes}, list(edges)

    def query(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, timeout: float = 5.0, max_rows: int = 200
    ) -> GraphRows:
        raise NotImplementedError

    def execute(self, cypher: str, params: Mapping[str, Any] | None = None) -> GraphRows:
        raise NotImplementedError

    def schema(self) -> GraphSchema:
        raise NotImplementedError

    def is_whole(self) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def test_the_projection_holds_every_end_of_every_edge_once(graph: Any) -> None:
    store = Recorder()
    assert project([CodeSource(graph.store)], store) == {"code": str(graph.version)}
    assert all(edge.source in store.nodes and edge.target in store.nodes for edge in store.edges)
    assert len({(edge.source, edge.type, edge.target) for edge in store.edges}) == len(store.edges)


def test_variables_results_tests_and_options_are_edges_of_the_projection(workspace: Any) -> None:
    text = (
        "import os\nLIMIT = 3\nclass A:\n    def __init__(self): self.x = LIMIT\n    def read(self): return self.x\n"
        "def make() -> A:\n    os.getenv('TOKEN')\n    return A()\ndef change(a: A):\n    global LIMIT\n    LIMIT = 4\n    a.x = 1\n"
    )
    workspace.build({"m.py": text, "test_m.py": "import m\ndef test_make(): m.make()\ndef helper(): m.make()"})
    store = Recorder()
    project([CodeSource(workspace.store)], store)
    kinds = {"READS", "WRITES", "RETURNS", "TESTS", "CONFIG"}
    assert {(edge.source, edge.type, edge.target) for edge in store.edges if edge.type in kinds} == {
        ("m.A.__init__", "READS", "m.LIMIT"),
        ("m.A.__init__", "WRITES", "m.A.x"),
        ("m.A.read", "READS", "m.A.x"),
        ("m.change", "WRITES", "m.LIMIT"),
        ("m.change", "WRITES", "m.A.x"),
        ("m.make", "RETURNS", "m.A"),
        ("test_m.test_make", "TESTS", "m.make"),
        ("m.make", "CONFIG", "option:environment variable TOKEN"),
    }
    assert all(edge.source in store.nodes and edge.target in store.nodes for edge in store.edges)


VARIABLES = {
    "A.java": ("class A { int c; void f() { c = 1; } int g() { return c; } }", "A.A.c"),
    "a.c": ("int g;\nvoid f(void) { g = 1; }\nint h(void) { return g; }", "a.g"),
    "a.js": ("let q = 1;\nfunction f() { q = 2; }\nfunction g() { return q; }", "a.q"),
    "a.rb": ("class R\n def f; @a = 1; end\n def g; @a; end\nend", "a.R.@a"),
}  # fmt: skip


@pytest.mark.parametrize("path", VARIABLES)
def test_reading_a_variable_and_writing_it_are_told_apart(workspace: Any, path: str) -> None:
    text, name = VARIABLES[path]
    workspace.build({path: text})
    found = {(edge[0].rpartition(".")[2], edge[1]) for edge in workspace.edges() if edge[2] == name}
    assert ("f", "WRITES") in found
    assert ("f", "READS") not in found
    assert "WRITES" not in {kind for source, kind in found if source != "f"}
    assert "READS" in {kind for _, kind in found}


def test_references_say_who_writes_a_variable(workspace: Any) -> None:
    graph = workspace.build({"m.py": "N = 1\ndef f(): return N\ndef g():\n    global N\n    N = 2"})
    assert {row.symbol.id: row.note for row in verbs.references(graph, "N")[0].rows} == {"m.f": "", "m.g": "writes it"}


def test_projected_nodes_carry_their_code(graph: Any) -> None:
    store = Recorder()
    project([CodeSource(graph.store)], store)
    link = store.nodes["net.core.Graph.link"]
    assert link.label == "METHOD"
    assert link.properties == {
        "name": "link",
        "file_path": "net/core.py",
        "line": 5,
        "end_line": 5,
        "signature": "def link(self, u)",
        "doc": "",
        "code": "    def link(self, u): return np.array(u)",
        "class": "Graph",
    }
    assert store.nodes["external:numpy.array"].label == "EXTERNAL"


def test_the_shown_query_names_what_the_rows_come_from(graph: Any) -> None:
    (answer,) = verbs.callers(graph, "net.path")
    assert answer.query.startswith("MATCH (t:FUNCTION {id: 'net.core.path'})<-[r:CALLS]-(s) RETURN s.id AS id")
    assert "[:INHERITS*1..8]" in verbs.subclasses(graph, "core.Graph")[0].query


HIDDEN = {
    "a call in another language": {"m.py": "def fetch(): pass\ndef go(): fetch()", "web/a.js": "import fetch from 'fetch'; fetch('/x')"},
    "an import of that name": {"m.py": "def fetch(): pass\ndef go(): fetch()", "n.py": "import fetch\nfetch.x()"},
    "a method": {"m.py": "class A:\n    def fetch(self): pass\n    def go(self): self.fetch()", "web/a.js": "import fetch from 'fetch'; fetch('/x')"},
}  # fmt: skip


@pytest.mark.parametrize("files", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_name_outside_hides_none_of_the_library(workspace: Any, files: dict[str, str]) -> None:
    graph = workspace.build(files | {"test_m.py": "from m import *\ndef test_fetch():\n    fetch()\n    A().fetch()"})
    for found in (verbs.callers(graph, "fetch"), verbs.definition(graph, "fetch"), reaching_tests(graph, "fetch")):
        assert found[0].symbol.id in ("m.fetch", "m.A.fetch")
        assert found[0].rows
    assert (
        "m.go" in [row.symbol.id for row in impact(graph, "fetch", 3)[0].rows]
        or "m.A.go" in ids(impact(graph, "fetch", 3))[0]
    )
    assert verbs.callers(graph, "external:fetch")[0].symbol.id == "external:fetch"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bad.py", "def lost(:\n"),
        ("big.py", "x = 1\n" * 90_000 + "def lost(): pass\n"),
    ],
)
def test_an_unknown_name_names_the_files_that_may_define_it(workspace: Any, path: str, text: str) -> None:
    graph = workspace.build({"m.py": "x = 1", path: text})
    with pytest.raises(NotFoundError, match=f"{path} has that name but could not be read whole"):
        verbs.definition(graph, "lost")
    with pytest.raises(NotFoundError) as caught:
        verbs.definition(graph, "other")
    assert path not in str(caught.value)


def test_a_symbol_that_moved_is_told_at_its_new_place(workspace: Any):
    """Symbols are kept between questions, until the database changes."""
    graph = workspace.build({"a.py": "def f(): pass\n", "b.py": "import a\ndef g(): a.f()\n"})
    assert verbs.callers(graph, "a.f")[0].rows[0].symbol.line == 2
    graph.update([workspace.put(2, "b.py", "import a\n\n\ndef g(): a.f()\n")])
    assert verbs.callers(graph, "a.f")[0].rows[0].symbol.line == 4


def test_what_a_transaction_took_back_is_not_kept(workspace: Any):
    graph = workspace.build({"a.py": "def f(): pass\n", "b.py": "import a\ndef g(): a.f()\n"})

    def moves() -> None:
        with workspace.store.transaction() as connection:
            connection.execute("UPDATE code_nodes SET line = 9 WHERE label = 'FUNCTION'")
            assert verbs.callers(graph, "a.f")[0].rows[0].symbol.line == 9
            raise ValueError("taken back")

    with pytest.raises(ValueError, match="taken back"):
        moves()
    assert verbs.callers(graph, "a.f")[0].rows[0].symbol.line == 2
