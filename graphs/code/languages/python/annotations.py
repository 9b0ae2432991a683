"""Annotations as expressions (see ``facts``): what an annotated thing can hold, and the names that are used for it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ...expressions import Expression, any_of, to_self
from ...facts import LOAD
from .scopes import BUILTINS
from .signatures import dotted_name

if TYPE_CHECKING:
    from .walker import Walker

_WRAPPERS = frozenset(
    """
    Annotated Final ClassVar Required NotRequired InitVar ReadOnly Mapped Unpack
    """.split()  # noqa: SIM905
)
_CHOICES = frozenset(["Optional", "Union"])
_LISTS = frozenset(
    """
    list List set Set frozenset FrozenSet Sequence MutableSequence Collection Iterable Iterator Generator deque
    Deque AbstractSet MutableSet AsyncIterable AsyncIterator AsyncGenerator Reversible ValuesView Container
    """.split()  # noqa: SIM905
)
_MAPPINGS = frozenset(
    """
    dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict ChainMap Counter WeakValueDictionary
    """.split()  # noqa: SIM905
)
_TUPLES = frozenset(["tuple", "Tuple"])
_LAST = frozenset(["Awaitable", "Coroutine"])
_ANYTHING = frozenset(["Any", "object", "Callable"])


def held_by(walker: Walker, node: ast.expr | None) -> Expression:
    """``*`` where the annotation says nothing that can be followed; the empty string for Python's own types."""
    if node is None:
        return "*"
    if isinstance(node, ast.Constant):
        return _in_quotes(walker, node.value, node.lineno) if isinstance(node.value, str) else ""
    if isinstance(node, (ast.Name, ast.Attribute)):
        return _by_name(walker, node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return any_of([held_by(walker, node.left), held_by(walker, node.right)])
    if isinstance(node, ast.Subscript):
        return _subscript(walker, node)
    walker.expression(node)
    return "*"


def _in_quotes(walker: Walker, text: str, line: int) -> Expression:
    try:
        inner = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return "*"
    for part in ast.walk(inner):
        if hasattr(part, "lineno"):
            part.lineno = part.end_lineno = line  # type: ignore[attr-defined]
    return held_by(walker, inner)


def _by_name(walker: Walker, node: ast.Name | ast.Attribute) -> Expression:
    name = dotted_name(node).rpartition(".")[2]
    chain = walker.mention(LOAD, node)
    if name == "Self" and (home := walker.scope.home()):
        return to_self(home)
    if name in _ANYTHING or not isinstance(chain, str):
        return "*"
    return "" if chain in BUILTINS and chain not in walker.module_names else ["i", chain]


def _subscript(walker: Walker, node: ast.Subscript) -> Expression:
    name = dotted_name(node.value).rpartition(".")[2]
    parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    base = held_by(walker, node.value)
    if name == "Literal" or not parts:
        return ""
    if name in ("type", "Type"):
        inner = walker.mention(LOAD, parts[0])
        return ["c", inner] if isinstance(inner, str) else "*"
    if name == "Callable":
        for part in parts:
            for item in part.elts if isinstance(part, ast.List) else [part]:
                held_by(walker, item)
        return "*"
    inside = [held_by(walker, part) for part in parts]
    if name in _WRAPPERS:
        return inside[0]
    if name in _CHOICES:
        return any_of(inside)
    if name in _LAST:
        return inside[-1]
    if name in _TUPLES:
        return walker.box("[", inside if not isinstance(parts[-1], ast.Constant) else [], inside[:1])
    if name in _LISTS:
        return walker.box("[", (), inside[:1])
    if name in _MAPPINGS:
        return walker.box("{", (), inside[-1:])
    return base
