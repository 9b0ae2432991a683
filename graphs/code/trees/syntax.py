"""What a language's file says of its syntax: for each kind of node the rule that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..expressions import Expression

if TYPE_CHECKING:
    from tree_sitter import Node

    from .walker import TreeWalker

Rule = Callable[["TreeWalker", "Node"], Expression]
"""Records what the node says and gives what it can stand for (see ``facts``); ``*`` where that is not known."""
Binder = Callable[["TreeWalker", "Node", Expression, Expression], None]
"""Binds the names of a pattern to a value, of a declared type; both may be ``*``."""


@dataclass(frozen=True, slots=True)
class ParameterSyntax:
    """The fields of a parameter node; empty where it has none, and the node itself is then the name."""

    name: str = ""
    type: str = ""
    value: str = ""
    rest: bool = False
    """Whether it takes all arguments that are left."""


@dataclass(frozen=True, slots=True)
class Syntax:
    rules: Mapping[str, Rule]
    types: Mapping[str, Rule]
    """Annotations: what a thing of that type can hold. The name of a type gives ``["i", chain]``."""
    patterns: Mapping[str, Binder]
    parameters: Mapping[str, ParameterSyntax]
    comments: frozenset[str] = frozenset(["comment", "line_comment", "block_comment"])
    containers: Mapping[str, str] = field(default_factory=dict)
    """Types that hold things: ``[`` for elements, ``{`` for what is looked up by a key; empty for a wrapper that can be
    seen through, such as a promise."""
    overloads: bool = False
    """Whether functions of one name are told apart by the types of their parameters."""
    implicit: bool = False
    """Whether a bare name can be a member of the class around."""
    receiver: str = "this"
    """First parameter of a method."""
    declared_name: Callable[[Node], Node] | None = None
    """From a declarator to the name in it, in languages that wrap it."""
    prepare: Callable[[TreeWalker, Node], Any] | None = None
    """Run before the walk, with the root."""
    complete: Callable[[TreeWalker], Any] | None = None
    """Run after it."""
    repairs: Sequence[Sequence[Callable[[str], str]]] = ()
    """What is tried one after the other with a text that has syntax errors: of each sequence the one that leaves the
    fewest, if there are fewer then. Each gives a text of the same lines."""
