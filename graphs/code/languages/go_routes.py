"""Paths of HTTP APIs and what handles them in Go, as net/http, gorilla, chi, gin, echo and fiber declare them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..expressions import Expression

if TYPE_CHECKING:
    from tree_sitter import Node

    from ..trees.walker import TreeWalker

_ANY = frozenset(["HandleFunc", "Handle", "Any", "All"])
_METHODS = frozenset(["get", "post", "put", "patch", "delete", "head", "options", "connect", "trace"])
_SERVERS = re.compile(r"(?:\w*(?:app|router|mux|server|srv|api|routes?|group|engine|http)|[regm]|v\d+)", re.IGNORECASE)
"""How the objects are called that have routes; a client's ``Get`` takes a path, too."""
_PATTERN = re.compile(r"(?:([A-Z]+) +)?[\w.:-]*(/.*)")
"""``GET example.org/users``: the method and the host may be left out."""


def read_call(walker: TreeWalker, node: Node, value: Expression) -> None:
    """``value``: the call, as it was recorded."""
    function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    given = listed.named_children if listed is not None else []
    if function is None or function.type != "selector_expression" or len(given) < 2 or not isinstance(value, list):
        return
    name, of = walker.field(function, "field"), walker.field(function, "operand").rpartition(".")[2]
    known = name in _ANY or (name.lower() in _METHODS and _SERVERS.fullmatch(of) is not None)
    found = _PATTERN.fullmatch(walker.text(given[0]).strip('"`')) if "string_literal" in given[0].type else None
    if not known or found is None:
        return
    methods = [found[1] or ("ANY" if name in _ANY else name.upper())]
    if methods == ["ANY"]:
        methods = _later_methods(walker, node) or methods
    arguments = walker.facts.calls[value[1]].arguments
    handler = arguments[1] if name in ("HandleFunc", "Handle") else arguments[-1]
    for method in methods:
        walker.add_route(f"{method} {found[2].removesuffix('{$}')}", handler, walker.line(node))


def _later_methods(walker: TreeWalker, node: Node) -> list[str]:
    """``GET`` of ``r.HandleFunc(…).Methods("GET")``."""
    above = node.parent
    call = above.parent if above is not None else None
    if above is None or call is None or walker.field(above, "field") != "Methods":
        return []
    listed = call.child_by_field_name("arguments")
    texts = [walker.text(child) for child in (listed.named_children if listed is not None else [])]
    return [text.strip('"`').rpartition(".Method")[2].upper() for text in texts]
