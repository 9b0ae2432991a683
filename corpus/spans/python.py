"""Python by its syntax tree: a passage per function or method, one per class header, the rest as module text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import PurePosixPath

from ..document import Document, Passage
from ..files.python import parse
from . import code
from .lines import Line, lines
from .pack import LIMIT
from .regions import Region, passages, with_comments

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_SIGNATURE = 160


def split(document: Document) -> list[Passage]:
    """Cuts Python along its definitions. A file with a syntax error, or nested too deeply, is split by its layout
    instead, with kind ``code``."""
    tree = parse(document.text)
    if tree is None:
        return code.split(document)
    rows = lines(document.text)
    path = PurePosixPath(document.name or document.uri)
    name = path.parent.name if path.stem == "__init__" and path.parent.name else path.stem
    try:
        regions = list(_regions(tree.body, rows, 0, last=len(rows), kind="module", heading=name, path=name))
    except RecursionError:
        return code.split(document)
    return [passage for region in regions for passage in passages(document.text, rows, region, ("#",))]


def _regions(
    body: Sequence[ast.stmt], rows: Sequence[Line], first: int, last: int, kind: str, heading: str, path: str
) -> Iterator[Region]:
    """Lines ``first`` to ``last`` as the definitions in ``body`` and what lies between them."""
    statements = tuple(statement.lineno - 1 for statement in body if not _is_text(statement))
    for definition in _definitions(body):
        top = min([definition.lineno, *(decorator.lineno for decorator in definition.decorator_list)]) - 1
        start, end = with_comments(rows, first, top, ("#",)), definition.end_lineno or definition.lineno
        if start > first:
            yield Region(first, start, kind, heading, statements)
        qualified = f"{path}.{definition.name}"
        if isinstance(definition, ast.ClassDef):
            bases = ", ".join(ast.unparse(base) for base in definition.bases)
            header = f"{qualified}({bases})" if bases else qualified
            yield from _regions(
                definition.body, rows, start, last=end, kind="class", heading=header[:_SIGNATURE], path=qualified
            )
        else:
            yield Region(start, end, "function", _signature(qualified, definition))
        first = end
    if last > first:
        yield Region(first, last, kind, heading, statements)


def _definitions(body: Sequence[ast.stmt]) -> Iterator[_Definition]:
    """Functions and classes of ``body``, those below a long ``if`` or ``try`` included, not those inside functions."""
    for statement in body:
        if isinstance(statement, _Definition):
            yield statement
        elif (
            isinstance(statement, ast.If | ast.Try | ast.TryStar | ast.With)
            and (statement.end_lineno or statement.lineno) - statement.lineno > LIMIT // 4
        ):
            inner = [*statement.body, *getattr(statement, "orelse", []), *getattr(statement, "finalbody", [])]
            handled = [part for handler in getattr(statement, "handlers", []) for part in handler.body]
            yield from _definitions(sorted([*inner, *handled], key=lambda part: part.lineno))


def _is_text(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _signature(qualified: str, definition: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The parameters with their defaults and without their types."""
    given = deepcopy(definition.args)
    for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if argument is not None:
            argument.annotation = None
    whole = f"{qualified}({ast.unparse(given)})"
    return whole if len(whole) <= _SIGNATURE else f"{whole[: _SIGNATURE - 2]}…)"
