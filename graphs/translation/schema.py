"""A property graph's schema with what its properties hold, as the translator needs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ..base import GraphSchema

PropertyKind = Literal["text", "number", "date", "boolean", "list", "other"]
_DISPLAY = ("name", "title", "full_name", "label", "display_name", "screen_name", "text")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class SchemaProperty:
    name: str
    kind: PropertyKind = "text"
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemaRelation:
    type: str
    source: str
    target: str
    properties: tuple[SchemaProperty, ...] = ()

    @property
    def triple(self) -> tuple[str, str, str]:
        return self.source, self.type, self.target


@dataclass(frozen=True)
class TypedSchema:
    labels: Mapping[str, tuple[SchemaProperty, ...]]
    relations: tuple[SchemaRelation, ...]
    namesakes: frozenset[str] = frozenset()
    """Labels of which several nodes have one name, so that their ``id`` is shown too."""

    def plain(self) -> GraphSchema:
        labels = {label: tuple(one.name for one in each) for label, each in self.labels.items()}
        return GraphSchema(labels, tuple(one.triple for one in self.relations))

    @cached_property
    def at(self) -> Mapping[str, tuple[SchemaRelation, ...]]:
        """Label -> the relations that begin or end there."""
        return {
            label: tuple(one for one in self.relations if label in (one.source, one.target)) for label in self.labels
        }

    def display(self, label: str) -> str:
        """The property that tells people which node it is; empty where none does."""
        names = [one.name for one in self.labels[label] if one.kind in ("text", "number")]
        folded = {name.casefold(): name for name in reversed(names)}
        own = (label.casefold(), f"{label.casefold()}name", f"{label.casefold()}_name")
        for wanted in (*_DISPLAY[:2], *own, *_DISPLAY[2:]):
            if wanted in folded:
                return folded[wanted]
        named = [name for name in names if name.casefold().endswith(("name", "title"))]
        return (named or [name for name in names if name.casefold() == "id"] or names or [""])[0]

    def property(self, label: str, name: str) -> SchemaProperty:
        return next(one for one in self.labels[label] if one.name == name)


def kind_of(values: Iterable[object]) -> PropertyKind:
    """What values of a graph are: of one kind all, or ``other``."""
    kinds = {_kind(value) for value in values if value is not None}
    if kinds <= {"text", "date"} and kinds != {"date"}:  # a name may look like a date
        return "text"
    return kinds.pop() if len(kinds) == 1 else "other"


def _kind(value: object) -> PropertyKind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, (list, tuple)):
        return "list"
    return ("date" if _ISO.fullmatch(value) else "text") if isinstance(value, str) else "other"
