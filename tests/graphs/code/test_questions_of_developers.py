"""The verbs that look at more than one edge: imports, raises, implementors, unused, entry points, map, explain."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.errors import NotFoundError
from evidentia.graphs.code.questions.entry_points import entry_points
from evidentia.graphs.code.questions.explain import explain
from evidentia.graphs.code.questions.implementors import implementors
from evidentia.graphs.code.questions.imports import cycles, importers
from evidentia.graphs.code.questions.overview import overview
from evidentia.graphs.code.questions.raises import raises
from evidentia.graphs.code.questions.unused import find_unused
from evidentia.graphs.code.questions.verbs import callers


def ids(answer: Any) -> list[str]:
    return [row.symbol.id for row in answer.rows]


def test_importers_are_modules_that_import_it_or_a_name_of_it(workspace: Any):
    graph = workspace.build(
        {"a.py": "import b\n", "b.py": "X = 1\ndef f(): pass\n", "c.py": "def late():\n    from b import f\n"}
    )
    assert ids(importers(graph, "b")[0]) == ["a", "c"]
    assert ids(importers(graph, "b.f")[0]) == ["c"]


def test_a_circle_of_imports_is_told_with_its_lines(workspace: Any):
    graph = workspace.build({"a.py": "import b\n", "b.py": "\nimport c\n", "c.py": "import a\n", "d.py": "import a\n"})
    (circle,) = cycles(graph)
    assert [(row.symbol.id, row.line) for row in circle.rows] == [("b", 1), ("c", 2), ("a", 1)]


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "import b\n", "b.py": "def f():\n    import a\n"},
        {"p/__init__.py": "from .m import f\n", "p/m.py": "from . import n\ndef f(): pass\n", "p/n.py": ""},
        {"a.py": "import a\n"},
        {"a.py": "import b\n", "b.py": "import typing\nif typing.TYPE_CHECKING:\n    import a\n"},
    ],
)
def test_late_imports_and_names_of_packages_make_no_circle(workspace: Any, files: dict[str, str]):
    (answer,) = cycles(workspace.build(files))
    assert answer.rows == ()
    assert "no import cycle" in answer.notes[0]


ERRORS = {
    "errors.py": "class Base(Exception): pass\nclass Broken(Base): pass\nclass Never(Base): pass\n",
    "use.py": (
        "import errors\nfrom errors import Broken as B, Broken\n\n"
        "def one():\n    raise Broken('x')\n\n"
        "def two():\n    if one():\n        raise errors.Broken\n    raise errors.Base(\n        'y')\n\n"
        "def three():\n    try:\n        one()\n    except Broken:\n        raise\n    Broken('not raised')\n\n"
        "def four(): raise ValueError('z')\n"
    ),
}


def test_raises_are_raise_statements_and_not_other_uses(workspace: Any):
    graph = workspace.build(ERRORS)
    assert [(row.symbol.id, row.lines) for row in raises(graph, "Broken")[0].rows] == [
        ("use.one", (5,)),
        ("use.two", (9,)),
    ]
    assert raises(graph, "Never")[0].rows == ()


def test_a_raise_of_a_subclass_says_so_and_comes_last(workspace: Any):
    rows = raises(workspace.build(ERRORS), "errors.Base")[0].rows
    assert [(row.symbol.id, row.note) for row in rows] == [
        ("use.two", ""),
        ("use.one", "raises Broken"),
        ("use.two", "raises Broken"),
    ]


def test_an_exception_of_python_is_known_too_and_other_names_are_not(workspace: Any):
    graph = workspace.build(ERRORS)
    assert ids(raises(graph, "ValueError")[0]) == ["use.four"]
    for name in ("one", "Nothing", "print"):
        with pytest.raises(NotFoundError):
            raises(graph, name)


def test_who_catches_an_exception_stands_beside_who_raises_it(workspace: Any):
    graph = workspace.build(ERRORS)
    raised, caught = raises(graph, "Broken")
    assert (raised.verb, caught.verb) == ("raises", "handlers")
    assert [(row.symbol.id, row.edge, row.lines) for row in caught.rows] == [("use.three", "CATCHES", (16,))]


RAISING = {
    "a.py": "class E(Exception): pass\ndef make(): return E()\ndef f():\n    raise make()\ndef g():\n    try: f()\n    except (E, OSError): pass\ndef h(e: E): raise e",
    "A.java": "class E extends Exception {}\nclass A { void f() { throw new E(); }\n void g() { try { f(); } catch (E | X e) { } } }",
    "a.cs": "class E : Exception {}\nclass A { void f() { throw new E(); }\n void g() { try { f(); } catch (E e) { } } }",
    "a.ts": "class E extends Error {}\nfunction f() { throw new E('x') }",
    "a.php": "<?php class E extends \\Exception {}\nfunction f() { throw new E(); }\nfunction g() { try { f(); } catch (E $e) { } }",
    "a.rb": "class E < StandardError; end\ndef f; raise E, 'x'; end\ndef g\n f\nrescue E => e\n p e\nend",
    "a.cpp": "struct E {};\nvoid f() { throw E(); }\nvoid g() { try { f(); } catch (const E& e) { } }",
}  # fmt: skip


@pytest.mark.parametrize("path", RAISING)
def test_raises_and_catches_are_edges_in_every_language_that_has_them(workspace: Any, path: str):
    workspace.build({path: RAISING[path]})
    found = {(edge[0].rpartition(".")[2], edge[1], edge[2].rpartition(".")[2]) for edge in workspace.edges()}
    assert ("f", "RAISES", "E") in found
    assert path == "a.ts" or ("g", "CATCHES", "E") in found
    assert path != "a.py" or {("h", "RAISES", "E"), ("g", "CATCHES", "OSError")} <= found


def test_a_raise_that_cannot_be_followed_is_a_doubt(workspace: Any):
    graph = workspace.build({"m.py": "class E(Exception): pass\ndef f(x): raise x\ndef g(x): raise x.y[0]"})
    assert "2 raises of an unknown exception: m.py:2, m.py:3" in raises(graph, "E")[0].doubts


def test_implementors_of_a_class_a_method_and_a_protocol(workspace: Any):
    graph = workspace.build(
        {
            "a.py": (
                "from typing import Protocol\n"
                "class Shape:\n    def area(self): ...\n"
                "class Square(Shape):\n    def area(self): return 1\n"
                "class Small(Square): pass\n"
                "class Drawn(Protocol):\n    def draw(self): ...\n    def hide(self): ...\n"
                "class Pen:\n    def draw(self): pass\n    def hide(self): pass\n"
                "class Half:\n    def draw(self): pass\n"
            )
        }
    )
    assert ids(implementors(graph, "Shape")[0]) == ["a.Square", "a.Small"]
    assert ids(implementors(graph, "Shape.area")[0]) == ["a.Square.area"]
    (row,) = implementors(graph, "Drawn")[0].rows
    assert (row.symbol.id, row.resolution) == ("a.Pen", "inferred")


CODE = """
import registry
class Outer(registry.Plugin):
    def hook(self): pass
