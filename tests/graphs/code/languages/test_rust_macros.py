"""Calls in the bodies of ``macro_rules!``, and in what macros are given."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.graphs.code.questions.verbs import callers

_FILES = {
    "app/Cargo.toml": '[package]\nname = "app"\n',
    "app/src/lib.rs": (
        "pub mod pump;\n\n"
        "pub fn prime() -> i32 { 1 }\n"
        "pub fn later() {}\n"
        "pub struct Motor;\nimpl Motor {\n    pub fn spin(&self) {}\n}\npub struct Wheel;\nimpl Wheel {\n"
        "    pub fn spin(&self) {}\n}\n\n"
        "macro_rules! start_all {\n"
        "    ($motor:expr) => {{\n"
        "        let done = prime();\n"
        "        $crate::pump::flush(done);\n"
        "        $motor.spin();\n"
        "        fn inner() {}\n"
        "    }};\n"
        "}\n\n"
        "pub fn go(m: Motor) { start_all!(m); queue!(later); }\n"
        "pub fn inner() {}\n"
    ),
    "app/src/pump.rs": "pub fn flush(n: i32) {}\n",
}


@pytest.fixture
def graph(workspace: Any) -> Any:
    return workspace.build(_FILES)


@pytest.mark.parametrize("name", ["prime", "flush"])
def test_what_the_body_of_a_macro_calls_is_called_by_the_macro(graph: Any, name: str) -> None:
    (answer,) = callers(graph, name)

    assert [row.symbol.name for row in answer.rows] == ["start_all"]


def test_the_macro_is_called_where_it_is_used(graph: Any) -> None:
    assert [row.symbol.name for row in callers(graph, "start_all")[0].rows] == ["go"]


def test_a_method_of_what_the_macro_is_given_is_a_call_that_nobody_can_attribute(graph: Any) -> None:
    (answer,) = callers(graph, "Motor.spin")

    assert not answer.rows
    assert any("lib.rs:18" in doubt for doubt in answer.doubts)


def test_a_function_that_a_macro_is_given_may_be_called_there(graph: Any) -> None:
    (answer,) = callers(graph, "later")

    assert any("passed on" in doubt for doubt in answer.doubts)


def test_a_function_that_a_macro_defines_is_no_call(graph: Any) -> None:
    assert not callers(graph, "app.src.lib.inner")[0].rows
