"""Texts that a grammar does not read as they are: macros, conditional compilation, new syntax. What can be read is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from evidentia.corpus.files.grammars import grammar_of, tree_after, tree_of
from evidentia.graphs.code.languages import LANGUAGES
from evidentia.graphs.code.languages.c import repairs

if TYPE_CHECKING:
    from tree_sitter import Node

CASES = {
    "else behind a condition": (
        "C",
        "a.c",
        "int f(int n) {\n    if (n)\n        one();\n#ifdef BSD\n    else if (two(n))\n        three();\n#endif\n"
        "    else\n        four();\n    return 0;\n}\n\nint g(void) {\n    return f(1);\n}\n",
    ),
    "branches that exclude each other": (
        "C",
        "a.c",
        "int f(void) {\n    return add(1,\n#ifdef NEW\n        2\n#else\n        3\n#endif\n    );\n}\n\nint g(void) {\n"
        "    return f();\n}\n",
    ),
    "a macro without semicolon": (
        "C",
        "a.c",
        "int f(void) {\n    BEGIN_THREADS\n    int n = one();\n    END_THREADS\n    if (n == 1) {\n        two();\n    }\n"
        "    return n;\n}\n\nint g(void) {\n    return f();\n}\n",
    ),
    "a calling convention": (
        "C",
        "a.c",
        "static VOID CALLBACK\nf(PVOID context, BOOLEAN late) {\n    one();\n}\n\nint g(void) {\n    f(0, 1);\n    return 1;\n}\n",
    ),
    "overloads without semicolons": (
        "TypeScript",
        "a.ts",
        "interface Make {\n  (one: string): Map<string, number>\n\n  // another\n  <T>(one: T): T\n}\n\n"
        "export function f(): number {\n  return 1\n}\nexport function g() {\n  return f()\n}\n",
    ),
    "variance": (
        "TypeScript",
        "a.ts",
        "interface Box<in out T extends object, out U> {\n  one: T\n}\nexport function f() {}\nexport function g() {\n  f()\n}\n",
    ),
    "the type of an import": (
        "TypeScript",
        "a.ts",
        "export function f<T>(a?: T) {}\nexport function g() {\n  f<typeof import('./x')>()\n}\n",
    ),
    "new of a value": ("Go", "a.go", 'package a\n\nfunc f(a *string) {}\n\nfunc g() {\n\tf(new("x"))\n}\n'),
}


@pytest.mark.parametrize(("language", "path", "text"), CASES.values(), ids=CASES.keys())
def test_what_the_grammar_does_not_know_hides_no_definition(language: str, path: str, text: str):
    facts = LANGUAGES.load(language).read(path, "a", text)
    assert facts.error == ""
    lines = {symbol.name: symbol.line for symbol in facts.symbols}
    starts = {
        name: next(n for n, line in enumerate(text.split("\n"), 1) if f"{name}(" in line or f"{name}<" in line)
        for name in "fg"
    }
    assert lines["f"] in (starts["f"], starts["f"] - 1)
    assert lines["g"] == starts["g"]


def test_a_text_that_nothing_mends_says_where_it_ends_to_be_one():
    facts = LANGUAGES.load("C").read("a.c", "a", "int f(void) {\n    return 1;\n}\nint g( {\n")
    assert (facts.error, facts.error_line) == ("a syntax error; what parses is read", 4)
    assert "f" in {symbol.name for symbol in facts.symbols}


def test_a_comment_that_begins_with_the_name_alone_is_read_on():
    text = "/**\n * Basket\n *\n * Holds what is bought. It grows.\n */\nexport class Basket {}\n"
    (symbol,) = [one for one in LANGUAGES.load("TypeScript").read("a.ts", "a", text).symbols if one.name == "Basket"]
    assert symbol.doc == "Holds what is bought."


def test_branches_that_are_whole_all_stay_and_of_others_the_lines_are_named():
    both = (
        "int f(int n) {\n    if (n)\n        one();\n#ifdef A\n    else if (n > 1)\n        two();\n#else\n    three();\n#endif\n"
        "    return 0;\n}\n"
    )
    facts = LANGUAGES.load("C").read("a.c", "a", both)
    assert facts.error == ""
    assert {name for call in facts.calls for name in ("one", "two", "three") if name in str(call)} == {
        "one",
        "two",
        "three",
    }

    half = "int f(void) {\n    return add(1,\n#ifdef NEW\n        two()\n#else\n        three(),\n        four()\n#endif\n    );\n}\n"
    facts = LANGUAGES.load("C").read("a.c", "a", half)
    assert facts.error == "branches that exclude each other; line 6 is left out"


def _nodes(node: Node) -> list[tuple[str, int, int, bool]]:
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        found.append((one.type, one.start_byte, one.end_byte, one.is_missing))
        waiting += one.children
    return found


@pytest.mark.parametrize(
    "repair", [repairs.bare_macros, repairs.conventions, repairs.all_branches, repairs.first_branches]
)
def test_a_tree_made_of_another_is_that_of_the_text_alone(repair: Callable[[str], str]) -> None:
    text = "".join(f"// é {path}\n{text}" for language, path, text in CASES.values() if language == "C")
    grammar = grammar_of("a.c", text)
    assert grammar is not None
    whole = tree_of(text, grammar)
    assert whole is not None
    changed = repair(text).replace("// é", "//  ")
    after, alone = tree_after(changed, grammar, text, whole), tree_of(changed, grammar)
    assert after is not None
    assert alone is not None
    assert _nodes(after.root_node) == _nodes(alone.root_node)
    assert _nodes(whole.root_node) != _nodes(after.root_node)
