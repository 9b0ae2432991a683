"""What one file says about itself."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.graphs.code.facts import load_facts
from evidentia.graphs.code.languages.python.reader import read_facts
from evidentia.graphs.code.left_out import lines_left_out, say_left_out


def labels(text: str) -> dict[str, str]:
    return {symbol.path: symbol.label for symbol in read_facts("m", text).symbols if symbol.path}


def chains(text: str, kind: str = "C") -> dict[str, tuple[int, ...]]:
    """Targets of calls, or of references of that kind, with their lines; lists as they print."""
    facts = read_facts("m", text)
    found = [(call.kind, call.target, (call.line,)) for call in facts.calls]
    found += [(ref.kind, ref.chain, ref.lines) for ref in facts.references]
    lines: dict[str, tuple[int, ...]] = {}
    for each, target, where in found:
        if each == kind:
            lines[str(target)] = (*lines.get(str(target), ()), *where)
    return lines


def bindings(text: str, module: str = "m", package: bool = False) -> dict[str, tuple[str, bool]]:
    return {b.name: (b.target, b.certain) for b in read_facts(module, text, package=package).bindings}


def test_definitions_have_the_labels_of_the_schema() -> None:
    text = "X = 1\nclass A:\n    y: int\n    def m(self):\n        self.z = 1\n        def inner(): pass\n    class B: pass\nasync def f(): pass"
    assert labels(text) == {
        "X": "GLOBAL_VARIABLE",
        "A": "CLASS",
        "A.y": "FIELD",
        "A.m": "METHOD",
        "A.z": "FIELD",
        "A.m.inner": "FUNCTION",
        "A.B": "CLASS",
        "f": "FUNCTION",
    }


def test_a_symbol_knows_where_it_is_and_what_it_looks_like() -> None:
    text = (
        '@cache\n@app.route("/")\ndef f(a: int, *, b=1) -> str:\n    """\n    Does it.\n\n    More."""\n    return ""\n'
    )
    symbol = read_facts("m", text).symbols[1]
    assert (symbol.line, symbol.end_line) == (1, 8)
    assert symbol.signature == "def f(a: int, *, b=1) -> str"
    assert symbol.doc == "Does it."
    assert symbol.decorators == ("cache", "app.route")


@pytest.mark.parametrize(
    ("docstring", "first"),
    [
        ("Does it.", "Does it."),
        ("\n    Does it,\n    and more. Then that.\n\n    Other.", "Does it, and more."),
        ("Does it, e.g. this. More", "Does it, e.g. this."),
        ("No stop here\n\nNext paragraph.", "No stop here"),
        ("   \n", ""),
        ("Half \ud83d\\ud83d pair", None),
    ],
)
def test_a_summary_is_the_first_sentence_on_one_line(docstring: str, first: str | None) -> None:
    text = f"def f():\n    {docstring!r}\n".replace("\\\\", "\\")
    doc = read_facts("m", text).symbols[1].doc
    assert first is None or doc == first
    doc.encode()


def test_definitions_under_conditions_are_all_kept() -> None:
    assert labels("if a:\n    def f(): pass\nelse:\n    def f(): pass") == {"f": "FUNCTION", "f#2": "FUNCTION"}
    assert bindings("try:\n    import a\nexcept ImportError:\n    a = None")["a"] == ("$a", False)


def test_setters_and_overloads_belong_to_one_symbol() -> None:
    text = "class A:\n    @property\n    def x(self): return g()\n    @x.setter\n    def x(self, v): h()\n@overload\ndef f(a: int): ...\ndef f(a): pass"
    assert labels(text) == {"A": "CLASS", "A.x": "METHOD", "f": "FUNCTION"}
    facts = read_facts("m", text)
    assert {call.target for call in facts.calls if facts.symbols[call.owner].path == "A.x"} == {"g", "h"}
    assert next(symbol for symbol in facts.symbols if symbol.path == "f").line == 8


@pytest.mark.parametrize(
    ("statement", "module", "package", "expected"),
    [
        ("import a.b", "m", False, {"a": ("=a", True)}),
        ("import a.b as c", "m", False, {"c": ("=a/b", True)}),
        ("from a.b import c as d", "m", False, {"d": ("=a/b:c", True)}),
        ("from . import c", "p.m", False, {"c": ("=p:c", True)}),
        ("from .x import c", "p", True, {"c": ("=p/x:c", True)}),
        ("from ..x import *", "p.q.m", False, {"*": ("=p/x", True)}),
    ],
)
def test_imports_are_absolute(
    statement: str, module: str, package: bool, expected: dict[str, tuple[str, bool]]
) -> None:
    assert bindings(statement, module, package) == expected


@pytest.mark.parametrize(
    ("text", "exports", "computed"),
    [
        ("__all__ = ['a', 'b']", ["a", "b"], False),
        (
            "__all__ = ('a',) + ('b',)\n__all__ += ['c']\n__all__.extend(['d'])\n__all__.append('e')",
            ["a", "b", "c", "d", "e"],
            False,
        ),
        ("__all__ = ['a']\n__all__ += other.__all__", ["a"], True),
        ("x = 1", None, False),
    ],
)
def test_exports_are_read_where_they_are_written_out(text: str, exports: list[str] | None, computed: bool) -> None:
    facts = read_facts("m", text)
    assert (facts.exports, facts.computed_exports) == (exports, computed)


def test_calls_are_recorded_with_every_line() -> None:
    assert chains("def f():\n    g()\n    g()\n    a.b.c(h())") == {"g": (2, 3), "a.b.c": (4,), "h": (4,)}


def test_names_mean_what_their_scope_says() -> None:
    text = (
        "def f(g, h=k()):\n    g()\n    x = lambda q: q()\n    [r() for r in s()]\n    global t\n    t()\n"
        "    def inner(): u()\n    inner()\n    from a import b\n    b()\n    print(dir([]))"
    )
    local = {"['v', 'f:g']", "['v', '<f1>:q']", "['v', '<f2>:r']"}
    assert set(chains(text)) == {"k", "s", "t", "u", "$f/inner", "=a:b"} | local


def test_self_and_super_mean_the_class() -> None:
    text = (
        "class A:\n    def m(self):\n        self.x()\n        super().m()\n        def inner(): self.y()\n"
        "    @classmethod\n    def c(cls): cls.z()\n    @staticmethod\n    def s(self): self.w()"
    )
    assert set(chains(text)) == {"@A.x", "&A.m", "@A.y", "%A.z", "['.', ['v', 'A.s:self'], 'w']"}


@pytest.mark.parametrize(
    ("annotation", "holds"),
    [
        ("B", ["i", "B"]),
        ("'n.B'", ["i", "n.B"]),
        ("B | None", ["|", ["i", "B"], ""]),
        ("Optional[B]", ["i", "B"]),
        ("t.Union[B, 'C']", ["|", ["i", "B"], ["i", "C"]]),
        ("Annotated[B, 1]", ["i", "B"]),
        ("type[B]", ["c", "B"]),
        ("B[int]", ["i", "B"]),
        ("int", ""),
        ("Literal['B']", ""),
    ],
)
def test_an_annotation_says_what_a_parameter_holds(annotation: str, holds: object) -> None:
    assert read_facts("m", f"def f(p: {annotation}): pass").declared["f:p"] == holds


@pytest.mark.parametrize("annotation", ["list[B]", "Sequence['B']", "dict[str, B]", "tuple[B, ...]", "Iterator[B]"])
def test_an_annotated_container_holds_its_elements(annotation: str) -> None:
    facts = read_facts("m", f"def f(p: {annotation}): pass")
    kind, box = facts.declared["f:p"]
    assert (kind, facts.flows[f"{box}["]) == ("b", [["i", "B"]])


def test_straight_code_tells_the_bindings_of_a_name_apart_and_branches_join_them() -> None:
    text = (
        "def f(c):\n    x = A()\n    x.m()\n    x = B()\n    x.n()\n    if c:\n        x = C()\n    x.o()\n"
        "    for i in c:\n        y = A()\n        y.p()\n        y = B()"
    )
    assert [target for target in chains(text) if "." in target] == [
        "['.', ['v', 'f:x'], 'm']",
        "['.', ['v', 'f:x#2'], 'n']",
        "['.', ['|', ['v', 'f:x#3'], ['v', 'f:x#2']], 'o']",
        "['.', ['v', 'f:y'], 'p']",
    ]


def test_a_function_inside_sees_every_binding_of_the_outer_name() -> None:
    facts = read_facts("m", "def f():\n    x = A\n    def g(): x()\n    x = B")
    assert facts.calls[0].target == ["v", "f:x~"]
    assert facts.flows["f:x~"] == [["v", "f:x"], ["v", "f:x#2"]]


def test_attributes_of_literals_are_left_out() -> None:
    assert chains("', '.join(x)\n{}.get(1)\n[1].sort()\n(1, 2).index(1)") == {"['.', ['b', '{1'], 'get']": (2,)}


@pytest.mark.parametrize(
    ("text", "line"), [("x = 1\ny = (\n", 2), ("print 'two'", 1), ("a\0b", 1), ("x = '" + "\ud800" + "'", 1)]
)
def test_text_that_is_not_python_gives_an_error_with_a_line(text: str, line: int) -> None:
    facts = read_facts("m", text)
    assert facts.error
    assert facts.error_line == line
    assert {symbol.path for symbol in facts.symbols} <= {"", "x"}


BROKEN = {
    "a statement": ("def f():\n    a()\n    raise Err(\ndef g(): b()", ["f", "g"], ["a", "b"], "line 3 is"),
    "a class whose colon is missing": ("def f(): a()\nclass Sub(K)\n    def go(self): c()\ndef g(): b()", ["f", "g"], ["a", "b"], "lines 2-3 are"),
    "a method": (
        "class A:\n    def f(self):\n        a()\n        if x ==:\n            c()\n        d()\n    def g(self): b()\n",
        ["A", "A.f", "A.g"], ["a", "d", "b"], "lines 4-5 are"),
    "a text of Python 2": ("def f():\n    print 'x'\n    a()\ntry: b()\nexcept E, e: c()\ndef g(): pass", ["f", "g"], ["a"], "left out"),
    "a bracket that is not closed": ("x = [\n    a(),\ndef f(): b()\n", ["f"], ["b"], "lines 1-2 are"),
    "a text that is not closed": ("def f(): a()\ndef g():\n    \"\"\"x\n    b()\n", ["f"], ["a"], "left out"),
    "a merge conflict": ("def f(): a()\n<<<<<<< HEAD\nx = b()\n=======\nx = c()\n>>>>>>> other\ndef g(): d()", ["f", "g", "x"], ["a", "b", "c", "d"], "lines 2, 4, 6 are"),
    "a body that is missing": ("def f():\ndef g(): a()\nclass A:\n    def h(self): b()", ["g", "A", "A.h"], ["a", "b"], "line 1 is"),
    "an indentation": ("def f():\n    a()\n      b()\ndef g(): c()", ["f", "g"], ["a", "c"], "line 3 is"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_of_a_text_with_a_syntax_error_what_parses_is_read(name: str) -> None:
    text, defined, called, left_out = BROKEN[name]
    facts = read_facts("m", text)
    assert set(defined) <= {symbol.path for symbol in facts.symbols}
    assert set(called) <= {str(call.target) for call in facts.calls}
    assert left_out in facts.error


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "def f(",
                "def f():",
                "    x = (",
                '    """',
                "if y:",
                "  z()",
                "else:",
                "@d",
                "class A:",
                ")",
                "print 'x'",
                "",
            ]
        ),
        max_size=12,
    )
)
def test_reading_what_parses_never_raises(lines: list[str]) -> None:
    facts = read_facts("m", "\n".join(lines))
    assert facts.symbols[0].label == "MODULE"


