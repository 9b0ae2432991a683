"""Code of the languages that have a grammar, by its syntax tree: a passage per function or method, one per class
header, the rest as the file's text. Grammars name their nodes alike, so one set of patterns finds all definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..document import Document, Passage
from ..files.grammars import grammar_of, machine_made, tree_of
from . import code
from .lines import Line, lines
from .regions import Region, passages, with_comments

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTION = re.compile(
    r"^(?:\w+_)?(?:function|method|constructor|destructor|macro|singleton_method)(?:_(?:declaration|definition|item))?$"
    r"|^(?:local_function_statement|subroutine_declaration_statement|preproc_function_def)$"
)
_HOLDER = re.compile(
    r"^(?:abstract_)?(?:class|interface|struct|enum|trait|impl|module|namespace|record|object|union|annotation_type|mod"
    r"|extension|protocol|internal_module|type)(?:_(?:declaration|definition|item|specifier|spec))?$"
    r"|^file_scoped_namespace_declaration$|^class$|^module$"
)
_BODY = re.compile(r"(?:^|_)(?:body|block|list|body_declaration|statement_block|declaration_list)$")
_WRAPPER = re.compile(
    r"^(?:export_statement|expression_statement|lexical_declaration|variable_declaration|variable_declarator"
    r"|template_declaration|ambient_declaration|decorated_definition|linkage_specification|preproc_if\w*|preproc_else"
    r"|type_declaration|assignment_expression|pair|field_definition|public_field_definition|declaration_list"
    r"|body_statement|attribute_item)$"
)
_VALUES = frozenset(["arrow_function", "function_expression", "generator_function", "func_literal"])
_COMMENTS = ("//", "/*", "*", "#", "@", "--", "[")
_CLOSER = re.compile(r"[\])};,\s]*$|end\b[\s;]*$|#endif\b")
_SIGNATURE = 160
_DEEPEST = 12


def split(document: Document) -> list[Passage]:
    """Cuts code along the definitions of its syntax tree. What no grammar reads, or was made by a machine, is split by
    its layout instead."""
    grammar = grammar_of(document.name or document.uri, document.text)
    tree = tree_of(document.text, grammar) if grammar and not machine_made(document.text) else None
    if tree is None:
        return code.split(document)
    rows = lines(document.text)
    name = PurePosixPath(document.name or document.uri).name
    source = document.text.encode("utf-8", "replace")
    regions = _Regions(source, rows).between(
        tree.root_node.named_children, 0, len(rows), kind="module", heading=name, path=""
    )
    return [
        passage
        for region in _close_regions(rows, regions)
        for passage in passages(document.text, rows, region, _COMMENTS)
    ]


def _close_regions(rows: Sequence[Line], regions: Iterable[Region]) -> Iterator[Region]:
    """The brace that closes a class goes with what stands above it."""
    before: Region | None = None
    for region in regions:
        if before is not None and all(_CLOSER.match(row.text) for row in rows[region.first : region.last]):
            before = replace(before, last=region.last)
            continue
        if before is not None:
            yield before
        before = region
    if before is not None:
        yield before


class _Regions:
    def __init__(self, source: bytes, rows: Sequence[Line]) -> None:
        self._source, self._rows = source, rows

    def between(
        self, nodes: Sequence[Node], first: int, last: int, kind: str, heading: str, path: str, depth: int = 0
    ) -> Iterator[Region]:
        """Lines ``first`` to ``last`` as the definitions among ``nodes`` and what lies between them."""
        starts = tuple(node.start_point.row for node in nodes if "comment" not in node.type)
        for outer, definition in self._definitions(nodes):
            start, end = outer.start_point.row, _last_row(outer) + 1
            if start < first or end > last:
                continue  # several on one line
            start = with_comments(self._rows, first, start, _COMMENTS)
            if start > first:
                yield Region(first, start, kind, heading, starts)
            name = self._name(outer, definition)
            qualified = f"{path}.{name}" if path else name
            file = heading.partition(" > ")[0]
            body = _body(definition) if depth < _DEEPEST else None
            if body is not None and _HOLDER.match(definition.type):
                header = f"{file} > {self._outline(outer, body, qualified, name)}"
                yield from self.between(
                    body.named_children, start, end, kind="class", heading=header, path=qualified, depth=depth + 1
                )
            else:
                inner = definition.child_by_field_name("body")
                yield Region(start, end, "function", f"{file} > {self._outline(outer, inner, qualified, name)}")
            first = end
        if last > first:
            yield Region(first, last, kind, heading, starts)

    def _definitions(self, nodes: Sequence[Node], depth: int = 0) -> Iterator[tuple[Node, Node]]:
        """``(the whole statement, the definition in it)``; a wrapper of several is looked into."""
        for node in nodes:
            if (
                _FUNCTION.match(node.type)
                or (_HOLDER.match(node.type) and _body(node) is not None)
                or (node.type in _VALUES and depth)
            ):
                yield node, node
            elif _WRAPPER.match(node.type) and depth < _DEEPEST:
                found = list(self._definitions(node.named_children, depth + 1))
                if len(found) == 1:
                    yield node, found[0][1]
                else:
                    yield from found

    def _name(self, outer: Node, definition: Node) -> str:
        for node in (definition, outer, *outer.named_children):
            for field in ("name", "left", "key", "property", "type", "declarator"):
                found = node.child_by_field_name(field)
                if found is not None:
                    text = self._text(found.start_byte, found.end_byte)
                    return re.split(r"[({<=]", text)[0].strip("*& \"'").replace("::", ".")[:80]
        return definition.type

    def _outline(self, outer: Node, body: Node | None, qualified: str, name: str) -> str:
        """The definition up to its body, with the names of what it lies in."""
        end = body.start_byte if body is not None else outer.end_byte
        text = " ".join(self._text(outer.start_byte, min(end, outer.start_byte + 4 * _SIGNATURE)).split()).rstrip(
            "{:= "
        )
        if qualified != name:
            text = f"{qualified} | {text}"
        return text if len(text) <= _SIGNATURE else f"{text[: _SIGNATURE - 1]}…"

    def _text(self, start: int, end: int) -> str:
        return self._source[start:end].decode("utf-8", "replace")


def _body(node: Node) -> Node | None:
    found = node.child_by_field_name("body")
    if found is None:
        found = next((child for child in node.named_children if _BODY.search(child.type)), None)
    return found


def _last_row(node: Node) -> int:
    end = node.end_point
    return end.row if end.column else max(end.row - 1, node.start_point.row)
