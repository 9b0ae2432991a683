"""Java, Go, Rust, C and C++: what a call reaches, by packages, modules, headers, receivers and types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evidentia.graphs.code.questions.verbs import subclasses

CASES: dict[str, tuple[dict[str, str], str, str]] = {
    "Java: the class around": ({"A.java": "class A { void go() { m(); } void m() {} }"}, "A.A.go", "A.A.m"),
    "Java: an inherited method": (
        {"A.java": "class A { void m() {} }", "B.java": "class B extends A { void go() { m(); } }"}, "B.B.go", "A.A.m"),
    "Java: the type of a field": (
        {"a/A.java": "package a; public class A { public void m() {} }",
         "b/B.java": "package b; import a.A; class B { private A a; void go() { a.m(); } }"}, "b.B.B.go", "a.A.A.m"),
    "Java: a static import": (
        {"a/A.java": "package a; public class A { static void m() {} }",
         "b/B.java": "package b; import static a.A.m; class B { void go() { m(); } }"}, "b.B.B.go", "a.A.A.m"),
    "Java: the same package": (
        {"a/A.java": "package a; class A { void m() {} }", "a/B.java": "package a; class B { void go() { new A().m(); } }"},
        "a.B.B.go", "a.A.A.m"),
    "Java: what a method gives": (
        {"A.java": "class A { A me() { return this; } void m() {} void go(A a) { a.me().m(); } }"}, "A.A.go", "A.A.m"),
    "Java: an element of a list": (
        {"A.java": "class A { void m() {} void go(java.util.List<A> l, List<A> k) { for (A a : k) a.m(); } }"},
        "A.A.go", "A.A.m"),
    "Java: an overload by its number": (
        {"A.java": "class A { void m(int a, int b) {} void m() {} void go() { m(1, 2); } }"}, "A.A.go", "A.A.m"),
    "Java: an overload by its type": (
        {"A.java": 'class A { void m(String s) {} void m(int i) {} void go() { m("x"); } }'}, "A.A.go", "A.A.m"),
    "Java: a lambda": (
        {"A.java": "class A { void m() {} void go() { run(() -> m()); } void run(Runnable r) {} }"}, "A.A.go", "A.A.m"),
    "C#: a namespace": (
        {"A.cs": "namespace N { class A { public void m() {} } }", "B.cs": "using N; class B { void go() { new A().m(); } }"},
        "B.B.go", "A.A.m"),
    "C#: a member of the class around": ({"A.cs": "class A { void m() {} void go() { m(); } }"}, "A.A.go", "A.A.m"),
    "C#: the type of a field": (
        {"A.cs": "class A { void m() {} } class B { private A a; void go() { a?.m(); } }"}, "A.B.go", "A.A.m"),
    "C#: an inherited method": ({"A.cs": "class A { void m() {} } class B : A { void go() { base.m(); } }"}, "A.B.go", "A.A.m"),
    "C#: an element": (
        {"A.cs": "class A { void m() {} void go(List<A> l) { foreach (var a in l) a.m(); } }"}, "A.A.go", "A.A.m"),
    "Go: a function of the package": (
        {"p/a.go": "package p\nfunc m() {}", "p/b.go": "package p\nfunc go_() { m() }"}, "p.b.go_", "p.a.m"),
    "Go: another package": (
        {"go.mod": "module x.org/y\n", "p/a.go": "package p\nfunc M() {}",
         "q/b.go": 'package q\nimport "x.org/y/p"\nfunc go_() { p.M() }'}, "q.b.go_", "p.a.M"),
    "Go: a receiver in another file": (
        {"p/a.go": "package p\ntype T struct{}\n", "p/b.go": "package p\nfunc (t *T) m() {}\nfunc (t *T) go_() { t.m() }"},
        "p.b.T.go_", "p.b.T.m"),
    "Go: what a function gives": (
        {"a.go": "package p\ntype T struct{}\nfunc (t *T) m() {}\nfunc New() (*T, error) { return &T{}, nil }\n"
         "func go_() { t, err := New(); t.m() }"}, "a.go_", "a.T.m"),
    "Go: an embedded struct": (
        {"a.go": "package p\ntype B struct{}\nfunc (b B) m() {}\ntype T struct{ B }\nfunc go_(t T) { t.m() }"},
        "a.go_", "a.B.m"),
    "Go: a type that has an interface's methods": (
        {"a.go": "package p\ntype I interface{ M() }\ntype T struct{}\nfunc (t T) M() {}\nfunc go_(i I) { i.M() }"},
        "a.go_", "a.T.M"),
    "Go: a map": (
        {"a.go": "package p\ntype T struct{}\nfunc (t T) m() {}\nfunc go_(x map[string]T) { for _, t := range x { t.m() } }"},
        "a.go_", "a.T.m"),
    "Rust: a module": ({"src/lib.rs": "mod a;\nuse a::m;\nfn go() { m() }", "src/a.rs": "pub fn m() {}"}, "src.lib.go", "src.a.m"),
    "Rust: a path": (
        {"src/lib.rs": "mod a;\nfn go() { crate::a::b::m() }", "src/a/mod.rs": "pub mod b;", "src/a/b.rs": "pub fn m() {}"},
        "src.lib.go", "src.a.b.m"),
    "Rust: an implementation": (
        {"src/lib.rs": "struct T; impl T { fn new() -> Self { T } fn m(&self) {} }\nfn go() { T::new().m() }"},
        "src.lib.go", "src.lib.T.m"),
    "Rust: self": ({"src/lib.rs": "struct T; impl T { fn m(&self) {} fn go(&self) { self.m() } }"}, "src.lib.T.go", "src.lib.T.m"),
    "Rust: an option": (
        {"src/lib.rs": "struct T; impl T { fn m(&self) {} }\nfn go(x: Option<Box<T>>) { x.as_ref().unwrap().m() }"},
        "src.lib.go", "src.lib.T.m"),
    "Rust: a pattern": (
        {"src/lib.rs": "struct T; impl T { fn m(&self) {} }\nenum E { A(T) }\nfn go(e: E) { match e { E::A(t) => t.m() } }"},
        "src.lib.go", "src.lib.T.m"),
    "Rust: a trait": (
        {"src/lib.rs": "trait R { fn m(&self); }\nstruct T; impl R for T { fn m(&self) {} }\nfn go(x: &dyn R) { x.m() }"},
        "src.lib.go", "src.lib.T.m"),
    "Rust: the arguments of a macro": ({"src/lib.rs": "fn m() -> u8 { 1 }\nfn go() { assert_eq!(m(), 1) }"}, "src.lib.go", "src.lib.m"),
    "Rust: a crate of the workspace": (
        {"a/Cargo.toml": '[package]\nname = "my-a"', "a/src/lib.rs": "pub fn m() {}", "b/src/main.rs": "use my_a::m;\nfn go() { m() }"},
        "b.src.main.go", "a.src.lib.m"),
    "C: a header": (
        {"p/a.h": "int m(int x);", "p/a.c": '#include "a.h"\nint m(int x) { return x; }', "p/b.c": '#include "a.h"\nvoid go(void) { m(1); }'},
        "p.b.go", "p.a_c.m"),
    "C: a function of the file": ({"a.c": "static void m(void) {}\nvoid go(void) { m(); }", "b.c": "static void m(void) {}"}, "a.go", "a.m"),
    "C: a macro": ({"a.c": "#define M(x) (x)\nvoid go(void) { M(1); }"}, "a.go", "a.M"),
    "C: a field that points to a function": (
        {"a.c": "struct s { void (*f)(void); };\nstatic void m(void) {}\nstatic struct s t = { .f = m };\nvoid go(struct s *x) { x->f(); }"},
        "a.go", "a.m"),
    "C++: a method that is defined outside": (
        {"p/a.hpp": "class A { public: void m(); void go(); };", "p/a.cpp": '#include "a.hpp"\nvoid A::m() {}\nvoid A::go() { m(); }'},
        "p.a_cpp.A.go", "p.a_cpp.A.m"),
    "C++: a pointer": ({"a.cpp": "class A { public: void m() {} };\nvoid go() { A* a = new A(); a->m(); }"}, "a.go", "a.A.m"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "caller", "target"), CASES.values(), ids=CASES.keys())
def test_a_call_is_followed(
    resolved: Callable[[dict[str, str]], set[Any]], files: dict[str, str], caller: str, target: str
) -> None:
    found = {(e.target, e.resolution) for e in resolved(files) if e.type == "CALLS" and e.source == caller}
    assert target in {name for name, sure in found if sure != "unknown"}
    assert not [name for name, _ in found if name.endswith("m#2")]


def test_names_of_one_language_mean_nothing_in_another(resolved: Callable[[dict[str, str]], set[Any]]) -> None:
    files = {
        "a.py": "def shared(): pass\nclass Only:\n    def rare(self): pass",
        "b.js": "function go(x) { shared(); x.rare() }",
        "C.java": "class C { void go(Object x) { shared(); x.rare(); } }",
        "d.go": "package d\nfunc go_(x T) { shared(); x.rare() }",
        "e.rs": "fn go(x: T) { shared(); x.rare() }",
        "f.c": "void go(void) { shared(); }",
    }
    assert not [e for e in resolved(files) if e.target.startswith("a.") and not e.source.startswith("a")]


@pytest.mark.parametrize("name", ["A.java", "a.go", "a.rs", "a.c", "a.cpp", "a.ts"])
def test_any_text_is_read_without_an_error(workspace: Any, name: str) -> None:
    for text in ("", "\0", "}}}}((((", "class {", "func (", "fn f<", "#include", "é" * 50, "\ud800"):
        workspace.graph.update([workspace.put(1, name, text.encode("utf-8", "replace").decode())])


@pytest.mark.parametrize("header", ["class A { double x; public: A(); void m(double* w); };", ""])
def test_a_field_that_a_file_of_methods_assigns_may_be_called(
    resolved: Callable[[dict[str, str]], set[Any]], header: str
) -> None:
    text = '#include "a.h"\nA::A() { this->x = 1; }\nvoid A::m(double* w) { x = 2; this->x(w); }\n'
    edges = resolved({"a.cpp": text, **({"a.h": header} if header else {})})
    assert any(edge.type == "CALLS" and edge.source.endswith(".A.m") for edge in edges)


def test_methods_of_a_class_that_another_file_defines_may_assign_its_fields(
    resolved: Callable[[dict[str, str]], set[Any]],
) -> None:
    text = (
        '#include "a.hpp"\nnamespace n {\nA::A() { this->x = nullptr; this->m(); }\nvoid A::m() { this->x = 1; }\n}\n'
    )
    for header in ("namespace n { class A { public: A(); void m(); void* x; }; }", ""):
        found = resolved({"p/a.hpp": header, "p/a.cpp": text})
        assert any(e.target.endswith("A.m") for e in found)


def test_a_class_inside_another_extends_it_and_not_its_constructor(workspace: Any):
    text = (
        "abstract class Outer {\n  Outer(int n) {}\n  static class Has extends Outer {\n    Has() { super(1); }\n  }\n}\n"
        "class Bag implements Iterable<Outer> {}\n"
    )
    graph = workspace.build({"Outer.java": text})
    (answer,) = [one for one in subclasses(graph, "Outer.Outer") if one.symbol.label == "CLASS"]
    assert [row.symbol.id for row in answer.rows] == ["Outer.Outer.Has"]
    assert answer.doubts == ()
