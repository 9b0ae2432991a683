"""``/v1/embeddings``: texts in, vectors of the library's embedder out. Knows nothing of HTTP."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...retrieval.base import Embedder, TokenEmbedder
from .schema import EmbeddingBody
from .served_model import ModelDesk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 2048
"""Texts in one request."""


def whole(desk: ModelDesk, body: EmbeddingBody) -> dict[str, Any]:
    """Rows of unit length. Words stand in for tokens in the usage: embedders do not tell how many they read."""
    embedder = desk.embedder(body.model)
    texts = _texts(embedder, body.input)
    if not texts or not all(text.strip() for text in texts):
        raise InputError("a text to embed must not be empty", where="input", fix="leave out empty ones")
    if len(texts) > MOST:
        raise InputError(f"one request may hold {MOST:,} texts", where="input", fix="send several requests")
    size = body.dimensions or embedder.dimension
    if size > embedder.dimension:
        raise InputError(
            f"vectors of this embedder have {embedder.dimension} numbers", where="dimensions", fix="ask for fewer"
        )
    vectors = _shorten(embedder.encode(texts), size)
    read = sum(len(text.split()) for text in texts)
    return {
        "object": "list",
        "model": body.model,
        "data": [
            {"object": "embedding", "index": at, "embedding": _encode(vector, body.encoding_format)}
            for at, vector in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": read, "total_tokens": read},
    }


def _texts(embedder: Embedder, given: str | list[str] | list[int] | list[list[int]]) -> list[str]:
    """Tokens are those of the embedder's own tokenizer, as /tokenize of a server of embeddings gives them."""
    listed: list[Any] = [given] if isinstance(given, str) or (given and isinstance(given[0], int)) else list(given)
    if all(isinstance(one, str) for one in listed):
        return listed
    if not isinstance(embedder, TokenEmbedder):
        raise InputError("this embedder reads text only", where="input", fix="send text")
    size = embedder.tokenizer.get_vocab_size()
    if any(not 0 <= token < size for tokens in listed for token in tokens):
        raise InputError(
            f"a token of this embedder is a number from 0 to {size - 1:,}",
            where="input",
            fix="send text (in LangChain: check_embedding_ctx_length=False)",
        )
    return [str(embedder.tokenizer.decode(tokens)) for tokens in listed]


def _shorten(vectors: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """The first ``size`` numbers of each, of unit length again."""
    import numpy as np

    if size == vectors.shape[1]:
        return vectors
    found = vectors[:, :size]
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.maximum(lengths, 1e-12), np.float32)


def _encode(vector: Any, how: str) -> Any:
    """Numbers, or the bytes of little-endian float32 in base64."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if how == "base64" else vector.tolist()
