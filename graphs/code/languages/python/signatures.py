"""Texts that describe a definition: its dotted name, signature and summary."""

from __future__ import annotations

import ast

from ...summary import first_sentence


def dotted_name(node: ast.expr) -> str:
    """``a.b.c`` as it stands in the source; empty for anything but names and attributes."""
    tail: list[str] = []
    while isinstance(node, ast.Attribute):
        tail.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(tail)]) if isinstance(node, ast.Name) else ""


def signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The signature as it stands in the source, on one line: ``def f(a: int, *, b=1) -> str``."""
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
    return first_sentence(text)
