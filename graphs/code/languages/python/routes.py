"""Paths of HTTP APIs and what handles them, as Flask, FastAPI, Starlette and Django's ``path`` declare them: a
decorator or a call with a path that is written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...expressions import Expression, to_definition

if TYPE_CHECKING:
    from .walker import Walker

ANY = "ANY"
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_DECORATORS = {
    **{name: (name.upper(),) for name in _METHODS},
    "route": ("GET",),
    "api_route": ("GET",),
    "websocket": ("WEBSOCKET",),
    "websocket_route": ("WEBSOCKET",),
}
_CALLS = {"add_url_rule": 2, "add_api_route": 1, "add_route": 1, "Route": 1, "path": 1}
"""Name of what is called -> which argument is the handler."""
_HANDLERS = ("view_func", "endpoint", "view")
_PREFIXES = ("prefix", "url_prefix")


def remember_prefix(walker: Walker, node: ast.Assign) -> None:
    """``router = APIRouter(prefix="/users")``"""
    if isinstance(node.value, ast.Call):
        for keyword in node.value.keywords:
            prefix = _text(keyword.value) if keyword.arg in _PREFIXES else ""
            for target in node.targets if prefix else ():
                if isinstance(target, ast.Name):
                    walker.prefixes[target.id] = prefix.rstrip("/")


def read_decorator(walker: Walker, decorator: ast.expr, index: int) -> None:
    """``@app.get("/users")`` above the function or class at ``index``."""
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return
    methods = _DECORATORS.get(decorator.func.attr)
    path = _text(decorator.args[0]) if decorator.args else ""
    if methods and path.startswith("/"):
        handler = to_definition(walker.facts.symbols[index].path)
        _declare(walker, decorator, decorator.func.value, methods=methods, path=path, handler=handler)


def read_call(walker: Walker, node: ast.Call) -> None:
    """``app.add_url_rule("/users", view_func=users)``, ``Route("/users", users)``, ``path("users/", users)``"""
    func = node.func
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    place = _CALLS.get(name)
    if place is None or not node.args or not isinstance(node.args[0], ast.Constant):
        return
    path, django = _text(node.args[0]), name == "path"
    if django and not (isinstance(func, ast.Name) and _is_django(walker)):
        return
    named = [keyword.value for keyword in node.keywords if keyword.arg in _HANDLERS]
    handler = named[0] if named else node.args[place] if len(node.args) > place else None
    if handler is None or not (django or path.startswith("/")):
        return
    if isinstance(handler, ast.Call):  # View.as_view()
        if not isinstance(handler.func, ast.Attribute) or handler.func.attr != "as_view":
            return
        handler = handler.func.value
    of = func.value if isinstance(func, ast.Attribute) else func
    methods = (ANY,) if django else ("GET",)
    _declare(walker, node, of, methods=methods, path=f"/{path.lstrip('/')}", handler=walker.peek(handler))


def _declare(
    walker: Walker, node: ast.Call, of: ast.expr, *, methods: tuple[str, ...], path: str, handler: Expression
) -> None:
    prefix = walker.prefixes.get(of.id, "") if isinstance(of, ast.Name) else ""
    for method in tuple(_written_methods(node)) or methods:
        walker.add_route(f"{method} {prefix}{path}", handler, node.lineno)


def _written_methods(node: ast.Call) -> Iterator[str]:
    for keyword in node.keywords:
        if keyword.arg == "methods" and isinstance(keyword.value, (ast.List, ast.Tuple, ast.Set)):
            yield from (text.upper() for item in keyword.value.elts if (text := _text(item)))


def _is_django(walker: Walker) -> bool:
    return any(each.name == "path" and each.target.startswith("=django") for each in walker.facts.bindings)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
