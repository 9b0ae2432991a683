"""In every language each call site has an edge, or is a gap with its reason: a call of a method of which the library has
two may never be passed over, whatever the object is that it is called on."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.graphs.code.questions import verbs

LANGUAGES = {
    "a.cpp": (
        "struct A { void go(); A* next; };\nstruct B { void go(); };\nvoid A::go() {}\nvoid B::go() {}\n"
        "template<class T> struct Box : T { T t; T* p; void run(T x, std::vector<T> v) {",
        (
            "t.go();", "p->go();", "this->t.go();", "T::go();", "T().go();", "T::make().go();", "x.go();", "this->go();",
            "go();", "for (auto& y : v) y.go();", "v[0].go();", "v.back().go();", "typename T::in z; z.go();",
            "[](auto w) { w.go(); }(x);", "static_cast<A*>(p)->go();", "((B*)p)->go();", "unknown().go();",
            "std::function<void()> f = [&] { x.go(); };",
        ),
        "} };\ntemplate<typename T> void f(T x) { x.go(); }\ntemplate<class T> void Box<T>::later() { t.go(); }\n"
        "template<Callable T> void g(T x) { x.go(); }\nvoid h(auto x) { x.go(); }\nvoid k(X* x) { x->go(); }\n"
        "void l(X* x) { x->get()->go(); }\n#define CALL(x) x.go()\n#define TWO(x) do { (x)->go(); } while (0)\n",
    ),
    "a.java": (
        "class A<T, S extends Runnable> { T t; S s; java.util.List<T> l; void go() {}\n"
        "<U> void run(T x, U u, Class<U> c, Object o, X e) {",
        (
            "x.go();", "t.go();", "this.t.go();", "u.go();", "s.go();", "l.get(0).go();", "for (T y : l) y.go();",
            "c.newInstance().go();", "((A) o).go();", "e.go();", "o.go();", "e.field.go();", "e.get().go();",
            "var v = e.get(); v.go();", "l.forEach(y -> y.go());", "l.stream().map(y -> y.go()).toList();",
            "l.forEach(A::go);", "new X() {}.go();", "if (o instanceof A a) a.go();",
        ),
        "} }\nclass B { void go() {} }",
    ),
    "a.cs": (
        "class A<T> where T : new() { T t; public T P { get; set; } public void go() {}\n"
        "void run<U>(T x, U u, List<T> l, dynamic d, object o, X e) {",
        (
            "x.go();", "t.go();", "P.go();", "this.t.go();", "u.go();", "l[0].go();", "foreach (var y in l) y.go();",
            "new T().go();", "d.go();", "e.go();", "e?.go();", "o.go();", "((A<T>)o).go();", "(o as A<T>).go();",
            "e.Get().go();", "var v = e.Get(); v.go();", "l.ForEach(z => z.go());", "if (o is A<T> a) a.go();",
        ),
        "} }\nclass B { public void go() {} }",
    ),
    "a.rs": (
        "struct A; struct B;\nimpl A { fn go(&self) {} }\nimpl B { fn go(&self) {} }\nstruct Box<T> { t: T }\n"
        "impl<T: Clone> Box<T> { fn run<U>(&self, x: T, u: U, v: Vec<T>, o: Option<U>, d: &dyn Ext, e: Ext) {",
        (
            "self.t.go();", "x.go();", "u.go();", "T::go(&x);", "T::default().go();", "v[0].go();",
            "for y in v { y.go(); }", "o.unwrap().go();", "d.go();", "e.go();", "e.field.go();", "e.get().go();",
            "let h = e.get(); h.go();", "unknown().go();", "(|z| z.go())(e);", "if let Some(w) = e.opt() { w.go(); }",
            "match e { Ext::K(q) => q.go(), _ => {} }", "println!(\"{}\", x.go());", "v.iter().map(|m| m.go());",
        ),
        "} }",
    ),
    "a.ts": (
        "class A<T> { t: T; go() {}\nrun<U>(x: T, u: U, l: T[], m: Map<string, T>, c: new () => T, a: any, e: Ext) {",
        (
            "x.go();", "this.t.go();", "u.go();", "l[0].go();", "for (const y of l) y.go();", "l.forEach(z => z.go());",
            "m.get('a').go();", "new c().go();", "a.go();", "e.go();", "e?.go();", "e['go']();", "e[a]();", "a!.go();",
            "(a as A<T>).go();", "(<B>a).go();", "e.get().go();", "const v = e.get(); v.go();", "(a ?? e).go();",
            "{ const {go} = e; go(); }", "e.go.call(a);", "e.go.bind(a)();", "setTimeout(e.go, 1);",
        ),
        "} }\nclass B { go() {} }",
    ),
    "a.js": (
        "class A { go() {} }\nclass B { go() {} }\nasync function f(x, ...r) {",
        (
            "x.go();", "r[0].go();", "x?.go();", "x['go']();", "x[r]();", "this.go();", "arguments[0].go();",
            "const h = x.go; h();", "[x].map(y => y.go());", "Promise.resolve(x).then(z => z.go());",
            "Reflect.apply(x.go, x, []);", "x.go.apply(x);", "new (x.klass)().go();", "require(x).go();",
            "(await import(x)).go();", "on('x', x.go);", "for (const k in x) x[k]();", "x.a.b.go();",
        ),
        "}",
    ),
    "a.go": (
        "package p\ntype A struct{}\nfunc (a A) Go() {}\ntype B struct{}\nfunc (b B) Go() {}\n"
        "type Box[T any] struct{ t T }\n"
        "func F[T any, U C](x T, u U, l []T, m map[string]T, c chan T, i interface{}, e ext.T, f func() ext.T, b Box[T]) {",
        (
            "x.Go()", "u.Go()", "b.t.Go()", "l[0].Go()", "for _, y := range l { y.Go() }", "m[\"a\"].Go()", "(<-c).Go()",
            "i.(A).Go()", "e.Go()", "e.Field.Go()", "f().Go()", "v := e.Get(); v.Go()", "go e.Go()", "defer e.Go()",
            "switch z := i.(type) { case ext.T: z.Go() }", "func() { e.Go() }()", "g := e.Go; g()", "unknown().Go()",
            "run(e.Go)",
        ),
        "}",
    ),
    "a.rb": (
        "class A\n def go; end\nend\nclass B\n def go; end\nend\ndef f(x, y, *r, &b)",
        (
            "x.go", "x&.go", "x::go", "x.send(:go)", "x.send('go')", "x.send(y)", "x.public_send(y, 1)", "x.__send__(y)",
            "x.send(\"g#{y}\")", "x.method(:go).call", "x.method(y).call", "b.call(x)", "r[0].go", "r.each { |z| z.go }",
            "r.each(&:go)", "r.map(&:go)", "x.tap { |w| w.go }", "x.instance_eval { go }", "yield.go", "Ext.new.go",
            "eval('x.go')", "x.try(:go)", "go", "self.go", "x.a.go", "(x || y).go", "x.go while y", "call_it(x.method(:go))",
        ),
        "end\nclass C\n define_method(:zed) { @x.go }\n"
        " %w[a b].each { |n| define_method(\"go_#{n}\") { go } }\n def method_missing(n, *a) = @x.public_send(n, *a)\nend",
    ),
    "a.php": (
        "<?php\nclass A { function go() {} }\nclass B { function go() {} }\nfunction f($x, $r, callable $c) {",
        (
            "$x->go();", "$x?->go();", "$x->$r();", "$x->{$r}();", "$r();", "$r::go();", "$r::$x();", "$c()->go();",
            "[$x, 'go']();", "call_user_func([$x, 'go']);", "call_user_func($r);", "array_map(fn($y) => $y->go(), $r);",
            "foreach ($r as $z) $z->go();", "$r[0]->go();", "(new $r)->go();", "Ext::make()->go();", "$x->field->go();",
            "$v = $x->get(); $v->go();", "array_map([$x, 'go'], $r);", "(clone $x)->go();", "usort($r, [$x, 'go']);",
        ),
        "}",
    ),
    "a.py": (
        "class A:\n    def go(self): pass\nclass B:\n    def go(self): pass\nimport x\ndef f(p, *a, e: x.E = None, **kw):",
        (
            "    p.go()", "    a[0].go()", "    kw['k'].go()", "    p().go()", "    p.q.go()", "    e.go()", "    e.get().go()",
            "    v = e.get(); v.go()", "    h = p.go; h()", "    x.make().go()", "    x.make().get().go()", "    x.on(p.go)",
            "    x.on(e.go)", "    [i.go() for i in p]", "    (lambda i: i.go())(p)", "    getattr(p, 'go')()",
            "    getattr(p, a)()", "    next(iter(p)).go()", "    for t in p: t.go()", "    (p or e).go()",
        ),
        "",
    ),
}  # fmt: skip


_USES = ("CALLS", "USES")
_BARE = {"a.rb": "external:go", "a.cpp": "external:go"}
"""Of a bare name that nothing explains, which is told as such."""


@pytest.mark.parametrize("path", LANGUAGES)
def test_no_call_is_silent(workspace: Any, path: str) -> None:
    head, sites, rest = LANGUAGES[path]
    lines = [*head.split("\n"), *sites, *rest.split("\n")]
    graph = workspace.build({path: "\n".join(lines)})
    assert not graph.problems()
    name = "Go" if path == "a.go" else "go"
    there = {
        edge[4]
        for edge in workspace.edges()
        if edge[1] in _USES
        and edge[2].rpartition(".")[2] in (name, _BARE.get(path))
        and not edge[2].startswith("external:T")
    }
    there |= {row[0] for row in workspace.store.connection.execute("SELECT line FROM code_gaps")}
    first = head.count("\n") + 2
    wanted = [
        number
        for number, text in enumerate(lines, 1)
        if number >= first and name in text and not text.startswith(("} }", "class "))
    ]
    wanted += range(first, first + len(sites))
    assert [lines[number - 1] for number in wanted if number not in there] == []


def test_a_call_of_a_type_parameter_leaves_a_doubt(workspace: Any) -> None:
    text = "struct A { void call(); };\nvoid A::call() {}\ntemplate<class T> struct Box{T t; void run(){t.call();}};"
    (answer,) = verbs.callers(workspace.build({"a.cpp": text + "\nstruct B { void call() {} };"}), "A.call")
    assert answer.rows or answer.doubts


@pytest.mark.parametrize("use", ["x.call", "x.call(1)", "x.()", "x.each { |y| y }", "x.name", "x.send(y)", "x.to_s"])
def test_a_method_of_ruby_that_is_called_like_one_of_its_own_has_doubts(workspace: Any, use: str) -> None:
    name = use.removeprefix("x.").partition("(")[0].partition(" ")[0] or "call"
    name = "call" if name == "send" else name
    text = f"class A\n def {name}; end\nend\nclass B\n def {name}; end\nend\ndef f(x, y)\n {use}\nend"
    answer = verbs.callers(workspace.build({"a.rb": text}), f"A.{name}")[0]
    assert answer.rows or answer.doubts


def test_what_is_called_of_an_object_that_is_known_is_known(workspace: Any) -> None:
    files = {
        "a.rb": "class A\n def call; end\nend\ndef f\n x = A.new\n x.call\nend",
        "b.php": "<?php class A { function __invoke() {} function go() {} }\nfunction f() { $x = new A; $x();\n call_user_func([$x, 'go']); }",
    }
    workspace.build(files)
    called = {(edge[2], edge[4]) for edge in workspace.edges() if edge[1] == "CALLS"}
    assert {("a.A.call", 6), ("b.A.__invoke", 2), ("b.A.go", 3)} <= called


def test_a_gap_in_one_language_is_no_doubt_in_another(workspace: Any) -> None:
    graph = workspace.build(
        {"m.py": "def go(): pass", "a.rb": "def f(x, y) = x.send(y)", "b.js": "function f(x, y) { x[y](); x.go() }"}
    )
    assert verbs.callers(graph, "m.go")[0].doubts == ()
