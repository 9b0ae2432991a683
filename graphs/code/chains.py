"""Expressions and annotations as chains (see ``facts``): the part of an expression that can be followed to a name."""

from __future__ import annotations

import ast
import re

from ...corpus.spans.sentence import sentences

_FOREIGN = (
    ast.Constant,
    ast.JoinedStr,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.Tuple,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Compare,
)
_DOTTED = re.compile(r"[A-Za-z_][\w.]*")
_BLANK_LINE = re.compile(r"\n\s*\n")
_STOP = re.compile(r"[.!?…。！？]\W*\s")
_WRAPPERS = {"Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired"}


def chain(node: ast.expr) -> str:
    """``*`` stands for what cannot be followed, the empty string for literals, whose attributes are Python's own."""
    tail: list[str] = []
    while True:
        if isinstance(node, ast.Name):
            return "".join([node.id, *reversed(tail)])
        if isinstance(node, ast.Attribute):
            tail.append(f".{node.attr}")
            node = node.value
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "super":
                return "".join(["&", *reversed(tail)])
            tail.append("()")
            node = node.func
        elif isinstance(node, (ast.Await, ast.NamedExpr)):
            node = node.value
        else:
            return "" if isinstance(node, _FOREIGN) else "".join(["*", *reversed(tail)])


def instance(annotation: ast.expr | None) -> str:
    """Chain of an instance of the annotated type: ``Graph()`` for ``Graph``, ``"Graph"``, ``Graph | None``,
    ``Optional[Graph]`` and ``Graph[int]``; ``*`` where there is no single class."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return f"{annotation.value}()" if _DOTTED.fullmatch(annotation.value) else "*"
    if isinstance(annotation, (ast.Name, ast.Attribute)):
        return f"{chain(annotation)}()"
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        sides = [side for side in (annotation.left, annotation.right) if not _is_none(side)]
        return instance(sides[0]) if len(sides) == 1 else "*"
    if isinstance(annotation, ast.Subscript):
        if chain(annotation.value).rpartition(".")[2] not in _WRAPPERS:
            return instance(annotation.value)
        inner = annotation.slice
        return instance(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)
    return "*"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """As it stands in the source, on one line: ``def f(a: int, *, b=1) -> str``."""
    prefix = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{prefix} {node.name}({ast.unparse(node.args)}){returns}"


def class_signature(node: ast.ClassDef) -> str:
    inside = ", ".join(ast.unparse(part) for part in (*node.bases, *node.keywords))
    return f"class {node.name}({inside})" if inside else f"class {node.name}"


def summary(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """First sentence of the docstring, on one line."""
    body = node.body
    if not (body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)):
        return ""
    text = body[0].value.value
    if not isinstance(text, str) or not text.strip():
        return ""
    paragraph = _BLANK_LINE.split(text.strip(), maxsplit=1)[0]
    if _STOP.search(paragraph):
        paragraph = paragraph[slice(*sentences(paragraph, 0, len(paragraph))[0])]
    # A docstring may hold half of a surrogate pair, which no file or database can.
    return " ".join(paragraph.split()).encode("utf-8", "replace").decode("utf-8")
