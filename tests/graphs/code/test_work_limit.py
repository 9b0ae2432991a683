"""A file may cost the code graph so much work and no more; it is named, and the others are read whole."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from evidentia.graphs.code import recorder
from evidentia.graphs.code.expressions import size
from evidentia.graphs.code.facts import TOO_ENTANGLED
from evidentia.graphs.code.languages.python.reader import read_facts
from evidentia.graphs.code.resolution import classes, flow
from evidentia.graphs.code.resolution.attribution import CUT_SHORT
from evidentia.graphs.code.work_limit import MOST, Entangled, Work

GOOD = "class A:\n    def f(self):\n        return g(self)\n\n\ndef g(a):\n    return a.f()\n"
MERGED = "def f(a):\n" + "".join(f" x{i} = a\n" for i in range(200)) + "".join(f" if a: x{i} = 1\n" for i in range(300))
NESTED = ("x" + "[0]" * 150 + "\n") * 10
MANY_CHOICES = "def f(a):\n" + "".join(f" x{i} = a\n" for i in range(200)) + " y = a or a.b\n" * 300


@pytest.mark.parametrize("text", [MERGED, NESTED, MANY_CHOICES], ids=["branches", "nested", "choices"])
def test_a_file_that_grows_while_it_is_walked_is_an_empty_module(
    text: str, workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "Work", partial(Work, 30_000))
    graph = workspace.build({"bad.py": text, "good.py": GOOD})
    assert [(problem.path, problem.reason) for problem in graph.problems()] == [("bad.py", TOO_ENTANGLED)]
    assert {("good.g", "CALLS", "good.A.f")} <= {edge[:3] for edge in workspace.edges()}


@pytest.mark.parametrize(
    "text",
    [
        "def f(): pass\n" * 3_000,
        "def f(a):\n" + "".join(f" if a: x = g{i}\n" for i in range(400)) + " x()\n" * 100,
        "def f(x):\n" + " x = x.a(x)\n" * 1_000,
    ],
    ids=["one name", "one variable", "one chain"],
)
def test_what_only_repeats_itself_stays_within_its_work(text: str) -> None:
    assert read_facts("m", text).error == ""


def test_values_beyond_the_work_of_one_file_are_a_gap_and_a_note(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = "".join(f"def f{i}(x):\n    return f{i - 1}(f{i - 2}(x))\n" for i in range(60))
    monkeypatch.setattr(flow, "WORK", 300)
    graph = workspace.build({"bad.py": whole, "good.py": GOOD})
    assert graph.problems() == ()
    keys = {
        path: document
        for document, path in workspace.store.connection.execute("SELECT document_id, path FROM code_files")
    }
    assert graph.read_in_part(set(keys.values())) == [("bad.py", CUT_SHORT)]
    assert graph.read_in_part({keys["good.py"]}) == []
    assert ("bad.f2", "CALLS", "bad.f1") in {edge[:3] for edge in workspace.edges()}  # scope alone proves it


def test_work_is_counted() -> None:
    work = Work(3)
    work.spend(3)
    with pytest.raises(Entangled):
        work.spend()
    assert MOST > 1_000_000
    assert size(["|", ["v", "f:x"], "$g"]) == 6


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.py", "class M{0}(M{1}.N, M{2}.N):\n class N(M{3}.N, M{4}): pass\n"),
        (
            "A.java",
            "class M{0} extends M{1}.N implements M{2}.N {{ class N extends M{3}.N {{}} void r(){{ r(); }} }}\n",
        ),
        ("a.rb", "module M{0}; include M{1}; include M{2}; def r; r; end; end\n"),
    ],
)
def test_classes_that_inherit_from_one_anothers_members_take_as_much_each_however_many_they_are(
    workspace: Any, name: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = [0]
    whole = classes._merge

    def count(*arguments: Any) -> Any:
        counted[0] += 1
        return whole(*arguments)

    monkeypatch.setattr(classes, "_merge", count)

    def steps(many: int) -> int:
        counted[0] = 0
        text = "".join(
            line.format(i, (i + 1) % many, i * 3 % many, (i * 7 + 1) % many, i * 5 % many) for i in range(many)
        )
        workspace.build({name: text})
        return counted[0]

    assert steps(120) < 3 * steps(60)
