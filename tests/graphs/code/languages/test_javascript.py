"""JavaScript and TypeScript: what a call reaches, by scope, import, receiver and type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Calls = set[tuple[str, str, str]]


@pytest.fixture
def calls(resolved: Callable[[dict[str, str]], set[Any]]) -> Callable[..., Calls]:
    """``(caller, callee, resolution)``."""

    def run(files: dict[str, str]) -> Calls:
        return {(e.source, e.target, e.resolution) for e in resolved(files) if e.type == "CALLS"}

    return run


@pytest.fixture
def edges(resolved: Callable[[dict[str, str]], set[Any]]) -> Callable[..., set[tuple[str, str, str]]]:
    def run(files: dict[str, str], *types: str) -> set[tuple[str, str, str]]:
        return {(e.source, e.type, e.target) for e in resolved(files) if e.type in types}

    return run


IMPORTS = {
    "a named import": ("import {f} from './b'; f()", "b.f"),
    "an alias": ("import {f as g} from './b'; g()", "b.f"),
    "a namespace": ("import * as b from './b.js'; b.f()", "b.f"),
    "a default": ("import g from './b'; g()", "b.h"),
    "require": ("const b = require('./b'); b.f()", "b.f"),
    "require, taken apart": ("const {f: g} = require('./b'); g()", "b.f"),
    "a dynamic import": ("async function x() { const b = await import('./b'); b.f() }", "b.f"),
    "an import that is exported again": ("import {again} from './c'; again()", "b.f"),
    "a star that is exported again": ("import {f} from './c'; f()", "b.f"),
}


@pytest.mark.parametrize(("text", "target"), IMPORTS.values(), ids=IMPORTS.keys())
def test_a_call_is_followed_through(calls: Callable[..., Calls], text: str, target: str) -> None:
    files = {
        "a.js": text,
        "b.js": "export function f() {}\nexport default function h() {}",
        "c.js": "export {f as again} from './b'; export * from './b'",
    }
    assert target in {callee for caller, callee, sure in calls(files) if sure != "unknown" and caller.startswith("a")}


COMMON_JS = {
    "exports.f = function () {}": "b.f",
    "module.exports = {f}; function f() {}": "b.f",
    "module.exports = {f: function () {}}": "b.f",
    "module.exports = {f() {}}": "b.f",
    "const api = module.exports = {}; api.f = function () {}": "b.api.f",
    "exports = module.exports = make; function make() {} exports.f = function () {}": "b.f",
    "module.exports = class { static f() {} }": "b.default.f",
}


@pytest.mark.parametrize(("text", "target"), COMMON_JS.items())
def test_commonjs_exports(calls: Callable[..., Calls], text: str, target: str) -> None:
    assert ("a", target, "exact") in calls({"a.js": "const b = require('./b'); b.f()", "b.js": text})


RESOLUTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "index files": ("./lib", {"lib/index.ts": "export function f() {}"}),
    "the suffix of what TypeScript makes": ("./b.js", {"b.ts": "export function f() {}"}),
    "main of a folder's package.json": ("./lib", {"lib/package.json": '{"main": "m.js"}', "lib/m.js": "exports.f = function () {}"}),
    "a package of the library": ("@my/lib", {"lib/package.json": '{"name": "@my/lib"}', "lib/src/index.ts": "export function f() {}"}),
    "exports of a package": (
        "lib/deep",
        {"p/package.json": '{"name": "lib", "exports": {"./*": {"import": "./dist/*.js"}}}', "p/src/deep.ts": "export function f() {}"},
    ),
    "paths of tsconfig.json": (
        "@/deep/b",
        {"tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["src/*"]},}} // yes', "src/deep/b.ts": "export function f() {}"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("specifier", "files"), RESOLUTIONS.values(), ids=RESOLUTIONS.keys())
def test_an_import_is_resolved_by(calls: Callable[..., Calls], specifier: str, files: dict[str, str]) -> None:
    found = calls({"a.ts": f"import {{f}} from '{specifier}'; f()", **files})
    assert [callee.rpartition(".")[2] for caller, callee, sure in found if sure == "exact" and caller == "a"] == ["f"]


METHODS = {
    "this": "class A { go() { this.m() } m() {} }",
    "this in an arrow function": "class A { go() { [1].forEach(() => this.m()) } m() {} }",
    "a field that is an arrow function": "class A { go = () => { this.m() }; m() {} }",
    "new": "class A { m() {} } function go() { const a = new A(); a.m() }",
    "a field": "class A { m() {} } class B { constructor() { this.a = new A() } go() { this.a.m() } }",
    "a returned object": "class A { m() {} } function make() { return new A() } function go() { make().m() }",
    "an element": "class A { m() {} } function go() { for (const a of [new A()]) a.m() }",
    "a prototype": "function A() {} A.prototype.m = function () {}; function go() { new A().m() }",
    "this in a prototype": "function A() {} A.prototype.m = function () {}; A.prototype.go = function () { this.m() }",
    "an object": "const A = { m() {}, go() { this.m() } }",
    "a function of an object": "const A = { m: () => 1 }; function go() { A.m() }",
    "a table": "class A { m() {} } const t = {a: new A()}; function go() { t.a.m() }",
    "a super class": "class A { m() {} } class B extends A { go() { super.m() } }",
    "an inherited method": "class A { m() {} } class B extends A { go() { this.m() } }",
    "a private method": "class A { go() { this.#m() } #m() {} }",
}


@pytest.mark.parametrize("text", METHODS.values(), ids=METHODS.keys())
def test_a_method_is_reached_through(calls: Callable[..., Calls], text: str) -> None:
    found = calls({"x.js": text})
    assert "x.A.m" in {callee for caller, callee, sure in found if caller.endswith("go") and sure != "unknown"}


TYPED = {
    "the type of a parameter": "function go(a: A) { a.m() }",
    "an optional parameter": "function go(a?: A | null) { a?.m() }",
    "an array": "function go(all: A[]) { for (const a of all) a.m() }",
    "a callback of an array": "function go(all: Array<A>) { all.forEach(a => a.m()) }",
    "a promise": "async function get(): Promise<A> { return x } async function go() { (await get()).m() }",
    "a declared variable": "function go() { const a: A = make(); a.m() }",
    "a field": "class B { private a: A; go() { this.a.m() } }",
    "a parameter that is a field": "class B { constructor(private a: A) {} go() { this.a.m() } }",
    "a cast": "function go(x: unknown) { (x as A).m() }",
    "the bound of a type parameter": "function go<T extends A>(x: T) { x.m() }",
    "a type by another name": "type S = A; function go(a: S) { a.m() }",
    "an object taken apart": "class B { a: A } function go({a}: B) { a.m() }",
}


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED.keys())
def test_a_declared_type_leads_to_the_method(calls: Callable[..., Calls], text: str) -> None:
    found = calls({"x.ts": f"class A {{ m() {{}} }} class Z {{ m() {{}} }} {text}"})
    assert {callee for caller, callee, _ in found if caller.endswith("go") and callee.endswith(".m")} == {"x.A.m"}


def test_an_interface_reaches_what_implements_it(edges: Callable[..., set[tuple[str, str, str]]]) -> None:
    found = edges(
        {"x.ts": "interface I { m(): void } class A implements I { m() {} } function go(i: I) { i.m() }"},
        "CALLS", "INHERITS", "OVERRIDES",
    )  # fmt: skip
    assert found >= {
        ("x.A", "INHERITS", "x.I"),
        ("x.A.m", "OVERRIDES", "x.I.m"),
        ("x.go", "CALLS", "x.I.m"),
        ("x.go", "CALLS", "x.A.m"),
    }


def test_functions_that_are_handed_on_are_called(calls: Callable[..., Calls]) -> None:
    found = calls({"x.js": "function run(f) { f() } function g() {} run(g); run(() => h()); function h() {}"})
    assert ("x.run", "x.g", "inferred") in found


def test_a_call_of_a_name_that_two_classes_have_is_unknown(calls: Callable[..., Calls]) -> None:
    found = calls({"x.js": "class A { go1() {} } class B { go1() {} } function f(x) { x.go1() }"})
    assert ("x.f", "external:*.go1", "unknown") in found


def test_the_only_method_of_a_name_is_a_guess(calls: Callable[..., Calls]) -> None:
    assert ("x.f", "x.A.rare", "inferred") in calls({"x.js": "class A { rare() {} } function f(x) { x.rare() }"})


def test_packages_outside_are_named(calls: Callable[..., Calls]) -> None:
    found = calls({"x.js": "const fs = require('node:fs'); import {join} from 'path'; fs.readFileSync(); join()"})
    assert {callee for _, callee, _ in found} == {"external:node:fs.readFileSync", "external:path.join"}


def test_a_name_that_begins_with_a_dollar_is_a_name(calls: Callable[..., Calls]) -> None:
    files = {"x.js": "import {$f} from './y'; function $g() {} $f(); $g()", "y.js": "export function $f() {}"}
    assert {callee for _, callee, _ in calls(files)} == {"y.$f", "x.$g"}


def test_overload_signatures_are_one_function(workspace: Any) -> None:
    workspace.build({"x.ts": "function f(a: string): void;\nfunction f(a: number): void;\nfunction f(a: any) { g() }"})
    assert [node[0] for node in workspace.nodes() if node[2] == "FUNCTION"] == ["x.f"]


def test_the_comment_above_a_definition_is_its_doc(workspace: Any) -> None:
    text = "/**\n * Adds two numbers. Quickly.\n * @param a one\n */\nexport function add(a, b) {}\n\n// far\n\nfunction g() {}"
    workspace.build({"x.js": text})
    docs = {node[0]: node[6] for node in workspace.nodes()}
    assert docs["x.add"] == "Adds two numbers."
    assert docs["x.g"] == ""


def test_what_parses_of_a_broken_file_is_there(workspace: Any) -> None:
    graph = workspace.build({"x.js": "function f() { g() }\nfunction ( {\n", "y.js": "function g() {}"})
    assert "x.f" in {node[0] for node in workspace.nodes()}
    assert [problem.path for problem in graph.problems()] == ["x.js"]


@pytest.mark.parametrize("text", ["// Code generated by x. DO NOT EDIT.\nfunction f() {}", "var a=1;" * 2_000])
def test_files_that_a_machine_made_are_named_and_left_out(workspace: Any, text: str) -> None:
    graph = workspace.build({"x.js": text})
    assert {node[2] for node in workspace.nodes()} == {"MODULE"}
    assert len(graph.problems()) == 1


def test_nesting_without_end_is_survived(workspace: Any) -> None:
    graph = workspace.build(
        {"x.js": "f(\n" * 3_000 + ")" * 3_000, "y.js": "a" + "\n.b()" * 3_000, "z.js": "+\n".join("a" * 5_000)}
    )
    assert len(graph.problems()) == 2
