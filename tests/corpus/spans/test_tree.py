"""Code of languages with a grammar is cut along its definitions."""

from __future__ import annotations

import pytest

from evidentia.corpus.document import Document
from evidentia.corpus.spans import split

SOURCES = {
    "a.ts": ("typescript", "import x from 'y';\n\n/** Adds. */\nexport function add(a) {\n  return a;\n}\n\nclass A {\n  go() {\n    return 1;\n  }\n}\n"),
    "A.java": ("java", "package p;\n\nclass A {\n  // Adds.\n  int add(int a) {\n    return a;\n  }\n\n  void go() {\n  }\n}\n"),
    "a.go": ("go", "package p\n\n// Adds.\nfunc add(a int) int {\n\treturn a\n}\n\nfunc (t T) go_() {\n}\n"),
    "a.rs": ("rust", "use x::y;\n\n/// Adds.\nfn add(a: u8) -> u8 {\n    a\n}\n\nimpl T {\n    fn go(&self) {\n    }\n}\n"),
    "a.c": ("c", '#include "a.h"\n\n/* Adds. */\nint add(int a) {\n  return a;\n}\n\nvoid go(void) {\n}\n'),
    "a.cs": ("csharp", "using X;\n\nclass A {\n  // Adds.\n  int add(int a) {\n    return a;\n  }\n\n  void go() {\n  }\n}\n"),
    "a.rb": ("ruby", "require 'x'\n\nclass A\n  # Adds.\n  def add(a)\n    a\n  end\n\n  def go\n  end\nend\n"),
    "a.php": ("php", "<?php\nnamespace P;\n\n// Adds.\nfunction add($a) {\n  return $a;\n}\n\nfunction go() {\n}\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_a_function_is_a_passage_with_the_comment_above_it(name: str) -> None:
    language, text = SOURCES[name]
    passages = split(Document(name, name, text, f"text/x-{language}", "0" * 64))
    functions = [text[one.start : one.end] for one in passages if one.kind == "function"]
    assert len(functions) == 2
    assert "Adds." in functions[0]
    assert "add" in functions[0]
    assert "go" not in functions[0]


@pytest.mark.parametrize("name", SOURCES)
def test_passages_cover_the_text_in_order(name: str) -> None:
    language, text = SOURCES[name]
    for source in (text, text + "}}}((((\n" + text, text.replace("\n", " "), ""):
        passages = split(Document(name, name, source, f"text/x-{language}", "0" * 64))
        last = 0
        for one in passages:
            assert not source[last : one.start].strip()
            last = one.end
        assert not source[last:].strip()


def test_headings_name_what_a_method_lies_in() -> None:
    _, text = SOURCES["A.java"]
    headings = [one.heading for one in split(Document("A.java", "A.java", text, "text/x-java", "0" * 64))]
    assert "A.java > A.add | int add(int a)" in headings
