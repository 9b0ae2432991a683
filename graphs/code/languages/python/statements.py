"""Statements of a Python text that some questions ask for. Of one with syntax errors what parses is read."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from .reader import parse_part

EXCEPTIONS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
)


def never_run(text: str) -> Sequence[range]:
    """The lines below each ``if TYPE_CHECKING:``."""
    return [
        range(node.body[0].lineno, (node.body[-1].end_lineno or node.lineno) + 1)
        for node in _statements(text)
        if isinstance(node, ast.If) and ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING"
    ]


def _statements(text: str) -> Iterator[ast.stmt]:
    """All of them; expressions, which are most of a tree and hold none, are not looked into."""
    try:
        waiting: list[ast.AST] = [parse_part(text)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        for part in ("finalbody", "orelse", "handlers", "cases", "body"):
            inner = getattr(node, part, None)
            if isinstance(inner, list):
                waiting += reversed(inner)
