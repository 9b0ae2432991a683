"""The verbs `returns` and `throws`: the statements themselves, each with the condition that it stands under."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.graphs.code.questions.raises import raised_by
from evidentia.graphs.code.questions.returns import returns

PYTHON = """def f(n):
    def inner():
        return 7
    if n < 0:
        return None
    elif n == 1:
        return inner
    else:
        for each in range(n):
            if each > 3:
                return (
                    each
                )
    return n
"""
CASES = {
    "a.py": (
        PYTHON,
        [
            "`return None` under `if n < 0:`",
            "`return inner` under `elif n == 1:`",
            "`return (each)` under `if each > 3:`",
            "`return n`",
        ],
    ),
    "a.go": (
        'package a\n\nfunc f(n int) string {\n\tswitch n {\n\tcase 1:\n\t\treturn "one"\n\t}\n\tif n > 3 {\n\t\treturn "many"\n'
        '\t} else {\n\t\treturn "few"\n\t}\n}\n',
        [
            '`return "one"` under `case 1:`',
            '`return "many"` under `if n > 3`',
            '`return "few"` under `else of if n > 3`',
        ],
    ),
    "a.ts": (
        "export function f(n: number) {\n  if (!n) return 0\n  return { n }\n}\n",
        ["`return 0` under `if (!n)`", "`return { n }`"],
    ),
    "a.rs": ("fn f(n: i32) -> i32 {\n    let m = n + 1;\n    m * 2\n}\n", ["ends in `m * 2`"]),
}


@pytest.mark.parametrize("file", CASES)
def test_each_return_is_told_with_its_condition(workspace: Any, file: str):
    text, expected = CASES[file]
    (answer,) = returns(workspace.build({file: text}), "f")
    assert [row.note for row in answer.rows] == expected


def test_what_is_no_function_has_no_returns(workspace: Any):
    (answer,) = returns(workspace.build({"a.py": "class A: pass\n"}), "A")
    assert answer.rows == ()


def test_each_raise_is_told_with_its_text(workspace: Any):
    text = (
        "export function f(name: string) {\n  if (!name) {\n    throw new Error('no name')\n  }\n"
        "  if (name === 'x')\n    throw new Error(\n      'x is taken',\n    )\n}\n"
    )
    (answer,) = raised_by(workspace.build({"a.ts": text}), "f")
    assert [(row.line, row.note) for row in answer.rows] == [
        (3, "`throw new Error('no name')` under `if (!name)`"),
        (6, "`throw new Error('x is taken',)` under `if (name === 'x')`"),
    ]
