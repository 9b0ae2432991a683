"""A reply as text and calls: what tools a model is offered, and what comes of its words. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from ..errors import InputError
from . import tools
from .base import Call, Tool
from .forms import Form, of_tools
from .text import Piece


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

    @classmethod
    def of(cls, offered: Sequence[Tool], choice: str | None, named: str | None, *, strict: bool, one: bool) -> Offer:
        """``choice`` is ``none``, ``auto`` or ``required``; ``named`` the one tool that must be called."""
        if named is not None:
            offered = [tool for tool in offered if tool.name == named]
            if not offered:
                raise InputError(f"no tool is named {named}", where="tool_choice", fix="name one of tools")
        if choice == "none":
            return cls()
        if choice == "required" and not offered:
            raise InputError("there is no tool to call", where="tool_choice", fix="send tools")
        return cls(tuple(offered), named is not None or choice == "required", strict, one)

    @property
    def form(self) -> Form | None:
        return of_tools(self.tools, must=self.must, strict=self.strict)

    def spoken(self, pieces: Generator[Piece]) -> Iterator[Piece | Call]:
        """Text as it comes, calls whole. A demanded call that was cut short is the text that it is."""
        with closing(pieces):
            if self.must:
                text = "".join(piece.text for piece in pieces)
                yield tools.parsed(text) or Piece(text)
            elif self.tools:
                yield from self._among_text(pieces)
            else:
                yield from pieces

    def _among_text(self, pieces: Iterator[Piece]) -> Iterator[Piece | Call]:
        for part in tools.calls_in(piece.text for piece in pieces):
            yield Piece(part) if isinstance(part, str) else part
            if self.one and isinstance(part, Call):
                return


NO_TOOLS = Offer()
