"""From references to definitions in other files, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Edges = set[tuple[str, str, str, str]]


@pytest.fixture
def edges(resolved: Callable[[dict[str, str]], set[Any]]) -> Callable[..., Edges]:
    def run(files: dict[str, str], *types: str) -> Edges:
        return {(e.source, e.type, e.target, e.resolution) for e in resolved(files) if not types or e.type in types}

    return run


def test_structure_is_there(edges: Any) -> None:
    found = edges(
        {"p/__init__.py": "", "p/m.py": "X = 1\nclass A:\n    y = 1\n    def m(self):\n        def inner(): pass"}
    )
    assert found == {
        ("p", "CONTAINS", "p.m", "exact"),
        ("p.m", "CONTAINS", "p.m.X", "exact"),
        ("p.m", "CONTAINS", "p.m.A", "exact"),
        ("p.m.A", "HAS_FIELD", "p.m.A.y", "exact"),
        ("p.m.A", "HAS_METHOD", "p.m.A.m", "exact"),
        ("p.m.A.m", "CONTAINS", "p.m.A.m.inner", "exact"),
    }


@pytest.mark.parametrize(
    "use",
    [
        "import p\ndef g(): p.f()",
        "import p as q\ndef g(): q.f()",
        "from p import f\ndef g(): f()",
        "from p import *\ndef g(): f()",
        "import p.sub.m\ndef g(): p.sub.m.f()",
        "from p.sub import m\ndef g(): m.f()",
        "def g():\n    from p import f as h\n    h()",
        "from p import sub as s\ndef g(): s.f()",
        "import p\nh = p.f\ndef g(): h()",
    ],
)
def test_reexports_lead_exactly_to_the_definition(edges: Any, use: str) -> None:
    files = {
        "p/__init__.py": "from p import sub\nfrom .sub import *",
        "p/sub/__init__.py": "from .m import *",
        "p/sub/m.py": "__all__ = ['f']\ndef f(): pass",
    }
    assert ("user.g", "CALLS", "p.sub.m.f", "exact") in edges(files | {"user.py": use}, "CALLS")


def test_star_imports_bring_only_what_is_exported(edges: Any) -> None:
    files = {
        "a.py": "__all__ = ['f']\ndef f(): pass\ndef g(): pass",
        "b.py": "def _h(): pass\ndef i(): pass",
        "user.py": "from a import *\nfrom b import *\ndef use(): f(); g(); _h(); i()",
    }
    assert edges(files, "CALLS") == {
        ("user.use", "CALLS", "a.f", "exact"),
        ("user.use", "CALLS", "external:g", "unknown"),
        ("user.use", "CALLS", "external:_h", "unknown"),
        ("user.use", "CALLS", "b.i", "exact"),
    }


def test_the_last_certain_binding_wins_and_branches_are_guesses(edges: Any) -> None:
    files = {
        "a.py": "def f(): pass",
        "b.py": "def f(): pass",
        "one.py": "from a import f\nfrom b import f\ndef g(): f()",
        "two.py": "try:\n    from a import f\nexcept ImportError:\n    from b import f\ndef g(): f()",
    }
    assert edges(files, "CALLS") == {
        ("one.g", "CALLS", "b.f", "exact"),
        ("two.g", "CALLS", "a.f", "inferred"),
        ("two.g", "CALLS", "b.f", "inferred"),
    }


def test_names_from_outside_a_star_import_are_not_certain(edges: Any) -> None:
    found = edges({"a.py": "def f(): pass\nfrom numpy import *\ndef g(): f(); zeros(1); print()"}, "CALLS")
    assert found == {("a.g", "CALLS", "a.f", "inferred"), ("a.g", "CALLS", "external:numpy.zeros", "unknown")}


def test_self_calls_follow_the_method_resolution_order(edges: Any) -> None:
    files = {
        "a.py": "class A:\n    def m(self): pass\nclass B(A):\n    def m(self): pass\nclass C(A):\n    pass",
        "b.py": "from a import B, C\nclass D(C, B):\n    def n(self): self.m(); super().m()",
    }
    assert {("b.D.n", "CALLS", "a.B.m", "exact")} == edges(files, "CALLS")


def test_a_method_that_a_subclass_overrides_is_a_guess(edges: Any) -> None:
    text = "class A:\n    def run(self): self.step(); self.stop()\n    def step(self): pass\n    def stop(self): pass\nclass B(A):\n    def step(self): pass"
    assert edges({"a.py": text}, "CALLS") == {
        ("a.A.run", "CALLS", "a.A.step", "inferred"),
        ("a.A.run", "CALLS", "a.B.step", "inferred"),
        ("a.A.run", "CALLS", "a.A.stop", "exact"),
    }


def test_a_method_behind_an_unknown_base_is_a_guess(edges: Any) -> None:
    text = "import x\nclass A:\n    def m(self): pass\nclass B(x.Base, A):\n    def n(self): self.m(); self.other()"
    assert edges({"a.py": text}, "CALLS") == {
        ("a.B.n", "CALLS", "a.A.m", "inferred"),
        ("a.B.n", "CALLS", "external:x.Base.other", "unknown"),
    }


def test_methods_of_builtin_bases_are_left_out(edges: Any) -> None:
    assert edges({"a.py": "class A(dict):\n    def m(self): self.update({}); super().get(1)"}, "CALLS") == set()


def test_types_of_variables_fields_and_results_are_guesses(edges: Any) -> None:
    files = {
        "a.py": "class A:\n    def m(self): return self\ndef make() -> A: ...\nV = A()",
        "b.py": "import a\nclass B:\n    def __init__(self): self.a = a.A()\n    def f(self): self.a.m()\n"
        "def f(p: a.A): p.m()\ndef g():\n    x = a.A()\n    x.m()\ndef h(): a.make().m()\ndef i(): a.V.m()",
    }
    assert {f"b.{name}" for name in ("B.f", "f", "g", "h", "i")} == {
        source for source, _, target, sure in edges(files, "CALLS") if target == "a.A.m" and sure == "inferred"
    }
    assert not [edge for edge in edges(files, "CALLS") if edge[2] == "a.A.m" and edge[3] == "exact"]


def test_a_method_name_that_the_library_has_once_is_a_guess(edges: Any) -> None:
    text = "class A:\n    def only(self): pass\n    def two(self): pass\n    def get(self): pass\nclass B(A):\n    def only(self): pass\nclass C:\n    def two(self): pass\ndef f(x): x.only(); x.two(); x.get(); x.append(1); x.other()"
    assert edges({"a.py": text}, "CALLS") == {
        ("a.f", "CALLS", "a.A.only", "inferred"),
        ("a.f", "CALLS", "external:*.two", "unknown"),
        ("a.f", "CALLS", "external:*.get", "unknown"),
        ("a.f", "CALLS", "external:*.other", "unknown"),
    }


def test_methods_of_test_classes_are_no_guess_for_other_files(edges: Any) -> None:
    files = {"tests/test_a.py": "class T:\n    def only(self): pass", "b.py": "def f(x): x.only()"}
    assert ("b.f", "CALLS", "external:*.only", "unknown") in edges(files, "CALLS")


def test_reading_a_property_is_a_call_of_it(edges: Any) -> None:
    text = "class A:\n    @property\n    def p(self): return 1\n    def m(self): return self.p"
    assert edges({"a.py": text}, "CALLS", "USES") == {("a.A.m", "CALLS", "a.A.p", "exact")}


def test_what_is_assigned_under_an_inherited_property_is_no_field_of_its_own(edges: Any) -> None:
    text = (
        "class A:\n    @property\n    def p(self): return 1\n    @p.setter\n    def p(self, v): pass\n"
        "class B(A):\n    def run(self): self.p = True\n    def f(self): return self.p\ndef g(b: B): b.p = 1"
    )
    found = edges({"a.py": text}, "CALLS", "HAS_FIELD")
    assert {(source, target) for source, kind, target, _ in found if kind == "CALLS"} == {
        ("a.B.run", "a.A.p"),
        ("a.B.f", "a.A.p"),
        ("a.g", "a.A.p"),
    }
    assert not [edge for edge in found if edge[1] == "HAS_FIELD"]


def test_an_own_attribute_over_a_plain_method_stays_a_field(edges: Any) -> None:
    text = (
        "class A:\n    def m(self): pass\nclass B(A):\n    def __init__(self, f): self.m = f\n    def n(self): self.m()"
    )
    assert ("a.B", "HAS_FIELD", "a.B.m", "exact") in edges({"a.py": text}, "HAS_FIELD")


def test_variables_fields_and_functions_that_are_not_called_are_used(edges: Any) -> None:
    text = "X = 1\nclass A:\n    y = 1\n    def m(self): return self.y + X\ndef f(): map(g, [])\ndef g(): pass"
    assert edges({"a.py": text}, "USES") == {
        ("a.A.m", "USES", "a.A.y", "exact"),
        ("a.A.m", "USES", "a.X", "exact"),
        ("a.f", "USES", "a.g", "exact"),
    }


def test_an_alias_in_a_class_calls_what_it_names(edges: Any) -> None:
    text = "class A:\n    def succ(self): pass\n    near = succ\n    def m(self): self.near()"
    assert ("a.A.m", "CALLS", "a.A.succ", "exact") in edges({"a.py": text}, "CALLS")


def test_an_attribute_that_is_assigned_over_a_method_makes_it_a_guess(edges: Any) -> None:
    text = "class A:\n    def __init__(self, f): self.m = f\n    def m(self): pass\n    def n(self): self.m()"
    assert ("a.A.n", "CALLS", "a.A.m", "inferred") in edges({"a.py": text}, "CALLS")


def test_bases_overrides_and_decorators(edges: Any) -> None:
    files = {
        "a.py": "class A:\n    def m(self): pass\ndef deco(f): return f",
        "b.py": "import a, abc\nclass B(a.A, abc.ABC):\n    @a.deco\n    def m(self): pass\nclass E(Exception): pass",
    }
    assert edges(files, "INHERITS", "OVERRIDES", "DECORATES") == {
        ("b.B", "INHERITS", "a.A", "exact"),
        ("b.B", "INHERITS", "external:abc.ABC", "unknown"),
        ("b.E", "INHERITS", "external:builtins.Exception", "unknown"),
        ("b.B.m", "OVERRIDES", "a.A.m", "exact"),
        ("a.deco", "DECORATES", "b.B.m", "exact"),
    }


def test_a_class_can_inherit_from_what_another_object_holds(edges: Any) -> None:
    text = "class A: pass\nclass T:\n    kind = A\n    def m(self):\n        class B(self.kind): pass"
    assert ("a.T.m.B", "INHERITS", "a.A", "exact") in edges({"a.py": text}, "INHERITS")


def test_imports_are_edges_to_modules_and_to_what_they_name(edges: Any) -> None:
    files = {
        "p/__init__.py": "from .m import f",
        "p/m.py": "def f(): pass",
        "u.py": "from p import f, m\nimport numpy.linalg",
    }
    assert edges(files, "IMPORTS") == {
        ("p", "IMPORTS", "p.m", "exact"),
        ("p", "IMPORTS", "p.m.f", "exact"),
        ("u", "IMPORTS", "p", "exact"),
        ("u", "IMPORTS", "p.m.f", "exact"),
        ("u", "IMPORTS", "p.m", "exact"),
        ("u", "IMPORTS", "external:numpy.linalg", "unknown"),
    }


def test_a_script_finds_the_file_beside_it_as_a_guess(edges: Any) -> None:
    files = {"tools/helper.py": "def f(): pass", "tools/run.py": "import helper\ndef main(): helper.f()"}
    assert edges(files, "CALLS") == {("tools.run.main", "CALLS", "tools.helper.f", "inferred")}


@pytest.mark.parametrize(
    ("module", "beside"), [("json", True), ("typing", True), ("helper", False), ("json", False), ("typing.io", True)]
)
def test_inside_a_package_an_absolute_import_never_means_a_file_beside(edges: Any, module: str, beside: bool) -> None:
    top = module.partition(".")[0]
    files = {
        "p/__init__.py": "",
        "p/a.py": f"import {module}\ndef f(): {module}.dumps()",
        f"p/{top}.py": "def dumps(): pass",
    }
    if beside:  # nor does a script's import of the standard library
        files |= {"tools/a.py": files["p/a.py"], f"tools/{top}.py": files[f"p/{top}.py"]}
    assert {edge[2] for edge in edges(files, "CALLS")} == {f"external:{module}.dumps"}


def test_parts_of_a_property_do_not_call_or_decorate_it(edges: Any) -> None:
    text = (
        "class A:\n    @property\n    def p(self): return 1\n    @p.setter\n    def p(self, v): pass\n"
        "    @p.deleter\n    def p(self): pass"
    )
    assert {edge[0] for edge in edges({"a.py": text}, "CALLS", "DECORATES")} == set()


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "from b import x", "b.py": "from a import x", "c.py": "import a\ndef f(): a.x()"},
        {"a.py": "from b import *\ndef f(): g()", "b.py": "from a import *\ndef g(): f()"},
        {"a.py": "x = y\ny = x\ndef f(): x(); y.z()"},
        {"a.py": "class A(B):\n    def m(self): self.n()\nclass B(A):\n    def n(self): self.m()"},
        {"a.py": "class A(A): pass\ndef f() -> f: f().x()"},
    ],
)
def test_circles_end(edges: Any, files: dict[str, str]) -> None:
    assert edges(files)
