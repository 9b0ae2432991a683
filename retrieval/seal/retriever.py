"""SEAL: a language model writes phrases that stand in the library, and passages are scored by the phrases they hold.

Three ways, by what the model can do; ``why`` says which it was. A local model writes under the constraint of the index
(``decode.py``), with the adapter that was trained for it where there is one. A model that shows no scores is asked for
phrases, which are snapped to the index of words (``phrases.py``). Without a model the question's own phrases remain.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from ...corpus.catalog import evidence
from ...corpus.document import Evidence
from ...corpus.store import Store
from ...errors import MissingExtra, ModelError
from ...serving.base import LanguageModel, LocalModel, adapt, is_adapted, shows_scores
from ..ngram.generation import Corpus, current, words
from ..ngram.kinds import T
from ..ngram.retriever import SHOWN, rank, stopwords
from ..ngram.scoring import Key, question_keys
from . import phrases
from .decode import Written, write_keys
from .prompts import (
    KEY_TOKENS,
    TITLE_TOKENS,
    body_prompt,
    question_prompt,
    shown_body_prompt,
    shown_title_prompt,
    title_prompt,
)
from .tokens import QUESTION, TITLE, ModelTokenizer, Views
from .weights import together, weigh

log = logging.getLogger(__name__)

ADAPTER = "seal"


class SealRetriever:
    """Finds passages by keys that a language model writes. It uses no embedder. ``own`` also counts the question's own
    n-grams as keys."""

    name = "seal"

    def __init__(self, store: Store, embedder: object, model: Callable[[], LanguageModel], *, own: bool = True) -> None:
        self._store, self._model, self._own = store, model, own

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds passages by the keys that the model writes. Raises ``StorageError`` for a damaged index file and
        ``InputError`` for a question that the model's context does not hold. A model that cannot be had is no error:
        ``why`` names what is missing."""
        try:
            model = self._model()
            if shows_scores(model):
                return self._by_scores(model, question, k)
            return self._by_phrases(question, phrases.ask_model(model, question), self._why(model.name), k)
        except (ModelError, MissingExtra) as error:
            log.warning("n-gram search goes on without a language model: %s", error)
            return self._by_phrases(question, [], f"phrases of the question, without a model ({error.what})", k)

    def _by_scores(self, model: LocalModel, question: str, k: int) -> list[Evidence]:
        tokenizer, tuned = tokenizer_of(model), adapt(model, ADAPTER)
        trained = is_adapted(tuned, ADAPTER)
        corpus = current(self._store, Views(tokenizer))
        found = written_keys(tuned, corpus, question, trained=trained)
        keys = weigh(corpus.segments, found, corpus.tokens)
        if self._own:
            keys = together(keys, own_keys(corpus, question))
        how = self._why(f"{model.name} with its adapter {ADAPTER}" if trained else model.name)
        return self._hits(corpus, keys, k, how, tokenizer.text)

    def _why(self, name: str) -> str:
        return f"phrases of {'the question and of ' if self._own else ''}{name}"

    def _by_phrases(self, question: str, said: Sequence[str], how: str, k: int) -> list[Evidence]:
        corpus = words(self._store)
        empty, ids = stopwords(corpus.tokenizer), corpus.tokenizer.encode(question).ids.tolist()
        keys = phrases.snap(corpus.segments, corpus.tokenizer, said, empty)
        if self._own or not said:
            keys = together(keys, question_keys(corpus.segments, ids, empty))
        known = list(corpus.tokenizer.vocabulary)
        return self._hits(corpus, keys, k, how, lambda tokens: " ".join(known[token] for token in tokens))

    def _hits(
        self, corpus: Corpus[T], keys: Sequence[Key], k: int, how: str, text: Callable[[Sequence[int]], str]
    ) -> list[Evidence]:
        best, used = rank(corpus, keys, k)
        hits = evidence(self._store, best, self.name, "")
        return [replace(hit, why=f"{how}: {', '.join(_show_keys(used[hit.key], text))}") for hit in hits]


def written_keys(model: LocalModel, corpus: Corpus[ModelTokenizer], question: str, *, trained: bool) -> list[Written]:
    """What the model writes of the views that the corpus has: texts, titles, pseudo questions."""
    segments, body, title = corpus.segments, body_prompt, title_prompt
    if not trained:
        body, title = shown_body_prompt, shown_title_prompt
    keys = write_keys(model, model.encode(body(question)), segments, KEY_TOKENS)
    for mark, prompt in ((TITLE, title), (QUESTION, question_prompt)):
        if segments.count(segments.interval([mark])):
            keys += write_keys(model, model.encode(prompt(question)), segments, TITLE_TOKENS, start=[mark], end=mark)
    return keys


def own_keys(corpus: Corpus[ModelTokenizer], question: str) -> list[Key]:
    """The question's own n-grams that occur, from where one of its words starts. They may end inside a word, which does
    what stemming does."""
    asked = corpus.tokenizer.encode(question)
    ids, places = asked.ids.tolist(), asked.spans.tolist()
    starts = {at for at in range(len(places)) if at == 0 or places[at] != places[at - 1]}
    keys = question_keys(corpus.segments, ids, corpus.tokenizer.empty(ids))
    return [key for key in keys if key.start in starts]


def tokenizer_of(model: LocalModel) -> ModelTokenizer:
    """The tokenizer of a model, which remembers words: there is one for each."""
    return _tokenizer(cast(Hashable, model))


@lru_cache(maxsize=2)
def _tokenizer(model: Any) -> ModelTokenizer:
    # The width of the scores is the one size that every local model shows.
    return ModelTokenizer(model, model.start().feed(model.encode("a"), rows=1).shape[1])


def _show_keys(keys: Iterable[Key], text: Callable[[Sequence[int]], str]) -> list[str]:
    """The heaviest, each once, as a person reads them."""
    said: list[str] = []
    for key in keys:
        phrase = text(key.tokens)
        if phrase and len(said) < SHOWN and phrase not in said:
            said.append(phrase)
    return said
