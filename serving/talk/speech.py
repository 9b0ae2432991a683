"""A reply as text and calls: what tools a model is offered, and what comes of its words. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from ...errors import InputError
from ..base import FunctionTool
from .call_formats import PLAIN, CallFormat, new_id
from .calls import CallArguments, CallBegun, CallEnded, CallEvent, calls_in
from .forms import Form, of_tools
from .text import TextPiece


@dataclass(slots=True)
class PartialCall:
    """What has come of a call so far."""

    name: str
    id: str
    arguments: str = ""
    whole: bool = False
    """It ended before the reply did."""


@dataclass(frozen=True, slots=True)
class ToolOffer:
    """The tools of a request."""

    tools: tuple[FunctionTool, ...] = ()
    must: bool = False
    """One must be called."""
    strict: bool = False
    """Calls among free text must follow their schemas; demanded ones always do."""
    one: bool = False
    """The reply ends behind its first call."""
    format: CallFormat = PLAIN
    """How the model writes calls."""

    @classmethod
    def of(
        cls,
        offered: Sequence[FunctionTool],
        choice: str | None,
        named: str | None,
        *,
        strict: bool,
        one: bool,
        format: CallFormat | None = None,
    ) -> ToolOffer:
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

    def parts(self, pieces: Generator[TextPiece]) -> Iterator[TextPiece | CallEvent]:
        """Text and calls as they come; a demanded call that was cut before its arguments is the text that it is."""
        with closing(pieces):
            if not self.tools:
                yield from pieces
                return
            names = [tool.name for tool in self.tools]
            for part in calls_in((piece.text for piece in pieces), self.format, names=names, opened=self.must):
                yield TextPiece(part) if isinstance(part, str) else part
                if self.one and isinstance(part, CallEnded):
                    return

    def collect(self, calls: list[PartialCall], part: CallEvent) -> PartialCall:
        """The call that ``part`` belongs to, as far as it has come; one that begins is added to ``calls``."""
        if isinstance(part, CallBegun):
            calls.append(PartialCall(part.name, new_id(self.format)))
        elif isinstance(part, CallArguments):
            calls[-1].arguments += part.text
        else:
            calls[-1].whole = part.whole
        return calls[-1]


NO_TOOLS = ToolOffer()
