"""``/v1/embeddings``: texts in, vectors of the library's embedder out. Knows nothing of HTTP."""

from __future__ import annotations

import base64
from typing import Any

from ...errors import InputError
from .desk import Desk
from .schema import EmbeddingBody

MOST = 2048
"""Texts in one request."""


def whole(desk: Desk, body: EmbeddingBody) -> dict[str, Any]:
    """Rows of unit length. Words stand in for tokens in the usage: embedders do not tell how many they read."""
    texts = [body.input] if isinstance(body.input, str) else body.input
    if not texts or not all(text.strip() for text in texts):
        raise InputError("a text to embed must not be empty", where="input", fix="leave out empty ones")
    if len(texts) > MOST:
        raise InputError(f"one request may hold {MOST:,} texts", where="input", fix="send several requests")
    embedder = desk.embedder(body.model)
    if body.dimensions not in (None, embedder.dimension):
        raise InputError(
            f"vectors of this embedder have {embedder.dimension} numbers", where="dimensions", fix="leave it out"
        )
    vectors = embedder.encode(texts)
    read = sum(len(text.split()) for text in texts)
    return {
        "object": "list",
        "model": body.model,
        "data": [
            {"object": "embedding", "index": at, "embedding": _shown(vector, body.encoding_format)}
            for at, vector in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": read, "total_tokens": read},
    }


def _shown(vector: Any, how: str) -> Any:
    """Numbers, or the bytes of little-endian float32 in base64."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if how == "base64" else vector.tolist()
