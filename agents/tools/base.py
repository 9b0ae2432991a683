"""An entry of the table: a verb of the code graph, its parameters, and the ways people ask for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from ...corpus.store import Store
from ...errors import InputError
from ...graphs.code import CodeAnswer
from ..answer import Answer
from .forms import compile_forms

Value = str | int | bool
Door = Literal["mcp", "loop"]
"""Clients over MCP; the loop of a model that plans, whose answer is checked against what its tools found."""
BOTH: frozenset[Door] = frozenset(("mcp", "loop"))
MCP: frozenset[Door] = frozenset(("mcp",))
LOOP: frozenset[Door] = frozenset(("loop",))


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    description: str
    default: Value | None = None
    """``None``: it must be given."""
    option: bool = False
    """Given by its name on the command line (``--depth 2``), not by its place."""
    obvious: bool = False
    """Its name and the tool's description say it all: a model is not told its own description, which costs tokens."""
    least: int = 1
    most: int = 1_000
    """Bounds of a whole number."""

    @property
    def kind(self) -> type[Value]:
        return str if self.default is None else type(self.default)

    @property
    def phrase(self) -> str:
        """The description as an error's last phrase."""
        return self.description.rstrip(".")

    def check(self, value: object) -> Value:
        """Raises ``InputError`` for a value of another kind, a number out of bounds, and text that says nothing."""
        if not isinstance(value, self.kind) or isinstance(value, bool) is not (self.kind is bool):
            raise InputError(f"{self.name} must be {_KINDS[self.kind]}", where=repr(value), fix=self.phrase)
        if isinstance(value, int) and self.kind is int and not self.least <= value <= self.most:
            raise InputError(f"{self.name} must be from {self.least} to {self.most}", where=str(value))
        if self.default is None and not str(value).strip():
            raise InputError(f"{self.name} is empty", fix=self.phrase)
        return value


_KINDS: Mapping[type, str] = {str: "text", int: "a whole number", bool: "true or false"}

NAME = Parameter("name", "A name, dotted as far as needed: shortest_path, Graph.add_edge.", obvious=True)


class Askable(Protocol):
    """A verb of either graph, as every door offers it: with its own parameters."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def parameters(self) -> tuple[Parameter, ...]: ...
    @property
    def look_up(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Verb:
    """One question that the code graph answers."""

    name: str
    description: str
    """One sentence: the help of the command line, the description that a model reads."""
    run: Callable[..., list[CodeAnswer]]
    """``run(graph, **arguments)``: one answer per symbol that is meant, best first."""
    say: Callable[[Store, str, Verb, list[CodeAnswer]], Answer | None]
    """Makes the answer to a question of the rows; ``None`` when the question is better searched for."""
    asks: str
    """What the trace says: "asks for the callers of {name}"."""
    parameters: tuple[Parameter, ...] = (NAME,)
    forms: tuple[str, ...] = ()
    """How people ask for it in English, see ``forms.py``; the first that fits decides."""
    words: str = ""
    """One pattern of single words that ask for it where no form fits, apart by ``|``; ``>`` marks one that must stand
    behind the symbol ("what does X call")."""
    says: str = ""
    """The sentence of an answer that has rows: "is called by {}"; ``{}`` is their number."""
    nothing: str = ""
    """The sentence of one that has none."""
    look_up: bool = True
    """Answered at once from an index; others may take seconds."""
    of_symbol: bool = True
    """Whether what it is asked about is a symbol of the graph, not a text."""
    doors: frozenset[Door] = BOTH
    """Where models have it too: each costs them its description in every request."""

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return compile_forms(self.forms)

    def arguments(self, values: tuple[object, ...], named: Mapping[str, object]) -> dict[str, Value]:
        """Values by place and by name as ``run`` takes them. Raises ``InputError`` for what does not fit."""
        if len(values) > len(self.parameters):
            raise InputError(f"{self.name} takes {_names(self.parameters)}", where=", ".join(map(str, values)))
        placed = {parameter.name: value for parameter, value in zip(self.parameters, values, strict=False)}
        return check_arguments(self.name, self.parameters, {**placed, **named})


def check_arguments(name: str, parameters: tuple[Parameter, ...], given: Mapping[str, object]) -> dict[str, Value]:
    """The arguments that ``name`` is given, with defaults for the rest. Raises ``InputError`` for what does not fit."""
    if unknown := given.keys() - {parameter.name for parameter in parameters}:
        raise InputError(f"{name} takes {_names(parameters)}", where=", ".join(sorted(map(str, unknown))))
    found: dict[str, Value] = {}
    for parameter in parameters:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            raise InputError(f"{name} needs a {parameter.name}", fix=parameter.phrase)
        found[parameter.name] = parameter.check(value)
    return found


def _names(parameters: tuple[Parameter, ...]) -> str:
    return ", ".join(parameter.name for parameter in parameters) or "no argument"
