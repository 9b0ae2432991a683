"""What a local model reads before it names evidence; the same words and tokens in training and in use.

The document comes first, so that its keys and values serve every question; then the instruction with the question;
then, as the model's reply, the sentence and an end token. Knows nothing of stores, sessions and scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ...serving.base import Message

_LEAD = "Quote the sentence of the document that answers the question.\nQuestion:"


class TokenMaker(Protocol):
    """The part of ``LocalModel`` that makes tokens."""

    ends: frozenset[int]

    def encode(self, text: str) -> list[int]: ...

    def chat_tokens(self, messages: Sequence[Message]) -> list[int]: ...


def document_prefix(text: str) -> str:
    return f"Document:\n{text.strip()}\n\n"


def question_suffix(question: str) -> str:
    return f"{_LEAD} {question.strip()}"


def document_tokens(model: TokenMaker, text: str) -> list[int]:
    """The part of the prompt that depends on the document alone, with what the chat template puts before it."""
    return frame(model)[0] + model.encode(document_prefix(text))


def question_tokens(model: TokenMaker, question: str) -> list[int]:
    """What follows ``document_tokens``; the reply begins behind it."""
    lead, asked, tail = question_parts(model, question)
    return lead + asked + tail


def question_parts(model: TokenMaker, question: str) -> tuple[list[int], list[int], list[int]]:
    """``question_tokens`` in three: the instruction, the question itself, and what leads to the reply."""
    return model.encode(_LEAD), model.encode(f" {question.strip()}"), frame(model)[1]


def reply_tokens(model: TokenMaker, sentence: str) -> list[int]:
    """The reply in training: the sentence as it stands in the document, then the token that ends a reply."""
    return [*model.encode(sentence), end_token(model)]


def likelihood_tokens(model: TokenMaker, question: str) -> tuple[list[int], list[int]]:
    """What follows ``document_tokens`` when the question itself is scored: the words before it, and the question."""
    return model.encode("Question:"), model.encode(f" {question.strip()}")


def end_token(model: TokenMaker) -> int:
    """The one of the model's end tokens that its chat template closes a message with."""
    closing = [token for token in frame(model)[1] if token in model.ends]
    return closing[0] if closing else min(model.ends)


def frame(model: TokenMaker) -> tuple[list[int], list[int]]:
    """The chat template's own tokens before and behind a user's message: what two messages have in common."""
    one, other = (model.chat_tokens([Message("user", text)]) for text in ("0", "A"))
    before = _shared_length(one, other)
    behind = _shared_length(one[:before:-1], other[:before:-1])
    return one[:before], one[len(one) - behind :]


def _shared_length(one: Sequence[int], other: Sequence[int]) -> int:
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )
