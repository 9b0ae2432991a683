"""What a reference in a JSON Schema points at: identifiers, anchors and pointers, in it and what is given with it.

Nothing is ever fetched. Knows nothing of what the keywords mean beyond where schemas can stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from ...errors import InputError
from .supported import KINDS, OLDER

Node = dict[str, Any] | bool


class Documents:
    """Every schema resource by its address, and the base address of every schema in them.

    ``given`` are further documents by address. All of it must stay unchanged meanwhile: schemas go by identity.
    """

    def __init__(self, root: Node, given: Mapping[str, Node], draft: int) -> None:
        self._draft = draft
        self._nodes: dict[str, Node] = {}
        """By address, that of an anchor with its fragment."""
        self._bases: dict[int, str] = {}
        self._made: list[Node] = []
        """Kept, since schemas go by identity."""
        self.dynamic: dict[str, set[str]] = {}
        """The resources that have a dynamic anchor, by its name."""
        for address, node in [*given.items(), ("", root)]:
            self._nodes[urldefrag(address).url] = node
            self._enter(node, urldefrag(address).url)

    def resolve(self, node: dict[str, Any], reference: str, where: str) -> Node:
        """The schema that ``reference``, written in ``node``, points at. Raises ``InputError`` for one that is not
        there; what lies on the network is never read."""
        url, fragment = _resolve(self._bases[id(node)], reference)
        if fragment and not fragment.startswith("/"):
            found = self._nodes.get(f"{url}#{fragment}")
        elif url in self._nodes:
            found = self._follow(self._nodes[url], url, unquote(fragment))
        else:
            found = None
        if found is None:
            raise InputError(
                f"$ref points at {reference}, which is not there; schemas are never fetched",
                where=where,
                fix="put it under $defs",
            )
        return found

    def beside(self, node: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
        """``other``, made from ``node``, whose references mean the same."""
        self._bases[id(other)] = self._bases[id(node)]
        self._made.append(other)
        return other

    def _follow(self, node: Any, base: str, pointer: str) -> Node | None:
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            base = self._bases.get(id(node), base)
            if isinstance(node, list):
                node = node[int(key)] if key.isdecimal() and int(key) < len(node) else None
            else:
                node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and id(node) not in self._bases:
            self._enter(node, base)
        return node if isinstance(node, dict | bool) else None

    def _enter(self, node: Any, base: str) -> None:
        """Notes the addresses of ``node`` and of all schemas inside."""
        waiting = [(node, base)]
        while waiting:
            node, base = waiting.pop()
            if isinstance(node, dict):
                base = self._name(node, base)
                waiting += [(inner, base) for inner in inside(node)]

    def _name(self, node: dict[str, Any], base: str) -> str:
        own = node.get("id" if self._draft == 4 else "$id")
        alone = self._draft <= 7 and "$ref" in node
        if isinstance(own, str) and not alone:
            url, fragment = _resolve(base, own)
            if fragment:
                self._nodes[f"{url}#{fragment}"] = node
            if not own.startswith("#"):
                base = url
                self._nodes.setdefault(base, node)
        self._bases[id(node)] = base
        for word in ("$anchor", "$dynamicAnchor") if self._draft >= 2019 else ():
            if isinstance(node.get(word), str):
                self._nodes[f"{base}#{node[word]}"] = node
        if isinstance(node.get("$dynamicAnchor"), str):
            self.dynamic.setdefault(node["$dynamicAnchor"], set()).add(base)
        return base


def _resolve(base: str, reference: str) -> tuple[str, str]:
    """The address that ``reference`` means at ``base``, and its fragment."""
    try:
        url, fragment = urldefrag(urljoin(base, reference) if reference else base)
    except ValueError as error:
        raise InputError("the schema holds an address that is none", where=reference, fix="correct it") from error
    return url, fragment


def inside(node: dict[str, Any]) -> Iterator[Any]:
    """The values of ``node`` that can be schemas."""
    for key, value in node.items():
        kind = KINDS.get(key) or OLDER.get(key)
        if kind in ("map", "mapping") and isinstance(value, dict):
            yield from value.values()
        elif kind in ("schema", "schemas"):
            yield from value if isinstance(value, list) else [value]
