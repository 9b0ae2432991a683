"""Paths of HTTP APIs and what handles them, as Express and its like declare them: ``app.get('/users', list)``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import Expression

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_METHODS = frozenset(["get", "post", "put", "patch", "delete", "head", "options", "all"])
_SERVERS = re.compile(r"(?:\w*(?:app|router|server|api|routes?|fastify|express))(?:\(\))?", re.IGNORECASE)
"""How the objects are called that have routes; a client's ``get`` takes a path, too."""
_ROUTE = re.compile(r"""([\w.]+)\.route\(\s*['"`]([^'"`$]*)['"`]\s*\)""")


def read_call(walker: TreeWalker, node: Node, function: Node | None, value: Expression) -> None:
    """``value``: the call, as it was recorded."""
    if function is None or function.type != "member_expression" or not isinstance(value, list):
        return
    method = walker.field(function, "property")
    if method not in _METHODS:
        return
    of = walker.field(function, "object")
    listed = node.child_by_field_name("arguments")
    given = listed.named_children if listed is not None else []
    if chained := _ROUTE.match(of):
        of, path, handlers = chained[1], chained[2], 1
    else:
        first = walker.text(given[0]) if given and given[0].type == "string" else ""
        path, handlers = first.strip("'\""), 2
    known = _SERVERS.fullmatch(of.rpartition(".")[2]) is not None
    if known and path.startswith("/") and len(given) >= handlers:
        handler = walker.facts.calls[value[1]].arguments[-1]
        walker.add_route(f"{'ANY' if method == 'all' else method.upper()} {path}", handler, walker.line(node))
