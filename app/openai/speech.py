"""What chat and responses share: the order of a reply, and a reply as text and calls. Knows nothing of JSON bodies."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TypeVar

from ...errors import InputError
from ...serving import tools
from ...serving.base import Call, Sampling, Tool
from ...serving.constraints.base import Constraint
from ...serving.engine.base import Usage
from ...serving.text import Piece, Served, TextReply
from .desk import Running

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """One prompt and what its replies must be like."""

    prompt: Sequence[int]
    sampling: Sampling
    constraint: Constraint | None = None
    logprobs: int | None = None
    held: bool = False
    """The reply is one call."""
    free: bool = False
    """The reply may hold calls."""
    one_call: bool = False

    def submit(self, running: Running, model: Served, choices: int) -> list[TextReply]:
        return [
            running.ask(
                model, self.prompt, _numbered(self.sampling, at), constraint=self.constraint, logprobs=self.logprobs
            )
            for at in range(choices)
        ]

    def spoken(self, pieces: Generator[Piece]) -> Iterator[Piece | Call]:
        """Text as it comes, calls whole. A held reply that was cut short is the text that it is."""
        if self.held:
            text = "".join(piece.text for piece in pieces)
            yield tools.parsed(text) or Piece(text)
        elif self.free:
            with closing(pieces):
                for part in tools.calls_in(piece.text for piece in pieces):
                    yield Piece(part) if isinstance(part, str) else part
                    if self.one_call and isinstance(part, Call):
                        return
        else:
            yield from pieces


@dataclass(frozen=True, slots=True)
class Offer:
    """The tools of a request, whether one must be called, and whether calls must follow their schemas."""

    tools: tuple[Tool, ...] = ()
    must: bool = False
    strict: bool = False

    @classmethod
    def of(cls, offered: Sequence[tuple[Tool, bool]], choice: str | None, named: str | None) -> Offer:
        """``offered`` with whether each is strict; ``choice`` and ``named``: see ``tool_choice``."""
        if named is not None:
            offered = [(tool, strict) for tool, strict in offered if tool.name == named]
            if not offered:
                raise InputError(f"no tool is named {named}", where="tool_choice", fix="name one of tools")
        if choice == "none":
            return cls()
        if choice == "required" and not offered:
            raise InputError("there is no tool to call", where="tool_choice", fix="send tools")
        must = named is not None or choice == "required"
        return cls(tuple(tool for tool, _ in offered), must, any(strict for _, strict in offered))


def total(replies: Sequence[TextReply]) -> Usage:
    """Of several replies to one prompt, which is counted once."""
    usages = [reply.usage for reply in replies]
    return Usage(
        prompt=usages[0].prompt,
        cached=usages[0].cached,
        written=sum(usage.written for usage in usages),
        drafted=sum(usage.drafted for usage in usages),
        accepted=sum(usage.accepted for usage in usages),
    )


def side_by_side(streams: Sequence[Iterator[T]]) -> Iterator[T]:
    """One item of each in turn, until all have ended."""
    going = list(streams)
    while going:
        for stream in list(going):
            try:
                yield next(stream)
            except StopIteration:
                going.remove(stream)


def _numbered(sampling: Sampling, at: int) -> Sampling:
    """The same seed for every choice would make every choice the same."""
    return sampling if sampling.seed is None else replace(sampling, seed=sampling.seed + at)
