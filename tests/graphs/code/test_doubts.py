"""No silent call: each call site has an edge, or is Python's own, or is a gap with its place and reason; and what could
reach a symbol through a gap is said with every answer about its callers."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.graphs.code.languages import programs
from evidentia.graphs.code.languages.python.reader import read_facts
from evidentia.graphs.code.questions import verbs
from evidentia.graphs.code.questions.entry_points import entry_points
from evidentia.graphs.code.questions.impact import impact, reaching_tests
from evidentia.graphs.code.questions.implementors import implementors
from evidentia.graphs.code.questions.imports import cycles, importers, imports
from evidentia.graphs.code.questions.options import options
from evidentia.graphs.code.questions.paths import path
from evidentia.graphs.code.questions.raises import raises
from evidentia.graphs.code.questions.reach import callers_within
from evidentia.graphs.code.resolution.attribution import calls
from evidentia.graphs.code.resolution.flow import Flow
from evidentia.graphs.code.resolution.values import Unit

F = "def f(): pass\n"
GO = "class A:\n    def go(self): pass\n"
GAPS = {
    # Files that were not read.
    "a file that does not parse": ("f", {"m.py": F, "bad.py": "from m import f\nf(\n"}),
    "a file of Python 2": ("f", {"m.py": F, "bad.py": "import m\nprint m.f()\n"}),
    "a method in a file that does not parse": ("go", {"m.py": GO, "bad.py": "x.go(\n"}),
    # Names that are computed.
    "getattr of a module": ("f", {"m.py": F, "n.py": "import m\ndef r(k): getattr(m, k)()"}),
    "getattr of an object": ("go", {"m.py": GO + "def r(k): getattr(A(), k)()"}),
    "getattr in a variable": ("go", {"m.py": GO + "def r(x, k):\n    h = getattr(x, k)\n    h()"}),
    "getattr with a beginning": ("go_on", {"m.py": "class A:\n    def go_on(self): pass\ndef r(x, k): getattr(x, f'go_{k}')()"}),
    "getattr with a sum": ("go_on", {"m.py": "class A:\n    def go_on(self): pass\ndef r(x, k): getattr(x, 'go_' + k)()"}),
    "globals": ("f", {"m.py": F + "def r(k): globals()[k]()"}),
    "vars": ("f", {"m.py": F + "def r(k): vars()[k]()"}),
    "eval": ("f", {"m.py": F + "eval('f()')"}),
    "exec": ("f", {"m.py": F + "def r(text): exec(text)"}),
    "eval of a variable": ("go", {"m.py": GO + "def r(text): return eval(text).go()"}),
    "an imported module by name": ("f", {"m.py": F, "n.py": "import importlib\ndef r(k): importlib.import_module(k).f()"}),
    "a module from __import__": ("f", {"m.py": F, "n.py": "def r(k): __import__(k).f()"}),
    # Objects of unknown type.
    "a parameter": ("go", {"m.py": GO + "class B(str):\n    def go(self): pass\ndef r(x): x.go()"}),
    "a module as a parameter": ("f", {"m.py": F, "n.py": "def r(module): module.f()"}),
    "a class as a parameter": ("A", {"m.py": "class A: pass", "n.py": "def r(module): module.A()"}),
    "the result of a foreign function": ("go", {"m.py": GO + "import x\nx.make().go()"}),
    "an element of an unknown list": ("go", {"m.py": GO + "class B:\n    def go(self): pass\ndef r(xs):\n    for x in xs: x.go()"}),
    "all subclasses": ("go", {"m.py": GO + "class B:\n    def go(self): pass\nfor c in A.__subclasses__(): c().go()"}),
    "a foreign base": ("go", {"m.py": "import x\nclass A(x.B):\n    def go(self): pass"}),
    "an attribute of self in a class of unknown base": (
        "go", {"m.py": GO + "class C:\n    def go(self): pass\nimport x\nclass B(x.M):\n    def r(self): self.part.go()"}),
    # Functions that are passed on.
    "a callback to foreign code": ("f", {"m.py": F + "import x\nx.connect(f)"}),
    "a method as a callback": ("go", {"m.py": "import x\nclass A:\n    def go(self): pass\n    def r(self): x.connect(self.go)"}),
    "a signal handler": ("f", {"m.py": F + "import signal\nsignal.signal(2, f)"}),
    "at exit": ("f", {"m.py": F + "import atexit\natexit.register(f)"}),
    "a keyword": ("f", {"m.py": F + "import x\nx.Button(command=f)"}),
    "in a list that goes out": ("f", {"m.py": F + "import x\nx.run([f])"}),
    "in a mapping that goes out": ("f", {"m.py": F + "import x\nx.run({'f': f})"}),
    "in a mapping with an unknown reader": ("f", {"m.py": F + "T = {'f': f}"}),
    "returned to whoever asks": ("f", {"m.py": F + "def r(): return f"}),
    "yielded": ("f", {"m.py": F + "def r():\n    yield f"}),
    "kept in a foreign object": ("f", {"m.py": F + "import x\nx.hook = f"}),
    "set by name": ("f", {"m.py": F + "import x\nsetattr(x, 'hook', f)"}),
    "a default": ("f", {"m.py": F + "def r(h=f): return h"}),
    "a factory of a field": ("f", {"m.py": F + "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int = dataclasses.field(default_factory=f)"}),
    "partial that goes out": ("f", {"m.py": F + "import functools, x\nx.run(functools.partial(f, 1))"}),
    "a bound method that goes out": ("go", {"m.py": GO + "import x\nx.run(A().go)"}),
    "a name of another module": ("f", {"m.py": F, "n.py": "import m, x\nx.run(m.f)"}),
    # Registries.
    "a foreign decorator": ("f", {"m.py": "import x\napp = x.App()\n@app.route('/')\ndef f(): pass"}),
    "a foreign decorator without brackets": ("f", {"m.py": "import x\n@x.task\ndef f(): pass"}),
    "a registry by decorator that nobody reads": ("f", {"m.py": "R = []\ndef reg(g):\n    R.append(g)\n    return g\n@reg\ndef f(): pass\nimport x\nx.run(R)"}),
    "a name in a text": ("f", {"m.py": F, "n.py": "HANDLERS = ['m.f']"}),
    "an entry point": ("f", {"m.py": F, "n.py": "ENTRY = 'm:f'"}),
    "a name that is patched": ("f", {"m.py": F, "n.py": "import unittest.mock as mock\nmock.patch('m.f')"}),
    "a method by name": ("go", {"m.py": GO + "import operator\ndef r(xs): return map(operator.methodcaller('go'), xs)"}),
    # Others that call.
    "a test": ("test_f", {"test_m.py": "def test_f(): pass"}),
    "a hook of the language": ("__missing__", {"m.py": "class A(dict):\n    def __missing__(self, k): pass"}),
    "a method of a foreign protocol": ("write", {"m.py": "import io\nclass A(io.RawIOBase):\n    def write(self, b): pass"}),
}  # fmt: skip


@pytest.mark.parametrize("gap", GAPS)
def test_an_answer_that_could_be_incomplete_says_so(workspace: Any, gap: str) -> None:
    name, files = GAPS[gap]
    graph = workspace.build(files)
    answer = verbs.callers(graph, name)[0]
    known = {row.symbol.id for row in answer.rows if row.resolution != "unknown" and row.edge == "CALLS"}
    assert answer.doubts or known
    asked = verbs.definition(graph, name)[0].symbol.id
    for found in (
        callers_within(graph, asked, 2),
        verbs.references(graph, asked),
        impact(graph, asked, 3),
        reaching_tests(graph, asked),
        path(graph, next(iter(files)).removesuffix(".py"), asked),
    ):
        assert known or found[0].doubts or (found[0].verb in ("references", "steps") and found[0].rows), found[0].verb


def test_there_are_fifty_gaps() -> None:
    assert len(GAPS) >= 50


K = "class K:\n    def go(self): pass\nclass Err(Exception): pass\nALL = [K]\n"
BASES = {
    "a file that does not parse": "bad.py: from m import K\nclass Sub(K)\n    def go(self): pass\nraise Err(",
    "the result of a call": "n.py: from m import K\ndef make(b): return b\nclass Sub(make(K)):\n    def go(self): pass",
    "a parameter": "n.py: def r(base):\n    class Sub(base):\n        def go(self): pass",
    "getattr": "n.py: import m\nclass Sub(getattr(m, 'k'.upper())):\n    def go(self): pass",
    "a list of bases": "n.py: import m\nclass Sub(*m.ALL):\n    def go(self): pass",
    "an item": "n.py: import m\nclass Sub(m.ALL[0]):\n    def go(self): pass",
    "a variable that is computed": "n.py: from m import K\nB = make(K)\nclass Sub(B):\n    def go(self): pass",
    "type with three arguments": "n.py: from m import K\nSub = type('Sub', (K,), {'go': print})",
}


@pytest.mark.parametrize("base", BASES)
def test_what_may_inherit_from_it_unseen_is_said(workspace: Any, base: str) -> None:
    path_, _, text = BASES[base].partition(": ")
    graph = workspace.build({"m.py": K, path_: text})
    for found in (verbs.subclasses(graph, "m.K"), implementors(graph, "m.K")):
        assert found[0].rows or found[0].doubts
    if "def go" in text:
        for found in (verbs.overrides(graph, "m.K.go"), implementors(graph, "m.K.go")):
            assert found[0].rows or found[0].doubts


def test_what_inherits_from_it_is_known_where_no_base_is_computed(workspace: Any) -> None:
    text = "from collections import namedtuple\nimport x\nclass P(namedtuple('P', 'x y')): pass\nclass Q(x.R): pass\nclass S(int): pass"
    graph = workspace.build({"m.py": K, "n.py": text})
    for found in (verbs.subclasses(graph, "K"), verbs.overrides(graph, "K.go"), implementors(graph, "K")):
        assert (found[0].rows, found[0].doubts) == ((), ())


@pytest.mark.parametrize(
    "file",
    [
        "bad.py: import m\nm.f(",
        "n.py: import importlib\ndef r(k): return importlib.import_module(k)",
        "n.py: from importlib import import_module\nr = import_module(f'{r}.m')",
        "n.py: def r(k): return __import__(k)",
        "a.vue: import {f} from m",
    ],
)
def test_what_may_import_it_unseen_is_said(workspace: Any, file: str) -> None:
    path_, _, text = file.partition(": ")
    files = {"m.py": F} | ({path_: text} if path_.endswith(".py") else {})
    graph = workspace.build(files)
    if path_.endswith(".vue"):
        workspace.put(9, path_, text)
    for name in ("m", "f"):
        assert importers(graph, name)[0].doubts


def test_a_module_that_is_imported_by_a_written_name_is_an_import(workspace: Any) -> None:
    graph = workspace.build({"m.py": F, "n.py": "import importlib\nimportlib.import_module('m').f()"})
    (answer,) = importers(graph, "m")
    assert ([row.symbol.id for row in answer.rows], answer.doubts) == (["n"], ())
    assert [row.symbol.id for row in verbs.callers(graph, "f")[0].rows] == ["n"]


def test_every_verb_says_what_a_file_that_does_not_parse_hides(workspace: Any) -> None:
    text = "import os\nfrom m import K, Err\nclass Sub(K)\n    def go(self): pass\ndef r():\n    os.getenv('X')\n    raise Err("
    graph = workspace.build({"m.py": K, "bad.py": text})
    asked = [
        *(verb(graph, "m.K") for verb in (verbs.subclasses, verbs.references, implementors, importers, reaching_tests)),
        *(verb(graph, "m.K.go") for verb in (verbs.overrides, implementors, verbs.callers)),
        *(verb(graph, "bad") for verb in (verbs.callees, verbs.members, imports)),
        *(verb(graph) for verb in (cycles, options, entry_points)),
        raises(graph, "Err"),
        path(graph, "m", "m.K.go"),
        impact(graph, "m.K.go", 3),
    ]
    for found in asked:
        assert any("bad.py" in each for each in found[0].doubts), found[0].verb


@pytest.mark.parametrize(
    ("use", "known"),
    [
        ("def r(p): return p.x", False),
        ("def r(p): p.x = 1", False),
        ("def r(m): return m.LIMIT", False),
        ("A().x", True),
        ("print(1)", True),
    ],
)
def test_a_variable_that_may_be_used_through_an_object_of_unknown_type_has_doubts(
    workspace: Any, use: str, known: bool
) -> None:
    text = f"LIMIT = 1\nclass A:\n    def __init__(self): self.x = 1\nclass B:\n    x = 2\n{use}\n"
    graph = workspace.build({"m.py": text, "n.js": "a.x"})
    answer = verbs.references(graph, "m.LIMIT" if "LIMIT" in use else "m.A.x")[0]
    assert known == (answer.doubts == ())


def test_of_a_file_that_is_read_in_part_only_the_lines_that_are_left_out_are_doubted(workspace: Any) -> None:
    graph = workspace.build(
        {"m.py": F + "def g(): pass\n", "bad.py": "import m\nm.f()\ndef r():\n    m.g(\n    m.f()\n"}
    )
    (answer,) = verbs.callers(graph, "f")
    assert ([row.symbol.id for row in answer.rows], answer.doubts) == (["bad", "bad.r"], ())
    assert any("bad.py" in each for each in verbs.callers(graph, "g")[0].doubts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("f", F),
        ("f", F + "def g(): g()\ng()"),
        ("f", "__all__ = ['f']\n" + F),
        ("go", GO + "class B:\n    def stop(self): pass\nB().stop()"),
        ("f", F + "def r(h): h()\nr(len)"),
        ("A.go", GO + "class B:\n    def go(self): pass\nB().go()"),
    ],
)
def test_nothing_calls_it_is_said_where_all_calls_are_known(workspace: Any, name: str, text: str) -> None:
    answer = verbs.callers(workspace.build({"m.py": text}), name)[0]
    assert (answer.rows, answer.doubts) == ((), ())


SITES = """
import x, json
from y import *
class A:
    def __init__(self, h): self.h = h
    def go(self): self.h(); self.h.a.b(); super().go(); self.k()
def f(p, *a, **kw):
    p(); p.q(); p[0](); p().r(); a[0](); kw["k"](); (p or f)(); (lambda: p)()()
    x.y.z(); json.dumps(p).strip(); z(); undefined()
    [i() for i in p]; {k: v() for k, v in p.items()}; "".join(p).foo(); [].sort()
    getattr(p, "c")(); getattr(p, a)(); next(iter(p))(); max(p, key=p.k)()
    with p as w: w()
    for t in p: t.u(); t()
    A(p).h(); A(p).go().more(); type(p)(); p.__class__(); (yield)(); (1 + p)(); (not p)()
    try: pass
    except p.E as e: e.foo(); e()
    g = p
    del g
    g()
"""


def test_each_call_has_edges_or_is_settled_or_is_a_gap_with_a_reason() -> None:
    unit = Unit("m", "m", 1, read_facts("m", SITES))
    program = programs([unit], {})[0]
    flow = Flow(program, unit, {})
    flow.run()
    plain = [call for call in calls(program, unit, flow) if call.kind == "C"]
    assert len(plain) > 40
    assert not [call for call in plain if not (call.edges or call.settled or call.reason)]
