"""Calls of Ruby: by receiver or on the object itself, and those that define, mix in and require."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import CLS, Expression, member_of, receiver_of, to_self
from ...facts import CALL, IMPORT, NEW
from . import definitions
from .expressions import method_above, value_of
from .names import feature, relative_feature
from .scope import BLOCK, class_itself, implicit, is_of_class, local, method_scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_SENDING = frozenset(["send", "public_send", "__send__", "try", "try!"])
_TAKING = frozenset(["method", "public_method", "instance_method"])
"""Methods that give the method of that name as an object."""
_KINDS = frozenset(["is_a?", "kind_of?", "instance_of?"])
_HOOKS = frozenset(["included", "extended", "inherited", "prepended"])
_PER_ELEMENT = frozenset(
    """
    each each_with_index map map! flat_map collect select reject find detect find_all partition inject reduce any? all?
    none? sort_by min_by max_by group_by sum each_value filter filter_map sort reverse_each each_with_object
    """.split()  # noqa: SIM905
)


def call(walker: TreeWalker, node: Node) -> Expression:
    of, named = node.child_by_field_name("receiver"), node.child_by_field_name("method")
    name = walker.text(named)
    if of is None:
        return _without_receiver(walker, node, named, name)
    base = value_of(walker, of)
    if name in _TAKING and not _symbol(walker, node):
        return _send_computed(walker, node, base or "*")
    if name in _TAKING and (sent := _symbol(walker, node)):
        _arguments(walker, node, base, name)
        return walker.mention(member_of(base, sent), node) if base else ""
    if name in _SENDING:
        if not (sent := _symbol(walker, node)):
            return _send_computed(walker, node, base or "*")
        name = sent
    if name in ("extend", "include", "prepend") and of.type == "identifier":
        # Where a module says what becomes of a class that includes it: ``base.extend Methods``.
        scope = method_scope(walker)
        if scope is not None and walker.facts.symbols[scope.owner].name in _HOOKS:
            _mix(walker, node, first=False)
    if name in _KINDS:
        _narrow(walker, node, base)
    if name == "class" and (receiver := receiver_of(base)) is not None:
        return to_self(receiver.path, CLS)
    line = walker.last_line(named if named is not None else of)
    given, keywords = _arguments(walker, node, base, name)
    if base == "":
        return ""
    if name == "new":
        return walker.call(NEW, line, base, given, keywords)
    if named is None or (name in ("call", "yield") and isinstance(base, list) and base[0] in ("v", "l")):
        return walker.call(CALL, line, base, given, keywords)
    return walker.call(CALL, line, member_of(base, name), given, keywords)


def _without_receiver(walker: TreeWalker, node: Node, named: Node | None, name: str) -> Expression:
    line = walker.line(node)
    if named is not None and named.type == "super":
        given, keywords = _arguments(walker, node, "*", "")
        return walker.call(CALL, line, method_above(walker), given, keywords)
    special = _SPECIAL.get(name)
    if special is not None and special(walker, node, name):
        return "*"
    if name == "new" and receiver_of(walker.this()) is not None and walker.this() == class_itself(walker):
        given, keywords = _arguments(walker, node, "*", name)
        return walker.call(NEW, line, walker.this(), given, keywords)
    if name in _SENDING:
        if not (sent := _symbol(walker, node)):
            return _send_computed(walker, node, walker.this() or "*")
        name = sent
    given, keywords = _arguments(walker, node, "*", name)
    if name in ("raise", "fail") and given and isinstance(given[0], (str, list)) and given[0] != "":
        walker.add_raise(given[0], line)
    if name in ("lambda", "proc") and keywords:
        return keywords[-1][1]
    return walker.call(CALL, line, implicit(walker, name), given, keywords)


def _arguments(
    walker: TreeWalker, node: Node, base: Expression, name: str
) -> tuple[list[Expression], list[tuple[str, Expression]]]:
    """What is handed over; the block goes by a name of its own."""
    given: list[Expression] = []
    keywords: list[tuple[str, Expression]] = []
    listed = node.child_by_field_name("arguments")
    for child in listed.named_children if listed is not None else ():
        if child.type in walker.syntax.comments:
            continue
        key = child.child_by_field_name("key") if child.type == "pair" else None
        if key is not None and key.type == "hash_key_symbol":
            value = child.child_by_field_name("value")
            held = walker.visit(value) if value is not None else local(walker, walker.text(key)) or "*"
            keywords.append((walker.text(key), held))
        elif child.type == "splat_argument":
            given.append(["s", walker.visit(child.named_children[0])] if child.named_children else "*")
        elif child.type == "block_argument":
            keywords += _block_argument(walker, child, base)
        else:
            given.append(walker.visit(child))
    block = node.child_by_field_name("block")
    if block is not None:
        made = walker.visit(block)
        keywords.append((BLOCK, made))
        if name in _PER_ELEMENT and not given:
            given.append(made)
    return given, keywords


def _block_argument(walker: TreeWalker, node: Node, base: Expression) -> list[tuple[str, Expression]]:
    inner = node.named_children[0] if node.named_children else None
    if inner is None:
        return []
    if inner.type == "simple_symbol":  # &:name calls it on each element
        each: Expression = ["*", base] if base not in ("", "*") else "*"
        walker.call(CALL, walker.line(inner), member_of(each, walker.text(inner)[1:]), [], [])
        return []
    return [(BLOCK, walker.visit(inner))]


def _symbols(walker: TreeWalker, node: Node) -> list[str]:
    listed = node.child_by_field_name("arguments")
    found = listed.named_children if listed is not None else []
    return [walker.text(child).strip(":'\"") for child in found if child.type in ("simple_symbol", "string")]


def _symbol(walker: TreeWalker, node: Node) -> str:
    """The first argument, where it is a name that is written out."""
    listed = node.child_by_field_name("arguments")
    first = listed.named_children[0] if listed is not None and listed.named_children else None
    if first is None or first.type not in ("simple_symbol", "string"):
        return ""
    written = walker.text(first).lstrip(":").strip("'\"")
    return written if _NAME.fullmatch(written) else ""


_NAME = re.compile(r"\w+[?!=]?")


def _send_computed(walker: TreeWalker, node: Node, base: Expression) -> Expression:
    """``x.send(name)``: a call of any method, or of those that the name surely begins with."""
    listed = node.child_by_field_name("arguments")
    first = listed.named_children[0] if listed is not None and listed.named_children else None
    start = re.match(r"[:\"']*(\w*)#\{", walker.text(first))
    given, keywords = _arguments(walker, node, base, "send")
    return walker.call(CALL, walker.line(node), ["?", base, start[1] if start else "", False], given[1:], keywords)


def _narrow(walker: TreeWalker, node: Node, base: Expression) -> None:
    """``x.is_a?(A)`` says what ``x`` may be."""
    listed = node.child_by_field_name("arguments")
    kind = listed.named_children[0] if listed is not None and listed.named_children else None
    if kind is not None and kind.type in ("constant", "scope_resolution") and isinstance(base, list) and base[0] == "v":
        walker.flow(base[1], ["i", value_of(walker, kind)])


def _mix(walker: TreeWalker, node: Node, *, first: bool) -> None:
    listed = node.child_by_field_name("arguments")
    for child in listed.named_children if listed is not None else ():
        if child.type in ("constant", "scope_resolution"):
            definitions.mix_in(walker, value_of(walker, child), walker.line(child), first=first)


# Calls that say something of names


def _require(walker: TreeWalker, node: Node, name: str) -> bool:
    listed = node.child_by_field_name("arguments")
    last = listed.named_children[-1] if listed is not None and listed.named_children else None
    if last is None or last.type != "string" or any(part.type == "interpolation" for part in last.named_children):
        return False
    written = walker.text(last).strip("'\"")
    chain = relative_feature(walker.file, written) if name == "require_relative" else feature(written)
    walker.refer(IMPORT, chain, walker.line(node), 0)
    return True


def _include(walker: TreeWalker, node: Node, name: str) -> bool:
    if method_scope(walker) is not None or walker.home() is None:
        return False
    _mix(walker, node, first=name != "extend" and not is_of_class(walker))
    return True


def _attributes(walker: TreeWalker, node: Node, name: str) -> bool:
    if method_scope(walker) is not None:
        return False
    for each in _symbols(walker, node):
        definitions.attribute(walker, node, each, reads=name != "attr_writer", writes=name in _WRITING)
    return True


_WRITING = ("attr_writer", "attr_accessor")


def _alias_method(walker: TreeWalker, node: Node, name: str) -> bool:
    names = _symbols(walker, node)
    if len(names) == 2:
        definitions.alias(walker, node, *names)
    return len(names) == 2


def _define_method(walker: TreeWalker, node: Node, name: str) -> bool:
    block, defined, home = node.child_by_field_name("block"), _symbol(walker, node), walker.home()
    if block is None or home is None:
        return False
    if not defined:  # a computed name; the block runs on the object all the same
        with walker.block():
            walker.scope.receiver = to_self(home.path)
            _send_computed(walker, node, walker.this() or "*")
        return True
    own = name != "define_method" or is_of_class(walker)
    definitions.define_method(walker, node, defined, own=own, block=block)
    return True


_SPECIAL = {
    **dict.fromkeys(["require", "require_relative", "load", "autoload"], _require),
    **dict.fromkeys(["include", "extend", "prepend"], _include),
    **dict.fromkeys(["attr_reader", "attr_writer", "attr_accessor", "attr"], _attributes),
    "alias_method": _alias_method,
    **dict.fromkeys(["define_method", "define_singleton_method"], _define_method),
}


def alias(walker: TreeWalker, node: Node) -> Expression:
    definitions.alias(walker, node, walker.field(node, "name").lstrip(":"), walker.field(node, "alias").lstrip(":"))
    return "*"
