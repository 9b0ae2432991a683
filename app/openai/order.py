"""What the endpoints share: the order of a reply, several replies at once, and what they took together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ...serving.base import Sampling
from ...serving.constraints.base import Constraint
from ...serving.engine.base import Usage
from ...serving.speech import NO_TOOLS, Offer
from ...serving.text import Served, TextReply
from .desk import Running

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """One prompt and what its replies must be like."""

    prompt: Sequence[int]
    sampling: Sampling
    constraint: Constraint | None = None
    logprobs: int | None = None
    offer: Offer = NO_TOOLS

    def submit(self, running: Running, model: Served, choices: int) -> list[TextReply]:
        return [
            running.ask(
                model,
                self.prompt,
                _numbered(self.sampling, at),
                constraint=self.constraint,
                logprobs=self.logprobs,
                marks=self.offer.marks,
            )
            for at in range(choices)
        ]


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
    return sampling if sampling.seed is None else replace(sampling, seed=abs(sampling.seed) + at)
