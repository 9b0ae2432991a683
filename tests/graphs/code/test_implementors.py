"""What implements an interface: by its methods alone, and not by a mere name for it."""

from __future__ import annotations

from typing import Any

from evidentia.graphs.code.questions.implementors import implementors

_GO = {
    "app/go.mod": "module app\n",
    "app/pump/pump.go": (
        'package pump\n\nimport "io"\n\n'
        "type Motor interface {\n\tSpin(speed int) error\n\tStop()\n}\n\n"
        "type Loud interface {\n\tMotor\n\tHorn(string)\n}\n\n"
        "type Anything interface{}\n\n"
        "type Reader interface {\n\tio.Reader\n\tStop()\n}\n"
    ),
    "app/pump/kinds.go": (
        "package pump\n\n"
        "type Small struct{}\n\nfunc (s *Small) Spin(n int) error { return nil }\n\n"
        "type Large struct{ *Small }\n\nfunc (l Large) Horn(name string) {}\n\n"
        "type Odd struct{}\n\nfunc (o Odd) Spin() error { return nil }\nfunc (o Odd) Stop() {}\n\n"
        "type Half struct{}\n\nfunc (h Half) Stop() {}\n"
    ),
    "app/pump/stop.go": "package pump\n\nfunc (s *Small) Stop() {}\n",
}


def _names(graph: Any, name: str) -> list[str]:
    (answer,) = implementors(graph, name)[:1]
    return [row.symbol.id.rpartition("pump.")[2] for row in answer.rows]


def test_a_type_of_go_implements_what_it_has_all_methods_of(workspace: Any) -> None:
    graph = workspace.build(_GO)

    assert _names(graph, "Motor") == ["kinds.Large", "kinds.Small"]
    assert _names(graph, "Loud") == ["kinds.Large"]
    assert _names(graph, "Anything") == []
    assert _names(graph, "Motor.Stop") == ["stop.Small.Stop"]
    assert {row.resolution for row in implementors(graph, "Motor")[0].rows} == {"inferred"}


def test_an_interface_that_extends_another_and_an_alias_implement_nothing(workspace: Any) -> None:
    graph = workspace.build(
        {
            "a.ts": (
                "export interface Store { get(): number }\nexport interface Wide extends Store { all(): number }\n"
                "export type Alias = Store\nexport class Disk implements Store { get() { return 1 } }\n"
                "export class Both implements Wide { get() { return 1 }\n all() { return 2 } }\n"
            ),
            "b/Keeper.java": "package b;\npublic interface Keeper { int keep(); }\n",
            "b/Wider.java": "package b;\npublic interface Wider extends Keeper { }\n",
            "b/Box.java": "package b;\npublic class Box implements Wider { public int keep() { return 1; } }\n",
        }
    )

    assert {row.symbol.name for row in implementors(graph, "Store")[0].rows} == {"Disk", "Both"}
    assert {row.symbol.name for row in implementors(graph, "Keeper")[0].rows} == {"Box"}
