"""After any history of edits the graph of several languages equals one built afresh."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

FILES = {
    ("a.ts", "b.js", "lib/index.ts", "lib/x.tsx", "lib/tests/x.test.js", "a.py"): (
        "import {f, A} from './b'; f(); new A().m()",
        "import * as b from './b'; b.f(); export const v = new b.A()",
        "import g from './lib'; g(); g.h()",
        "import {f} from 'pkg'; f(f)",
        "export * from './b'; export * from './x'",
        "export {f as g} from './b'",
        "export function f(c) { c(); return new A() }",
        "export class A { m() { this.n(); this.w.m() } n() {} w = new B() }",
        "export class B extends A { n() { super.n(); f().m() } }",
        "const b = require('./b'); exports.f = function () { b.f(); this.m() }",
        "module.exports = {f, h() { f() }}; function f() {}",
        "export default {m() { this.n() }, n: () => f()}",
        "export interface A { m(): B }\nexport function h(a: A) { a.m().n() }",
        "v.m(); v.w.n(); [v].forEach(e => e.n())",
        "function f( {",
        "app.get('/x', f); app.post('/y', b.f); router.route('/z').put(g, h); app.all('/w', () => f())",
        "try { throw new A() } catch (e) { throw e }",
        "class A:\n    def m(self): f()",
    ),
    ("package.json", "lib/package.json"): (
        '{"name": "pkg", "main": "b.js"}',
        '{"name": "pkg", "exports": "./a.ts"}',
        '{"main": "x"}',
    ),
}  # fmt: skip


COMPILED = {
    ("p/a.go", "p/b.go", "q/c.go"): (
        "package p\ntype T struct{ B }\nfunc (t *T) M() { t.n() }",
        "package p\ntype B struct{}\nfunc (b B) n() { m() }",
        "package p\nfunc m() *T { return &T{} }",
        'package q\nimport "x.org/y/p"\nfunc z(i I) { p.M(); i.M() }',
        "package p\ntype I interface{ M() }\nfunc go_(i I) { i.M(); m().M() }",
        "package p\nfunc (t *T) n() { t.M() }",
    ),
    ("go.mod",): ("module x.org/y\n", "module other\n"),
    ("src/lib.rs", "src/a.rs", "src/a/b.rs"): (
        "mod a; use a::{m, T};",
        "pub mod b; pub use self::b::*;",
        "pub struct T; impl T { pub fn m(&self) { self.n(); } }",
        "impl T { fn n(&self) { m(); } }",
        "pub fn m() -> T { T::new().m() }",
        "pub trait R { fn n(&self); } impl R for T { fn n(&self) { self.m() } }",
    ),
    ("A.java", "p/B.java"): (
        "package p; import q.C;",
        "class A extends B { void m() { n(); } void m(int i) { this.b.n(); } B b; }",
        "class B { void n() { new A().m(1); } }",
        "class C { static void n() { B.n(); } }",
    ),
    ("a.h", "a.c", "b.cpp"): (
        '#include "a.h"\n',
        "int m(int x);",
        "int m(int x) { return n(); }",
        "static int n(void) { return m(1); }",
        "class A { public: void m(); void n() { m(); } };",
        "void A::m() { n(); }",
        "template<class T> struct D : T { T t; void m() { t.n(); n(); T::m(); } };",
        "#define M(x) m(x); (x)->n()",
    ),
}  # fmt: skip

SCRIPTING = {
    ("src/A.php", "src/D/B.php", "c.php"): (
        "<?php namespace N; use N\\D\\B; ?>",
        "<?php namespace N\\D; use function N\\m; ?>",
        "<?php class A extends B { use T; function m() { $this->n(); return new self(); } } ?>",
        "<?php class B { private A $a; static function n() { self::$b->m(); $this->a->n(); m(); } } ?>",
        "<?php trait T { function n() { parent::n(); static::m(); } } ?>",
        "<?php function m() { return new A(); } ?>",
        "<?php interface I { function m(); } class C implements I { function m() { (new B)->n(); } } ?>",
        "<?php /** @return A */ function z(I $i) { $i->m(); m()->n(); z()->m(); } ?>",
        "<?php require __DIR__ . '/src/A.php'; ?>",
        "<?php function k($x) { $x(); [$x, 'm'](); call_user_func([new A, 'n']); } ?>",
    ),
    ("composer.json",): ('{"autoload": {"psr-4": {"N\\\\": "src"}}}', "{}"),
    ("lib/a.rb", "lib/a/b.rb", "test/c.rb"): (
        "require 'a/b'",
        "class A\n  def m; n; end\n  def self.m; new.n; end\nend",
        "class A < B\n  attr_accessor :b\n  def n; super; @b = B.new; end\nend",
        "class B\n  include M\n  def n; b.m; end\nend",
        "module M\n  def m; A.m; yield self; end\n  def self.included(c); c.extend(C); end\nend",
        "module M\n  module C\n    def z; m { |x| x.n }; end\n  end\nend",
        "class A::D < A\n  def m; A::D.z; B.z; end\nend",
        "def m; A.new; end\nm.m",
        "LIMIT = B.new\nLIMIT.m",
        "def z(x, y); x.send(y); x.method(:m).call; define_method(y) { n }; end",
    ),
}

DOTNET = {
    ("a.cs", "p/b.cs", "p/c.cs"): (
        "using N; using M.D;",
        "namespace N; class A : B { void m() { n(); this.b.n(); } B b; }",
        "namespace N { class B { public void n() { new A().m(); } public A P { get; set; } } }",
        "namespace M.D { static class X { public static void n(this N.A a) { a.m(); } } }",
        "interface I { void m(); } class C<T> : I where T : A { T t; public void m() { t.m(); z(x => x.n()); } }",
        "partial class A { void z(System.Action<B> f) { f(b); base.n(); } }",
        "record R(A a) { B n() => a.b; }",
        "class { void",
    ),
    ("a.kt", "b.swift", "C.scala"): (
        "class A { fun m() {} }",
        "interface B",
        "func f() { }",
        "object O { def g = 1 }",
        "struct S { func m() {} }",
        "fun A.z() { m() }",
        "class {",
    ),
    ("a.sh", "b.sql", "c.tf"): (
        "f() { g; }",
        "CREATE TABLE t (id int);",
        "CREATE VIEW v AS SELECT 1;",
        'resource "a" "b" { x = 1 }',
        'variable "v" {}',
        "function g { f; }",
        "{",
    ),
}  # fmt: skip


def _file(paths: tuple[str, ...], statements: tuple[str, ...]) -> st.SearchStrategy[tuple[str, str]]:
    size = 1 if paths[0].endswith((".json", ".mod", ".toml")) else 4
    return st.tuples(
        st.sampled_from(paths), st.lists(st.sampled_from(statements), min_size=1, max_size=size).map("\n".join)
    )


def _histories(files: dict[tuple[str, ...], tuple[str, ...]]) -> st.SearchStrategy[Any]:
    changed = st.one_of(st.none(), *(_file(*item) for item in files.items()))
    return st.lists(st.lists(st.tuples(st.integers(1, 6), changed), min_size=1, max_size=3), min_size=1, max_size=5)


def _replay(space: Any, history: Any) -> dict[int, Any]:
    state: dict[int, Any] = {}
    for batch in history:
        changed = {document: value for document, value in batch if value}
        gone = {document for document, value in batch if not value} - changed.keys()
        # A document that is code no longer leaves the graph, as one that goes does.
        left = {document for document, value in changed.items() if not _is_code(value[0])} | gone
        files = [space.put(number, *value) for number, value in changed.items()]
        space.graph.update([], left)
        space.store.connection.executemany("DELETE FROM documents WHERE id = ?", [(number,) for number in gone])
        space.graph.update([file for file in files if _is_code(file.path)])
        state = {**{key: value for key, value in state.items() if key not in gone}, **changed}
    return state


def _is_code(path: str) -> bool:
    return not path.endswith((".json", ".mod", ".toml"))


def _same(new_workspace: Callable[[Path], Any], history: Any) -> None:
    with tempfile.TemporaryDirectory() as folder, patch("evidentia.graphs.code.index._MOST", 9):
        edited, fresh = new_workspace(Path(folder) / "edited"), new_workspace(Path(folder) / "fresh")
        state = _replay(edited, history)
        files = [fresh.put(number, *value) for number, value in sorted(state.items(), reverse=True)]
        fresh.graph.update([file for file in files if _is_code(file.path)])
        assert edited.nodes() == fresh.nodes()
        assert edited.edges() == fresh.edges()
        assert edited.gaps() == fresh.gaps()
        assert edited.graph.coverage() == fresh.graph.coverage()
        edited.store.close()
        fresh.store.close()


@settings(max_examples=60, deadline=None)
@given(history=_histories(FILES))
def test_an_edited_library_equals_a_fresh_one(new_workspace: Callable[[Path], Any], history: Any) -> None:
    _same(new_workspace, history)


@settings(max_examples=40, deadline=None)
@given(history=_histories(COMPILED))
def test_an_edited_library_of_compiled_languages_equals_a_fresh_one(
    new_workspace: Callable[[Path], Any], history: Any
) -> None:
    _same(new_workspace, history)


@settings(max_examples=40, deadline=None)
@given(history=_histories(SCRIPTING))
def test_an_edited_library_of_scripting_languages_equals_a_fresh_one(
    new_workspace: Callable[[Path], Any], history: Any
) -> None:
    _same(new_workspace, history)


@settings(max_examples=40, deadline=None)
@given(history=_histories(DOTNET))
def test_an_edited_library_of_csharp_and_outlines_equals_a_fresh_one(
    new_workspace: Callable[[Path], Any], history: Any
) -> None:
    _same(new_workspace, history)
