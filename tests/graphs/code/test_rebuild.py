"""After any history of edits the graph equals one built afresh."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

PATHS = (
    "a.py",
    "b.py",
    "run.py",
    "pkg/__init__.py",
    "pkg/x.py",
    "pkg/y.py",
    "pkg/sub/__init__.py",
    "pkg/sub/z.py",
    "pkg/tests/test_x.py",
)
STATEMENTS = (
    "import a",
    "import b as q",
    "import pkg.x",
    "import pkg.sub.z as z",
    "import x",
    "from pkg import x",
    "from pkg import *",
    "from a import *",
    "from b import *",
    "from .x import *",
    "from . import y",
    "from .x import f",
    "from .y import f as g",
    "from a import A",
    "from b import A as B",
    "from pkg.x import A, B",
    "from .sub import f",
    "import numpy as np",
    "from numpy import *",
    "__all__ = ['f', 'A']",
    "__all__ = ['g']",
    "__all__ += ['B']",
    "__all__ = a.__all__",
    "V = A()",
    "W = f",
    "V = 1",
    "g = f",
    "B = A",
    "def f(p: A): return p.m() + g()",
    "def g(): return f()",
    "def f() -> B: x = A(); x.m(); x.n(); return x",
    "def f(p): p.m(); p.n(); p.r; V.m(); W()",
    "def g():\n    from a import f\n    f(); q.f(); pkg.x.f(); z.g(); np.array()",
    "def f():\n    def g(): A()\n    g()",
    "@f\ndef g(): a.f(); b.A().m(); pkg.f(); x.A.m",
    "class A:\n    def m(self): self.n(); self.r\n    def n(self): return self.m()",
    "class A(B):\n    def m(self): super().m(); self.v.m()\n    v = A()",
    "class B(a.A):\n    def n(self): self.m()\n    @property\n    def r(self): return self.n()",
    "class B:\n    def m(self): return self.n()\n    def __init__(self): self.v = A(); self.w = V",
    "class C(A, B):\n    def n(self): self.m(); super().n()\n    m2 = n",
    "class B(A):\n    @classmethod\n    def m(cls): cls(); cls.n()",
    "class D(A.m):\n    def m(self):\n        class E(self.v): pass",
    "if V:\n    def f(): return B()\nelse:\n    from a import f",
    "try:\n    from b import g\nexcept ImportError:\n    g = None",
    "T = {'f': f, 'g': g}\ndef r(k): T[k]()",
    "T = {}\ndef r(k): return T[k]",
    "from a import T\nT['x'] = f",
    "from pkg.x import T, r\nT['y'] = A\nr('y')().m()",
    "def h(c): c()\nh(f)",
    "from a import h, f\nh(f); h(lambda: f())",
    "import b\nb.h(A)\nb.h(b.f)",
    "def s(c): return lambda: c()\ns(g)()",
    "from a import s, h\ndef z(): h(s(A))\ns(z)",
    "def d(q):\n    def w(*a): return q(*a)\n    return w\n@d\ndef f(): return A()",
    "from a import d\n@d\ndef g(p: 'A'): return p.v",
    "from a import f\ndef y():\n    yield f()\nfor i in y(): i.m(); i.n()",
    "class K:\n    def __init__(self, c=None): self.c = c\n    def m(self): self.c(); self.c.m()",
    "from a import K\nK(A).m()\nk = K(f)",
    "from b import K, k\nk.c = g\nk.c()",
    "class K:\n    def __enter__(self): return A()\n    def __exit__(self, *a): pass\n    def __call__(self, c): c.n()",
    "from a import K\nwith K() as e: e.m()\nK()(B())",
    "class P:\n    r = property(lambda self: self)\n    def m(self): self.x = 1\nclass Q(P):\n    def n(self): self.r = 2; self.r.m()",
    "def f(:",
    "class D(B): pass\nclass E(A.m, g()): pass\nraise D\ndef g(): raise V",
    "import importlib\nV = importlib.import_module('a')\nW = importlib.import_module(V)\nclass F(V.A): pass",
    "def g() -> 'A':\n    global V\n    V = g\n    T['x'] = V\nA.v = V",
    "@q.get('/x')\ndef f(): pass\nq.add_url_rule('/y', view_func=g)",
    "from django.urls import path\nU = [path('z/', a.f), path('w', A.as_view()), path('v', pkg.x.f)]",
    "class A(Exception): pass\ndef g():\n    try: raise A()\n    except (B, a.A) as e: raise e",
    "def f(p):\n    try: g()\n    except A: raise p\n    raise f(1)",
    "def g(): pass\nclass A(B)\n    def m(self): g()",
    "class C:\n    def n(self):\n        print 'x'\n        self.m()",
)
sources = st.lists(st.sampled_from(STATEMENTS), max_size=6).map("\n".join)
changes = st.lists(
    st.tuples(st.integers(1, 7), st.one_of(st.none(), st.tuples(st.sampled_from(PATHS), sources))),
    min_size=1,
    max_size=3,
)
histories = st.lists(changes, min_size=1, max_size=5)


def replay(space: Any, history: list[Any]) -> None:
    for batch in history:
        changed = {document: value for document, value in batch if value}
        removed = {document for document, value in batch if not value} - changed.keys()
        space.graph.update([space.put(number, *value) for number, value in changed.items()], removed)
        space.store.connection.executemany("DELETE FROM documents WHERE id = ?", [(number,) for number in removed])


def last_state(history: list[Any]) -> dict[int, Any]:
    state: dict[int, Any] = {}
    for batch in history:
        changed = {document: value for document, value in batch if value}
        state |= changed
        for document, value in batch:
            if not value and document not in changed:
                state.pop(document, None)
    return state


@settings(max_examples=80, deadline=None)
@given(history=histories)
def test_an_edited_library_equals_a_fresh_one(new_workspace: Callable[[Path], Any], history: list[Any]) -> None:
    # However many files are affected, only these are resolved again: that is what can go wrong.
    with tempfile.TemporaryDirectory() as folder, patch("evidentia.graphs.code.index._MOST", 9):
        edited, fresh = new_workspace(Path(folder) / "edited"), new_workspace(Path(folder) / "fresh")
        replay(edited, history)
        fresh.graph.update(
            [fresh.put(number, *value) for number, value in sorted(last_state(history).items(), reverse=True)]
        )
        assert edited.nodes() == fresh.nodes()
        assert edited.edges() == fresh.edges()
        assert edited.gaps() == fresh.gaps()
        assert edited.graph.coverage() == fresh.graph.coverage()
        edited.store.close()
        fresh.store.close()


def test_only_the_files_that_mention_a_changed_name_are_resolved_again(workspace: Any) -> None:
    files = {f"m{number}.py": f"def f{number}(): pass" for number in range(10)} | {
        "user.py": "from m3 import f3 as g\ndef use(): g()"
    }
    workspace.build(files)
    edited = workspace.graph.update([workspace.put(4, "m3.py", "def f3(): return 1")])
    renamed = workspace.graph.update([workspace.put(4, "m3.py", "def other(): pass")])
    assert (edited.resolved, renamed.resolved) == (1, 2)
    assert ("user.use", "CALLS", "external:m3.f3", "unknown", 2, "user.py") in workspace.edges()


def test_nothing_is_done_when_nothing_changed(workspace: Any) -> None:
    version = workspace.build({"a.py": "x = 1"}).version
    assert workspace.graph.update([], [99]).resolved == 0
    assert workspace.graph.version == version


def test_facts_of_an_older_form_are_read_again(workspace: Any) -> None:
    graph = workspace.build({"a.py": "def f(): pass", "b.py": "import a\ndef g(): a.f()"})
    before = workspace.edges()
    workspace.store.set("code:form", "0")
    workspace.store.connection.execute("UPDATE code_files SET interface = '', body = ''")
    assert graph.is_outdated
    assert type(graph)(workspace.store).update([]).resolved == 2
    assert workspace.edges() == before
    assert not graph.is_outdated


def test_documents_that_went_without_notice_are_noticed(workspace: Any) -> None:
    workspace.build({"a.py": "def f(): pass", "b.py": "import a\ndef g(): a.f()"})
    workspace.store.connection.execute("DELETE FROM documents WHERE id = 1")
    assert workspace.graph.update([]).resolved == 1
    assert ("b.g", "CALLS", "external:a.f", "unknown", 2, "b.py") in workspace.edges()


def test_two_files_of_one_module_name_keep_separate_symbols(workspace: Any) -> None:
    places = ("b/run.py", "a/run.py", "a/src/run.py")
    files = [replace(workspace.put(n, path, "def f(): pass"), module="run") for n, path in enumerate(places, 1)]
    workspace.graph.update(files)
    names = {(row[0], row[1]) for row in workspace.nodes()}
    assert {("b.run.f", "b/run.py"), ("a.run.f", "a/run.py"), ("a.run#2.f", "a/src/run.py")} <= names
    assert workspace.graph.modules() == {1: "run", 2: "run", 3: "run"}
    workspace.drop(1)
    assert {row[0] for row in workspace.nodes() if row[2] == "MODULE"} == {"run", "run#2"}
    workspace.drop(2)
    assert {(row[0], row[1]) for row in workspace.nodes()} == {("run", "a/src/run.py"), ("run.f", "a/src/run.py")}


def test_a_package_may_define_a_name_that_its_module_has_too(workspace: Any) -> None:
    workspace.build(
        {"p/__init__.py": "from .run import go\ndef run(): go()", "p/run.py": "def go(): pass\ndef f(): go()"}
    )
    assert {row[0] for row in workspace.nodes()} == {"p", "p.run", "p.run.go", "p.run.f"}
    workspace.graph.update([workspace.put(1, "p/__init__.py", "from .run import go")])
    assert ("p.run", "MODULE") in {(row[0], row[2]) for row in workspace.nodes()}
    assert ("p.run.f", "CALLS", "p.run.go", "exact", 2, "p/run.py") in workspace.edges()


def test_a_file_that_does_not_parse_is_listed_and_the_others_are_whole(workspace: Any) -> None:
    graph = workspace.build({"bad.py": "x = 1\ndef f(:\n", "good.py": "def g(): pass"})
    (problem,) = graph.problems()
    assert (problem.path, problem.line) == ("bad.py", 2)
    assert {row[0] for row in workspace.nodes()} == {"bad", "bad.x", "good", "good.g"}
    assert graph.coverage().unreadable == 1