@registry.add
def registered(): pass
def visit_node(): pass
def _lost(): pass
def _recursive(): _recursive()
def _mentioned(): pass
def public(): pass
def used(): pass
used()
def run(kind): return getattr(registry, "visit_" + kind)
"""


def test_unused_is_said_only_where_the_name_stands_nowhere_else(workspace: Any):
    sure, unsure = find_unused(workspace.build({"a.py": CODE, "broken.py": "def (_mentioned\n"}))
    assert ids(sure) == ["a._lost"]
    reasons = {row.symbol.name: row.note for row in unsure.rows}
    assert "decorates it" in reasons["registered"]
    assert "1 other place" in reasons["_mentioned"]
    assert "public" in reasons["public"]
    assert "inherits from registry.Plugin" in reasons["hook"]
    assert "visit_" in reasons["visit_node"]
    assert "used" not in reasons
    assert all(note.startswith("cannot tell, because") for note in reasons.values())


def test_entry_points_are_scripts_main_blocks_and_what_frameworks_call(workspace: Any):
    files = {
        "pkg/__init__.py": "",
        "pkg/__main__.py": "from pkg.cli import main\nmain()\n",
        "pkg/cli.py": "import click\n\n@click.command()\ndef main(): pass\n\ndef other(): pass\n",
        "tool.py": 'def f(): pass\n\nif __name__ == "__main__":\n    f()\n',
    }
    graph = workspace.build(files)
    workspace.store.connection.execute(
        "INSERT INTO documents VALUES (99, '/p/pyproject.toml', 'p/pyproject.toml', ?)",
        ('[project]\nname = "p"\n\n[project.scripts]\nrun = "pkg.cli:main"\nlost = "no.where:f"\nodd = 3\n',),
    )
    (answer,) = entry_points(graph)
    assert [(row.symbol.id, row.note, row.line) for row in answer.rows] == [
        ("pkg.cli.main", "command run", 5),
        ("pkg.__main__", "python -m pkg", 1),
        ("tool", "python tool.py", 3),
        ("pkg.cli.main", "decorated by click.command", 3),
    ]


def test_broken_project_files_are_passed_over(workspace: Any):
    graph = workspace.build({"a.py": "x = 1\n"})
    for number, (name, text) in enumerate(
        {"pyproject.toml": "[[[", "setup.cfg": "no section\n", "b/pyproject.toml": "project = 3"}.items()
    ):
        row = (90 + number, f"/{name}", f"p/{name}", text)
        workspace.store.connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", row)
    assert entry_points(graph)[0].rows == ()


def test_a_map_names_the_most_used_first_and_keeps_its_budget(workspace: Any):
    files = {f"user{number}.py": "from base import helper\nhelper()\n" for number in range(30)}
    graph = workspace.build({"base.py": "def helper(): pass\ndef rare(): pass\n", **files})
    (answer,) = overview(graph, 200)
    assert ids(answer)[:2] == ["base", "base.helper"]
    assert len(answer.rows) < 30
    assert "left out" in answer.notes[0]


def test_a_page_about_a_symbol_has_its_sections_and_no_empty_one(workspace: Any):
    graph = workspace.build(
        {
            "core.py": 'def low():\n    """Do the least."""\n\ndef high():\n    low()\n',
            "tests/test_core.py": "from core import low\ndef test_low(): low()\n",
        }
    )
    workspace.store.connection.execute(
        "INSERT INTO documents VALUES (99, '/notes.md', 'notes.md', 'First.\n\nCall `low()` now, low is good.')"
    )
    page = explain(graph, "low")
    assert [one.verb for one in page] == ["definition", "references", "tests", "documents"]
    assert page[0].symbol.doc == "Do the least."
    assert ids(page[1]) == ["core.high"]
    assert [(row.symbol.id, row.line) for row in page[3].rows] == [("notes.md", 3)]


_CALLED_FROM_OUTSIDE = {
    "app/src/lib.rs": (
        "struct _Timer { n: i32 }\n\n#[pymethods]\nimpl _Timer {\n    #[setter(_rate)]\n"
        "    fn _set_rate(&mut self, n: i32) { self.n = n; }\n    #[getter]\n    fn _rate(&self) -> i32 { self.n }\n}\n\n"
        "impl _Timer {\n    fn _lost_rust(&self) {}\n}\n"
    ),
    "app/php/Pool.php": (
        "<?php\nclass Pool {\n  public function __destruct() {}\n  public function __get($n) { return 1; }\n"
        "  private function _lost_php() {}\n}\n"
    ),
    "app/task.py": (
        "class _Task:\n    def cancelling(self): pass\n    def _repr_html_(self): pass\n    def _lost_python(self): pass\n"
        "_Task()\n"
    ),
}


def test_what_a_runtime_calls_is_never_said_to_be_unused(workspace: Any):
    sure, _ = find_unused(workspace.build(_CALLED_FROM_OUTSIDE))
    assert {row.symbol.name for row in sure.rows} == {"_lost_rust", "_lost_php", "_lost_python"}


def test_a_file_that_does_not_parse_says_nothing_about_another_language(workspace: Any):
    files = {
        "a.py": "def reset(): pass\n",
        "b.sql": "CREATE TABLE reset (((\n",
        "c.go": "package c\nfunc reset( {\n",
    }
    (answer,) = callers(workspace.build(files), "a.reset")
    assert not any("could not be read whole" in doubt for doubt in answer.doubts)
