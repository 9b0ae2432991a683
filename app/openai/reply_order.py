"""The parts that the endpoints share: the order of a reply, several replies at once, and what they took together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ...errors import InputError
from ...serving.base import Sampling
from ...serving.constraints.constraint import Constraint
from ...serving.engine.request import TokenUsage
from ...serving.talk.calls import NO_TOOLS, ToolOffer
from ...serving.talk.text import ServedModel, TextReply
from .schema import Writing
from .served_model import RunningReplies

T = TypeVar("T")
_MOST_DIGITS = 20
"""Of a token's number; Python reads no number of thousands."""


@dataclass(frozen=True, slots=True)
class Order:
    """One prompt and what its replies must be like."""

    prompt: Sequence[int]
    sampling: Sampling
    constraint: Constraint | None = None
    logprobs: int | None = None
    offer: ToolOffer = NO_TOOLS

    def submit(self, running: RunningReplies, model: ServedModel, choices: int) -> list[TextReply]:
        return [
            running.ask(
                model,
                self.prompt,
                # The same noise for every choice would make every choice the same.
                replace(self.sampling, choice=at),
                constraint=self.constraint,
                logprobs=self.logprobs,
                marks=self.offer.marks,
            )
            for at in range(choices)
        ]


def sampling_of(model: ServedModel, body: Writing, limit: int, predicted: tuple[str, ...] = ()) -> Sampling:
    """Raises ``InputError`` for tokens that the model does not have."""
    size = model.vocabulary.size
    bias = []
    for name, value in body.logit_bias.items():
        if not (name.isascii() and name.isdecimal() and len(name) < _MOST_DIGITS and int(name) < size):
            raise InputError(f"a token is a number from 0 to {size - 1:,}", where="logit_bias", fix="see /tokenize")
        bias.append((int(name), value))
    return Sampling(
        limit,
        body.temperature,
        body.top_p,
        (body.stop,) if isinstance(body.stop, str) else tuple(body.stop),
        body.seed,
        top_k=max(body.top_k, 0),
        min_p=body.min_p,
        typical_p=body.typical_p,
        presence_penalty=body.presence_penalty,
        frequency_penalty=body.frequency_penalty,
        repetition_penalty=body.repetition_penalty,
        bias=tuple(bias),
        min_tokens=body.min_tokens,
        stop_tokens=tuple(body.stop_token_ids),
        ignore_ends=body.ignore_eos,
        predicted=predicted,
    )


def refuse_streamed_scores(body: Writing) -> None:
    """Raises ``InputError`` for log probabilities of the prompt in a stream, whose chunks have no place for them."""
    if body.stream and body.prompt_logprobs:
        raise InputError(
            "prompt_logprobs are not given in a stream", where="prompt_logprobs", fix="ask without stream, or leave it"
        )


def total(usages: Sequence[TokenUsage]) -> TokenUsage:
    """The usage of several replies to one prompt, which is counted once."""
    return TokenUsage(
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