def test_deep_nesting_is_survived() -> None:
    assert not read_facts("m", " + ".join(["x"] * 900)).error
    assert read_facts("m", "f" + "(f" * 90 + ")" * 90).symbols
    assert not read_facts("m", "if a: pass\n" + "elif a: pass\n" * 300).error


PIECES = (
    "x",
    "def f(a=x):",
    "class A(B):",
    "    ",
    "\n",
    "return x.y(z)",
    "import a.b",
    "self.x = y()",
    "@d",
    "(",
    ")",
    "'''",
    "lambda: 0",
    "match x:",
    "é",
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_facts_survive_storage_and_any_text(text: str) -> None:
    facts = read_facts("m", text)
    stored = load_facts(facts.interface())
    stored.load_body(facts.body())
    assert (stored.interface(), json.loads(stored.body())) == (facts.interface(), json.loads(facts.body()))
    assert stored.mentions(stored.interface()) == facts.mentions(facts.interface())


def test_a_file_mentions_what_it_names_but_no_local_variables_and_no_lines() -> None:
    facts = read_facts(
        "m", "from a import v, w\n\ndef f(local):\n    other = local\n    return w(v, [b.c for b in other], k=d)\n"
    )
    found = facts.mentions(facts.interface())
    assert {"a", "v", "w", "f", "c", "d", "k"} <= found
    assert not found & {"other", "5", "1"}


@given(st.sets(st.integers(1, 40), min_size=1, max_size=20))
def test_the_lines_that_are_left_out_are_read_back_where_all_are_named(numbers: set[int]) -> None:
    lines = [range(number, number + 1) for number in sorted(numbers)]
    error = f"invalid syntax{say_left_out(lines)}"
    assert lines_left_out(error) == (lines if len(lines) <= 8 else [])
