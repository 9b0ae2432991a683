"""Ways to name the evidence in one whole long document, every sentence of which may be quoted.

A ``Reading`` is made once for a document and asked many questions: what was read of it is kept for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from evidentia.benchmarks.cfic import read
from evidentia.retrieval.cfic import prompts
from evidentia.retrieval.cfic.decoding import prefix_scores
from evidentia.retrieval.cfic.reading import ReadDocuments, ask
from evidentia.retrieval.cfic.retriever import best_starts, document_scores
from evidentia.retrieval.cfic.windows import Window, pack
from evidentia.serving.engine.session import NetworkSession
from evidentia.serving.network import torch_thread
from evidentia.serving.network.long_inputs import LongNetwork
from evidentia.serving.network.long_memory import reach_for
from evidentia.serving.network.network import CausalNetwork, SequenceInput
from evidentia.serving.network.tree import Sight, sight

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW, PARAGRAPH = 4096, 1024
"""Bytes of a piece: what search reads at once, and about what the adapter was trained on."""
KEPT = 5
"""Pieces whose sentences are scored, those that make the question likeliest."""
RECALL_CONTEXT = 2048
"""Tokens that the way by recall sees whole: half of it is the recent window, the other half what is recalled."""


class Reading:
    """One document, cut into sentences, as each way has read it."""

    def __init__(self, model: Any, window: Window) -> None:
        self.model, self.window = model, window
        self.texts = [model.encode(text) for text in _sentences(window)]
        self.pieces = cache(self._pieces)

    @cached_property
    def whole(self) -> Any:
        return read(self.model, self.window.text)

    @cached_property
    def recalling(self) -> NetworkSession:
        """Read as InfLLM reads: the first tokens, a recent window, and the blocks that are asked for."""
        model = self.model
        network = LongNetwork(model.model, model.kind, reach_for(RECALL_CONTEXT), model.network)
        session = NetworkSession(model, network)
        session.feed(prompts.document_tokens(model, self.window.text), rows=0)
        return session

    def _pieces(self, limit: int) -> list[tuple[Window, Any]]:
        document = self.window.document
        found = [Window(document, run, 0.0) for run in pack(document.text, self.window.sentences, limit)]
        return [(piece, read(self.model, piece.text)) for piece in found]

    def begin_in_whole(self, question: str) -> int:
        """The best prefix behind every token of the document."""
        heard = ask(self.model, [self.whole], *prompts.question_parts(self.model, question))
        return self._best(heard.session, heard.ends, heard.rows)

    def begin_by_recall(self, question: str) -> int:
        """The same where distant tokens are looked up."""
        session, length = self.recalling, len(self.recalling.tokens)
        row = session.feed(prompts.question_tokens(self.model, question), rows=1)
        best = self._best(session, [len(session.tokens) - 1], row)
        session.crop(length)
        return best

    def begin_in_pieces(self, limit: int, question: str) -> int:
        """Prefix scores of each piece by itself, joined by how likely each makes the question, as search joins
        documents."""
        return self.ranked_sentences(limit, question)[0][0]

    def begin_in_second_reading(self, limit: int, question: str) -> int:
        """The pieces that make the question likeliest are read once more, joined into one short document."""
        _, pieces = self.ranked_sentences(limit, question)
        spans = [span for piece in sorted(pieces, key=lambda piece: piece.sentences[0]) for span in piece.sentences]
        text = self.window.document.text
        parts = [text[piece.sentences[0][0] : piece.sentences[-1][1]] for piece in sorted(pieces, key=_start)]
        heard = ask(self.model, [read(self.model, "\n\n".join(parts))], *prompts.question_parts(self.model, question))
        texts = [self.model.encode(text[start:end]) for start, end in spans]
        ends = sorted(self.model.ends)
        return spans[prefix_scores(heard.session, heard.ends, heard.rows, [texts], ends)[0][0].sentence][0]

    def begin_in_parallel(self, limit: int, question: str) -> int:
        """Pieces that were read apart stand at the same places, and the question sees all of them (parallel context
        windows, Ratner et al., 2023): no distance is new to the model."""
        session = ParallelSession(self.model.network, [session for _, session in self.pieces(limit)])
        tokens = prompts.question_tokens(self.model, question)
        first = len(session.tokens)
        row = session.branch(tokens, [first - 1, *range(first, first + len(tokens) - 1)], [len(tokens) - 1])
        return self._best(session, [len(session.tokens) - 1], row)

    def ranked_sentences(self, limit: int, question: str) -> tuple[list[int], list[Window]]:
        """Where the best sentence begins, and the pieces that were looked at."""
        pieces = self.pieces(limit)
        heard = ask(self.model, [session for _, session in pieces], *prompts.question_parts(self.model, question))
        kept = sorted(range(len(pieces)), key=lambda at: -heard.likelihoods[at])[:KEPT]
        windows = [pieces[at][0] for at in kept]
        texts = [[self.model.encode(text) for text in _sentences(window)] for window in windows]
        chosen = _of_documents(heard, kept)
        ranked = prefix_scores(heard.session, chosen.ends, chosen.rows, texts, sorted(self.model.ends))
        starts = best_starts(ranked, document_scores(windows, chosen.likelihoods))
        return [windows[at].sentences[prefix.sentence][0] for _, at, prefix in starts], windows

    def _best(self, session: Any, ends: Sequence[int], rows: NDArray[np.float32]) -> int:
        best = prefix_scores(session, ends, rows, [self.texts], sorted(self.model.ends))[0][0]
        return self.window.sentences[best.sentence][0]


class ParallelSession:
    """Documents side by side, all of which every later token sees; they stand at the same places."""

    def __init__(self, network: CausalNetwork, documents: Sequence[Any]) -> None:
        self._network, self._memory = network, network.memory()
        self.tokens: list[int] = []
        for document in documents:
            torch_thread.run(lambda memory: self._memory.append(memory.view()), document._memory)
            self.tokens.extend(document.tokens)
        self._places = [np.arange(len(document.tokens)) for document in documents]
        self._trunk, self._deepest = len(self.tokens), max(len(document.tokens) for document in documents)
        self._sight: Sight = []

    def branch(
        self, tokens: Sequence[int], parents: Sequence[int], rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        """See ``Session``; what follows any token of a document follows all documents."""
        after = [max(parent, self._trunk - 1) for parent in parents]
        seen = sight(self._sight, len(self.tokens), after)
        depths = self._deepest - 1 + seen[:, self._trunk :].sum(1)
        part = SequenceInput(self._memory, tokens, depths, seen, np.concatenate(self._places))
        wanted = range(len(tokens)) if rows is None else rows
        scores: NDArray[np.float32] = torch_thread.run(
            lambda: self._network.forward([part], wanted).logits.float().cpu().numpy()
        )
        self.tokens.extend(tokens)
        self._places.append(depths)
        self._sight.extend(seen)
        return scores


def _of_documents(heard: ReadDocuments, kept: Sequence[int]) -> ReadDocuments:
    return ReadDocuments(
        heard.session, [heard.ends[at] for at in kept], heard.rows[kept], [heard.likelihoods[at] for at in kept]
    )


def _start(piece: Window) -> int:
    return piece.sentences[0][0]


def _sentences(window: Window) -> list[str]:
    return [window.document.text[start:end] for start, end in window.sentences]
