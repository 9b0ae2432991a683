"""The parts that the replies of several endpoints share, as plain values."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Iterable, Sequence
from typing import Any

from ...serving.engine.request import TokenUsage
from ...serving.talk.text import PromptToken, TextPiece, WrittenToken

_LEAST = -9999.0
"""Stands for a log probability that JSON cannot write."""


def new_id(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(12)}"


def head(kind: str, name: str, model: str) -> dict[str, Any]:
    return {"id": f"{kind}-{secrets.token_hex(12)}", "object": name, "created": int(time.time()), "model": model}


def usage(total: TokenUsage) -> dict[str, Any]:
    """Cached: read before. Accepted and rejected: guesses that were right and wrong, whoever guessed them."""
    return {
        "prompt_tokens": total.prompt,
        "completion_tokens": total.written,
        "total_tokens": total.prompt + total.written,
        "prompt_tokens_details": {"cached_tokens": total.cached},
        "completion_tokens_details": {
            "accepted_prediction_tokens": total.accepted,
            "rejected_prediction_tokens": total.drafted - total.accepted,
        },
    }


def tokens(pieces: Iterable[TextPiece]) -> list[dict[str, Any]]:
    """Each written token with its log probability and the likeliest ones."""
    return [
        {**_token(spoken.text, spoken.logprob), "top_logprobs": [_token(*other) for other in spoken.best]}
        for piece in pieces
        for spoken in piece.tokens
    ]


def finite(logprob: float) -> float | None:
    """``None`` of a token that follows nothing."""
    return None if math.isnan(logprob) else max(logprob, _LEAST)


def old_logprobs(spoken: Iterable[WrittenToken], start: int) -> dict[str, Any]:
    """Log probabilities in the shape of ``/v1/completions``; ``start`` is where in the reply the first token begins."""
    listed = list(spoken)
    offsets = [start]
    for token in listed:
        offsets.append(offsets[-1] + len(token.text))
    return {
        "tokens": [token.text for token in listed],
        "token_logprobs": [finite(token.logprob) for token in listed],
        "top_logprobs": [{text: finite(logprob) for text, logprob in token.best} or None for token in listed],
        "text_offset": offsets[:-1],
    }


def _token(text: str, logprob: float) -> dict[str, Any]:
    """``bytes`` only of whole characters: the bytes of half a one are not known here."""
    whole = "\N{REPLACEMENT CHARACTER}" not in text
    return {"token": text, "logprob": finite(logprob), "bytes": list(text.encode()) if whole else None}


def prompt_logprobs(told: Sequence[PromptToken], count: int) -> list[dict[str, Any] | None]:
    """vLLM's way to show those of a prompt: by token, its own first, then ``count`` of the likeliest; ``None`` for a
    token that follows nothing."""
    return [_show_ranks(token, count) if token.rank else None for token in told]


def _show_ranks(token: PromptToken, count: int) -> dict[str, Any]:
    own = (token.token, token.rank, token.shown.text, token.shown.logprob)
    best = zip(token.best[:count], range(1, count + 1), token.shown.best, strict=False)
    listed = [own, *((number, rank, *shown) for number, rank, shown in best if number != token.token)]
    return {
        str(number): {"logprob": finite(logprob), "rank": rank, "decoded_token": text}
        for number, rank, text, logprob in listed
    }
