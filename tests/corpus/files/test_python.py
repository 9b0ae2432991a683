"""The shared syntax tree."""

from __future__ import annotations

import ast

import pytest

from evidentia.corpus.files.python import SyntaxProblem, parse, problem


def test_the_same_text_is_parsed_once() -> None:
    text = "def f():\n    return 1\n"
    tree = parse(text)
    assert isinstance(tree, ast.Module)
    assert parse(text) is tree
    assert problem(text) is None


def test_a_syntax_error_has_a_message_and_a_line() -> None:
    assert parse("x = 1\ndef f(:\n") is None
    assert problem("x = 1\ndef f(:\n") == SyntaxProblem("invalid syntax", 2)


@pytest.mark.parametrize("text", ["x = 1\0", "(" * 1000, "-" * 100_000 + "1", "x = '\ud800'"])
def test_text_that_breaks_the_parser_is_a_problem_too(text: str) -> None:
    assert parse(text) is None
    found = problem(text)
    assert found is not None
    assert found.message


def test_an_odd_escape_is_no_matter() -> None:
    assert parse(r"x = '\d'") is not None
