"""One question to many documents in one pass: their kept sessions side by side, the question behind each.

Knows nothing of stores and of what is done with the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import ModelError
from ...serving.base import LanguageModel, LocalModel, Session, joins_sessions
from .decoding import log_likelihood

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW_BYTES = 4096
"""What is read of a document at once: about 1,000 tokens of English."""
REPLY_TOKENS = 512
"""Room for the prompt's own words and the quote."""


@dataclass(frozen=True, slots=True)
class ReadDocuments:
    session: Session
    ends: list[int]
    """Index in ``session`` of the last token behind each document."""
    rows: NDArray[np.float32]
    """``[documents, vocabulary]``: the logits there."""
    likelihoods: list[float]
    """Mean log p(token) of the question, per document."""


def local(model: LanguageModel) -> LocalModel:
    """The same model, known to run in this process. Raises ``ModelError`` for a model that does not show its scores."""
    if not joins_sessions(model):
        raise ModelError("the model does not show its scores", where=model.name, fix="use one in this process")
    return model


def window_bytes(model: LocalModel, *suffixes: Sequence[int], most: int = WINDOW_BYTES) -> int:
    """How many bytes of text fit before a question, at ``most``. Raises ``ModelError`` when that is next to nothing."""
    limit = min(most, model.context // 2)
    # Two sentences of one window may part only near their ends: half a window more.
    if model.context - limit - limit // 2 - REPLY_TOKENS < max(map(len, suffixes)):
        raise ModelError(
            f"the model reads {model.context:,} tokens, too few for a document and the question", where=model.name
        )
    return limit


def ask(
    model: LocalModel, documents: Sequence[Session], lead: list[int], asked: list[int], tail: Sequence[int] = ()
) -> ReadDocuments:
    """Reads ``lead``, the question's tokens ``asked`` and ``tail`` behind every document. Raises like
    ``Session.branch``."""
    session = model.join(documents)
    suffix = [*lead, *asked, *tail]
    first = len(session.tokens)
    tokens: list[int] = []
    parents: list[int] = []
    rows: list[int] = []
    before = -1
    for document in documents:
        before += len(document.tokens)
        start = len(tokens)
        tokens += suffix
        parents += [before, *range(first + start, first + start + len(suffix) - 1)]
        rows += [*range(start + len(lead) - 1, start + len(lead) + len(asked) - 1), start + len(suffix) - 1]
    scores = session.branch(tokens, parents, rows).reshape(len(documents), len(asked) + 1, -1)
    ends = [first + len(suffix) * (at + 1) - 1 for at in range(len(documents))]
    return ReadDocuments(session, ends, scores[:, -1], [log_likelihood(rows[:-1], asked) for rows in scores])
