"""A reply as text and calls: what tools a model is offered, and what comes of its words. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from ...errors import InputError
from ..base import Tool
from .call_formats import PLAIN, Format, new_id
from .calls import Arguments, Begun, Ended, Told, calls_in
from .forms import Form, of_tools
from .text import Piece


@dataclass(slots=True)
class Called:
    """What has come of a call so far."""

    name: str
    id: str
    arguments: str = ""
    whole: bool = False
    """It ended before the reply did."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The tools of a request."""

    tools: tuple[Tool, ...] = ()
    must: bool = False
    """One must be called."""
    strict: bool = False
    """Calls among free text must follow their schemas; demanded ones always do."""
    one: bool = False
    """The reply ends behind its first call."""
    format: Format = PLAIN
    """How the model writes calls."""

    @classmethod
    def of(
        cls,
        offered: Sequence[Tool],
        choice: str | None,
        named: str | None,
        *,
        strict: bool,
        one: bool,
        format: Format | None = None,
    ) -> Offer:
        """``choice`` is ``none``, ``auto`` or ``required``; ``named`` the one tool that must be called; ``format`` that
        of the model."""
        if named is not None:
            offered = [tool for tool in offered if tool.name == named]
            if not offered:
                raise InputError(f"no tool is named {named}", where="tool_choice", fix="name one of tools")
        if choice == "none":
            return cls()
        if choice == "required" and not offered:
            raise InputError("there is no tool to call", where="tool_choice", fix="send tools")
        return cls(tuple(offered), named is not None or choice == "required", strict, one, format or PLAIN)

    @property
    def form(self) -> Form | None:
        return of_tools(self.tools, must=self.must, strict=self.strict or self.format == PLAIN)

    @property
    def marks(self) -> tuple[str, ...]:
        """What must be shown as text where the model writes it as a control token: calls are looked for in text."""
        return self.format.marks if self.tools else ()

    def spoken(self, pieces: Generator[Piece]) -> Iterator[Piece | Told]:
        """Text and calls as they come; a demanded call that was cut before its arguments is the text that it is."""
        with closing(pieces):
            if not self.tools:
                yield from pieces
                return
            names = [tool.name for tool in self.tools]
            for part in calls_in((piece.text for piece in pieces), self.format, names=names, opened=self.must):
                yield Piece(part) if isinstance(part, str) else part
                if self.one and isinstance(part, Ended):
                    return

    def heard(self, calls: list[Called], part: Told) -> Called:
        """The call that ``part`` belongs to, as far as it has come; one that begins is added to ``calls``."""
        if isinstance(part, Begun):
            calls.append(Called(part.name, new_id(self.format)))
        elif isinstance(part, Arguments):
            calls[-1].arguments += part.text
        else:
            calls[-1].whole = part.whole
        return calls[-1]


NO_TOOLS = Offer()
