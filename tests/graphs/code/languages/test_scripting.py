"""PHP and Ruby: what a call reaches, by namespaces, constants, requires, traits and modules, receivers and types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Edges = set[tuple[str, str, str, str]]


@pytest.fixture
def edges(resolved: Callable[[dict[str, str]], set[Any]]) -> Callable[[dict[str, str]], Edges]:
    """``(source, type, target, resolution)``."""
    return lambda files: {(e.source, e.type, e.target, e.resolution) for e in resolved(files)}


PHP: dict[str, tuple[dict[str, str], str, str]] = {
    "the namespace of the file": (
        {"a.php": "<?php namespace N; class A { static function m() {} }",
         "b.php": "<?php namespace N; function go() { A::m(); }"}, "b.go", "a.A.m"),
    "use": (
        {"a.php": "<?php namespace N\\Deep; class A { static function m() {} }",
         "b.php": "<?php namespace M; use N\\Deep\\A as Z; function go() { Z::m(); }"}, "b.go", "a.A.m"),
    "a name below what is used": (
        {"a.php": "<?php namespace N\\Deep; class A { static function m() {} }",
         "b.php": "<?php namespace M; use N; function go() { N\\Deep\\A::m(); }"}, "b.go", "a.A.m"),
    "several in one use": (
        {"a.php": "<?php namespace N; class A { static function m() {} }",
         "b.php": "<?php use N\\{B, A}; function go() { A::m(); }"}, "b.go", "a.A.m"),
    "use function": (
        {"a.php": "<?php namespace N; function m() {}", "b.php": "<?php namespace M; use function N\\m; function go() { m(); }"},
        "b.go", "a.m"),
    "the whole name": (
        {"a.php": "<?php namespace N; function m() {}", "b.php": "<?php namespace M; function go() { \\N\\m(); }"}, "b.go", "a.m"),
    "a function without a namespace": (
        {"a.php": "<?php function m() {}", "b.php": "<?php namespace M; function go() { m(); }"}, "b.go", "a.m"),
    "$this": ({"a.php": "<?php class A { function go() { $this->m(); } function m() {} }"}, "a.A.go", "a.A.m"),
    "self": ({"a.php": "<?php class A { function go() { self::m(); } static function m() {} }"}, "a.A.go", "a.A.m"),
    "static": ({"a.php": "<?php class A { function go() { static::m(); } static function m() {} }"}, "a.A.go", "a.A.m"),
    "parent": ({"a.php": "<?php class A { function m() {} } class B extends A { function go() { parent::m(); } }"}, "a.B.go", "a.A.m"),
    "a trait": ({"a.php": "<?php trait T { function m() {} } class A { use T; function go() { $this->m(); } }"}, "a.A.go", "a.T.m"),
    "a method of a trait by another name": (
        {"a.php": "<?php trait T { function m() {} } class A { use T { T::m as n; } function go() { $this->n(); } }"}, "a.A.go", "a.T.m"),
    "the type of a parameter": ({"a.php": "<?php class A { function m() {} } function go(?A $a) { $a?->m(); }"}, "a.go", "a.A.m"),
    "one of several types": ({"a.php": "<?php class A { function m() {} } function go(int|A $a) { $a->m(); }"}, "a.go", "a.A.m"),
    "the type of a property": (
        {"a.php": "<?php class A { function m() {} } class B { private A $a; function a() {} function go() { $this->a->m(); } }"},
        "a.B.go", "a.A.m"),
    "a parameter that is a property": (
        {"a.php": "<?php class A { function m() {} } class B { function __construct(private A $a) {} function go() { $this->a->m(); } }"},
        "a.B.go", "a.A.m"),
    "PHPDoc of a property": (
        {"a.php": "<?php class A { function m() {} } class B {\n/** @var A|null */\nprivate $a; function go() { $this->a->m(); } }"},
        "a.B.go", "a.A.m"),
    "PHPDoc of a parameter": (
        {"a.php": "<?php class A { function m() {} }\n/** @param A[] $l */\nfunction go($l) { foreach ($l as $a) { $a->m(); } }"},
        "a.go", "a.A.m"),
    "PHPDoc of a result": (
        {"a.php": "<?php class A { function m() {} }\n/** @return A */\nfunction f() {}\nfunction go() { f()->m(); }"}, "a.go", "a.A.m"),
    "what a method gives": (
        {"a.php": "<?php class A { function me(): static { return $this; } function m() {} } function go() { (new A)->me()->m(); }"},
        "a.go", "a.A.m"),
    "what was made": ({"a.php": "<?php class A { function m() {} } function go() { $a = new A(); $a->m(); }"}, "a.go", "a.A.m"),
    "a constructor": ({"a.php": "<?php class A { function __construct() {} } function go() { new A(); }"}, "a.go", "a.A.__construct"),
    "instanceof": ({"a.php": "<?php class A { function m() {} } class Z { function m() {} } function go($a) { if ($a instanceof A) $a->m(); }"},
        "a.go", "a.A.m"),
    "a closure": ({"a.php": "<?php class A { function go() { $f = function () { $this->m(); }; } function m() {} }"}, "a.A.go", "a.A.m"),
    "an arrow function": ({"a.php": "<?php class A { function m() {} } function go(A $a) { return fn() => $a->m(); }"}, "a.go", "a.A.m"),
    "a caught exception": (
        {"a.php": "<?php class E extends \\Exception { function m() {} } function go() { try { } catch (E $e) { $e->m(); } }"},
        "a.go", "a.E.m"),
    "a method of an enum": (
        {"a.php": "<?php enum S { case A; function m() {} } function go() { S::A->m(); }"}, "a.go", "a.S.m"),
    "an interface": (
        {"a.php": "<?php interface I { function m(); } class A implements I { function m() {} } function go(I $i) { $i->m(); }"},
        "a.go", "a.A.m"),
    "a text with values": ({"a.php": '<?php class A { function m() {} } function go(A $a) { return "x {$a->m()}"; }'}, "a.go", "a.A.m"),
}  # fmt: skip
RUBY: dict[str, tuple[dict[str, str], str, str]] = {
    "the object itself": ({"a.rb": "class A\n  def go; m; end\n  def m; end\nend"}, "a.A.go", "a.A.m"),
    "self": ({"a.rb": "class A\n  def go; self.m; end\n  def m; end\nend"}, "a.A.go", "a.A.m"),
    "a class that another file opens again": (
        {"a.rb": "class A\n  def m; end\nend", "b/c.rb": "class A\n  def go; m; end\nend"}, "b.c.A.go", "a.A.m"),
    "a class in a module of several files": (
        {"a.rb": "module M\n  class A\n    def self.m; end\n  end\nend", "b.rb": "module M\n  def self.go; A.m; end\nend"},
        "b.M.go", "a.M.A.m"),
    "a compact name": (
        {"a.rb": "module M; end", "b.rb": "class M::A\n  def m; end\nend\ndef go; M::A.new.m; end"}, "b.go", "b.M.A.m"),
    "a constant of the outermost level": (
        {"a.rb": "class A\n  def self.m; end\nend", "b.rb": "module A2\n  def self.go; ::A.m; end\nend"}, "b.A2.go", "a.A.m"),
    "a superclass": ({"a.rb": "class A\n  def m; end\nend\nclass B < A\n  def go; m; end\nend"}, "a.B.go", "a.A.m"),
    "super": ({"a.rb": "class A\n  def go; end\nend\nclass B < A\n  def go; super; end\nend"}, "a.B.go", "a.A.go"),
    "an included module": ({"a.rb": "module M\n  def m; end\nend\nclass A\n  include M\n  def go; m; end\nend"}, "a.A.go", "a.M.m"),
    "an extended module": ({"a.rb": "module M\n  def m; end\nend\nclass A\n  extend M\nend\ndef go; A.m; end"}, "a.go", "a.M.m"),
    "a module that extends those that include it": (
        {"a.rb": "module M\n  def self.included(base); base.extend C; end\n  module C\n    def m; end\n  end\nend\n"
         "class A\n  include M\n  def self.go; m; end\nend"}, "a.A.go", "a.M.C.m"),
    "class << self": ({"a.rb": "class A\n  class << self\n    def go; m; end\n    def m; end\n  end\nend"}, "a.A.go", "a.A.m"),
    "the class of the object": ({"a.rb": "class A\n  def self.m; end\n  def go; self.class.m; end\nend"}, "a.A.go", "a.A.m"),
    "what was made": ({"a.rb": "class A\n  def m; end\nend\ndef go\n  a = A.new\n  a.m\nend"}, "a.go", "a.A.m"),
    "a constructor": ({"a.rb": "class A\n  def initialize(x); end\nend\ndef go; A.new(1); end"}, "a.go", "a.A.initialize"),
    "a variable of the object": (
        {"a.rb": "class A\n  def m; end\nend\nclass B\n  def initialize; @a = A.new; end\n  def go; @a.m; end\nend"}, "a.B.go", "a.A.m"),
    "an attribute": (
        {"a.rb": "class A\n  def m; end\nend\nclass B\n  attr_reader :a\n  def initialize; @a = A.new; end\nend\ndef go; B.new.a.m; end"},
        "a.go", "a.A.m"),
    "the value of the last statement": (
        {"a.rb": "class A\n  def m; end\nend\ndef make\n  if x\n    A.new\n  else\n    nil\n  end\nend\ndef go; make.m; end"}, "a.go", "a.A.m"),
    "||=": ({"a.rb": "class A\n  def m; end\n  def self.it; @it ||= new; end\nend\ndef go; A.it.m; end"}, "a.go", "a.A.m"),
    "each element": ({"a.rb": "class A\n  def m; end\nend\ndef go; [A.new].each { |a| a.m }; end"}, "a.go", "a.A.m"),
    "&:name": ({"a.rb": "class A\n  def rare; end\nend\ndef go(l); l.map(&:rare); end"}, "a.go", "a.A.rare"),
    "a block that is yielded to": (
        {"a.rb": "class A\n  def m; end\nend\ndef with; yield A.new; end\ndef go; with { |a| a.m }; end"}, "a.go", "a.A.m"),
    "a caught exception": (
        {"a.rb": "class E < StandardError\n  def m; end\nend\ndef go\n  x\nrescue E => e\n  e.m\nend"}, "a.go", "a.E.m"),
    "is_a?": ({"a.rb": "class A\n  def m; end\nend\nclass Z\n  def m; end\nend\ndef go(a); a.m if a.is_a?(A); end"}, "a.go", "a.A.m"),
    "send": ({"a.rb": "class A\n  def m; end\nend\ndef go; A.new.send(:m); end"}, "a.go", "a.A.m"),
    "an alias": ({"a.rb": "class A\n  def m; end\n  alias n m\n  def go; n; end\nend"}, "a.A.go", "a.A.m"),
    "Struct.new": ({"a.rb": "A = Struct.new(:x) do\n  def m; end\nend\ndef go; A.new(1).m; end"}, "a.go", "a.A.m"),
    "define_method": ({"a.rb": "class A\n  define_method(:m) { |x| x }\n  def go; m(1); end\nend"}, "a.A.go", "a.A.m"),
    "an operator": ({"a.rb": "class A\n  def +(o); end\nend\ndef go; A.new + 1; end"}, "a.go", "a.A.+"),
    "what is assigned": ({"a.rb": "class A\n  def m=(v); end\nend\ndef go; A.new.m = 1; end"}, "a.go", "a.A.m="),
    "a function of another file": ({"a.rb": "def m; end", "b.rb": "require_relative 'a'\nm"}, "b", "a.m"),
}  # fmt: skip
CASES = {
    **{f"PHP: {name}": case for name, case in PHP.items()},
    **{f"Ruby: {name}": case for name, case in RUBY.items()},
}


@pytest.mark.parametrize(("files", "caller", "target"), CASES.values(), ids=CASES.keys())
def test_a_call_is_followed(
    edges: Callable[[dict[str, str]], Edges], files: dict[str, str], caller: str, target: str
) -> None:
    found = {
        name for source, kind, name, sure in edges(files) if kind == "CALLS" and source == caller and sure != "unknown"
    }
    assert target in found
    assert not [
        name for name in found if ".Z." in name and "instanceof" not in str(files) and "is_a?" not in str(files)
    ]


def test_methods_of_a_class_and_of_its_objects_are_told_apart(edges: Callable[[dict[str, str]], Edges]) -> None:
    text = "class A\n  def self.m; end\n  def m; end\nend\ndef one; A.m; end\ndef two; A.new.m; end"
    found = {(source, name) for source, kind, name, _ in edges({"a.rb": text}) if kind == "CALLS" and ".A.m" in name}
    assert found == {("a.one", "a.A.m"), ("a.two", "a.A.m#2")}


def test_a_property_is_no_method(edges: Callable[[dict[str, str]], Edges]) -> None:
    found = edges({"a.php": "<?php class A { private $x; function x() {} function go() { return $this->x; } }"})
    assert ("a.A.go", "USES", "a.A.$x", "exact") in found
    assert not [edge for edge in found if edge[2] == "a.A.x" and edge[1] != "HAS_METHOD"]


def test_of_two_classes_of_one_name_composer_says_which_is_meant(edges: Callable[[dict[str, str]], Edges]) -> None:
    files = {
        "fixtures/A.php": "<?php namespace N\\B; class A { static function m() {} }",
        "src/B/A.php": "<?php namespace N\\B; class A { static function m() {} }",
        "src/B/C.php": "<?php namespace N\\B; class C { static function go() { A::m(); } }",
    }
    called = [(name, sure) for _, kind, name, sure in edges(files) if kind == "CALLS" and name.endswith(".m")]
    assert {sure for _, sure in called} == {"inferred"}
    placed = edges({**files, "composer.json": '{"autoload": {"psr-4": {"N\\\\": "src/"}}}'})
    assert [(name, sure) for _, kind, name, sure in placed if kind == "CALLS" and name.endswith(".m")] == [
        ("src.B.A.A.m", "exact")
    ]


REQUIRED = {
    "require __DIR__": ("a.php", "<?php require_once __DIR__ . '/lib/b.php';", "lib/b.php", "<?php\n"),
    "require_relative": ("a.rb", "require_relative 'lib/b'", "lib/b.rb", "x = 1"),
    "require, from a folder that is loaded": ("bin/a.rb", "require 'deep/b'", "lib/deep/b.rb", "x = 1"),
    "autoload": ("lib/a.rb", "module A\n  autoload :B, 'a/b'\nend", "lib/a/b.rb", "module A\n  class B; end\nend"),
}


@pytest.mark.parametrize(("path", "text", "other", "content"), REQUIRED.values(), ids=REQUIRED.keys())
def test_a_file_is_required(
    edges: Callable[[dict[str, str]], Edges], path: str, text: str, other: str, content: str
) -> None:
    imported = {(name, sure) for _, kind, name, sure in edges({path: text, other: content}) if kind == "IMPORTS"}
    assert (other.rpartition(".")[0].replace("/", "."), "exact") in imported


def test_inheritance_of_classes_modules_traits_and_interfaces(edges: Callable[[dict[str, str]], Edges]) -> None:
    files = {
        "a.php": "<?php interface I { function m(); } trait T {} class P {} class A extends P implements I { use T; function m() {} }",
        "b.rb": "module M\n  def m; end\nend\nclass Q; end\nclass B < Q\n  include M\n  def m; end\nend",
    }
    found = {edge[:3] for edge in edges(files)}
    assert {(source, target) for source, kind, target in found if kind == "INHERITS"} == {
        ("a.A", "a.P"), ("a.A", "a.I"), ("a.A", "a.T"), ("b.B", "b.Q"), ("b.B", "b.M"),
    }  # fmt: skip
    assert {(source, target) for source, kind, target in found if kind == "OVERRIDES"} == {
        ("a.A.m", "a.I.m"),
        ("b.B.m", "b.M.m"),
    }


def test_names_of_one_language_mean_nothing_in_another(edges: Callable[[dict[str, str]], Edges]) -> None:
    files = {
        "a.py": "def shared(): pass\nclass Only:\n    def rare(self): pass",
        "b.php": "<?php function go($x) { shared(); $x->rare(); new Only(); }",
        "c.rb": "def go(x)\n  shared\n  x.rare\n  Only.new\nend",
    }
    assert not [edge for edge in edges(files) if edge[2].startswith("a.") and not edge[0].startswith("a")]


def test_the_languages_own_functions_are_no_edges(edges: Callable[[dict[str, str]], Edges]) -> None:
    files = {
        "a.php": "<?php namespace N; function go() { strlen('x'); throw new \\InvalidArgumentException(); }",
        "b.rb": "class B\n  def go; puts 'x'; raise ArgumentError; end\nend",
    }
    assert {name for _, kind, name, _ in edges(files) if kind == "CALLS"} == {"external:InvalidArgumentException"}


def test_a_call_of_a_name_that_two_classes_have_is_unknown(edges: Callable[[dict[str, str]], Edges]) -> None:
    found = edges({
        "a.php": "<?php class A { function go1() {} } class B { function go1() {} } function f($x) { $x->go1(); }",
        "b.rb": "class A\n  def go1; end\nend\nclass B\n  def go1; end\nend\ndef f(x); x.go1; end",
    })  # fmt: skip
    assert {("a.f", "CALLS", "external:*.go1", "unknown"), ("b.f", "CALLS", "external:*.go1", "unknown")} <= found


def test_the_comment_above_a_definition_is_its_doc(workspace: Any) -> None:
    php = "<?php\n/**\n * Adds two numbers. Quickly.\n * @param int $a one\n */\nfunction add($a, $b) {}\n"
    ruby = "# Adds two numbers. Quickly.\n#\n# @param a\ndef add(a, b); end\n"
    workspace.build({"a.php": php, "b.rb": ruby})
    docs = {node[0]: node[6] for node in workspace.nodes()}
    assert docs["a.add"] == docs["b.add"] == "Adds two numbers."


@pytest.mark.parametrize("name", ["a.php", "a.rb"])
def test_any_text_is_read_without_an_error(workspace: Any, name: str) -> None:
    texts = ("", "\0", "}}}}((((", "class {", "<?php class {", "<?php function (", "<?php $a->", "<?php use", "<?php new",
             "def", "class A <", "A::", "x.", "a, b = ", "def self.", "alias", "super(", "yield(", "é" * 50)  # fmt: skip
    for text in texts:
        workspace.graph.update([workspace.put(1, name, text)])
