"""Languages of which only the definitions are read."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.graphs.code.questions.verbs import callees, callers

CASES: dict[str, tuple[str, str, set[tuple[str, str]]]] = {
    "Kotlin": (
        "a.kt",
        "// Doc.\nclass A(val x: Int) : B() {\n  fun m(): Int = 1\n  val p = 1\n}\ninterface I {\n  fun q()\n}\nobject O {\n  fun z() {}\n}\nfun doc() {}\n",
        {("CLASS", "A"), ("METHOD", "A.m"), ("FIELD", "A.p"), ("CLASS", "I"), ("METHOD", "I.q"), ("CLASS", "O"),
         ("METHOD", "O.z"), ("FUNCTION", "doc")},
    ),
    "Swift": (
        "a.swift",
        "/// Doc.\nclass A: B {\n  func m() {}\n  var p = 1\n}\nstruct S { func s() {} }\nprotocol P { func q() }\nfunc doc() {}\n",
        {("CLASS", "A"), ("METHOD", "A.m"), ("FIELD", "A.p"), ("CLASS", "S"), ("METHOD", "S.s"), ("CLASS", "P"),
         ("METHOD", "P.q"), ("FUNCTION", "doc")},
    ),
    "Scala": (
        "a.scala",
        "/** Doc. */\nclass A(x: Int) extends B {\n  def m(): Int = 1\n  val p = 1\n}\ntrait T { def q(): Unit }\nobject O { def z() = 1 }\n",
        {("CLASS", "A"), ("METHOD", "A.m"), ("FIELD", "A.p"), ("CLASS", "T"), ("METHOD", "T.q"), ("CLASS", "O"), ("METHOD", "O.z")},
    ),
    "Bash": (
        "a.sh",
        "# Doc.\nA() {\n  local y=1\n  g\n}\nfunction h {\n :\n}\nX=1\n",
        {("FUNCTION", "A"), ("FUNCTION", "h"), ("GLOBAL_VARIABLE", "X")},
    ),
    "SQL": (
        "a.sql",
        "-- Doc.\nCREATE TABLE s.A (id int, name text);\nCREATE VIEW v AS SELECT 1;\n"
        "CREATE FUNCTION f(a int) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql;\n",
        {("CLASS", "A"), ("FIELD", "A.id"), ("FIELD", "A.name"), ("CLASS", "v"), ("FUNCTION", "f")},
    ),
    "HCL": (
        "a.tf",
        '# Doc.\nresource "A" "b" {\n  x = 1\n}\nvariable "v" {}\nlocals {\n  y = 1\n}\nmodule "m" {}\n',
        {("GLOBAL_VARIABLE", "A.b"), ("GLOBAL_VARIABLE", "var.v"), ("GLOBAL_VARIABLE", "local.y"), ("GLOBAL_VARIABLE", "module.m")},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text", "expected"), CASES.values(), ids=CASES.keys())
def test_definitions_are_read_with_what_holds_them_and_their_comments(
    workspace: Any, path: str, text: str, expected: set[tuple[str, str]]
) -> None:
    workspace.build({path: text})
    nodes = workspace.nodes()
    assert {(node[2], str(node[0]).removeprefix("a.")) for node in nodes if node[2] != "MODULE"} == expected
    documented = next(node for node in nodes if str(node[0]).startswith("a.A"))
    assert "Doc." in {node[6] for node in nodes if node[3] == 2} | {documented[6]}
    assert not [edge for edge in workspace.edges() if edge[1] in ("CALLS", "IMPORTS", "INHERITS")]


def test_of_their_calls_nothing_is_claimed(workspace: Any) -> None:
    graph = workspace.build({"a.sh": "f() {\n  g\n}\ng() {\n  :\n}\n"})
    for verb, name in ((callers, "g"), (callees, "f")):
        (answer,) = verb(graph, name)
        assert answer.rows == ()
        assert any("only the definitions" in doubt for doubt in answer.doubts)


@pytest.mark.parametrize("path", ["a.kt", "a.swift", "a.scala", "a.sh", "a.sql", "a.tf"])
def test_any_text_is_read_without_an_error(workspace: Any, path: str) -> None:
    for text in ("", "\0", "}}}((", "class", "fun", "def", "CREATE TABLE", 'resource "', "f() {", "é" * 50):
        workspace.graph.update([workspace.put(1, path, text)])
