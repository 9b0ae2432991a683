"""Pseudo questions: what a passage could be asked, written by a language model beforehand (MINDER, Li et al., 2023).

They stand in the library beside the passage and in the SEAL index as one more view of it. Entirely optional: where
there are none, nothing else changes. Knows nothing of indexes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ...corpus.passages import passage_rows, passage_texts
from ...corpus.store import Store
from ...errors import InputError
from ...serving.base import GREEDY, LanguageModel, LocalModel, Message, Sampling

SCHEMA = (
    """CREATE TABLE pseudo_questions (
    passage_id INTEGER NOT NULL REFERENCES passages ON DELETE CASCADE, text TEXT NOT NULL);
CREATE INDEX pseudo_questions_passage ON pseudo_questions (passage_id)""",
)
PER_PASSAGE = 3
LONGEST = 60
"""Tokens that the model may write."""

_ASK = "Write {count} short questions that this passage answers, one per line.\n\n{passage}"
_BULLET = re.compile(r"^[\s\d.)*\-•]+")


def stored_questions(store: Store) -> dict[int, tuple[str, ...]]:
    """The stored questions by their passage's row id, in the order in which they were added."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'pseudo_questions'"
    if store.connection.execute(query).fetchone() is None:
        return {}
    found: dict[int, list[str]] = {}
    for key, text in store.connection.execute("SELECT passage_id, text FROM pseudo_questions ORDER BY rowid"):
        found.setdefault(key, []).append(text)
    return {key: tuple(texts) for key, texts in found.items()}


def passages_without(store: Store) -> list[int]:
    """The row ids of the passages that have no questions yet."""
    there = stored_questions(store)
    return [row.key for row in passage_rows(store) if row.key not in there]


def put(store: Store, asked: Mapping[int, Iterable[str]]) -> None:
    """Replaces the questions of these passages. Indexes notice: the library has a new revision."""
    store.migrate("seal", SCHEMA)
    with store.transaction() as connection:
        for key, texts in asked.items():
            connection.execute("DELETE FROM pseudo_questions WHERE passage_id = ?", (key,))
            rows = [(key, " ".join(text.split())) for text in texts]
            connection.executemany("INSERT INTO pseudo_questions VALUES (?, ?)", rows)
        store.bump()


def make_questions(
    store: Store, model: LanguageModel | LocalModel, keys: Iterable[int], count: int = PER_PASSAGE
) -> Iterator[tuple[int, list[str]]]:
    """Asks ``model`` what each of these passages answers; to be stored with ``put``. A passage that is too long for
    the model, or of which it asks nothing, has an empty list."""
    for key in keys:
        text = passage_texts(store, [key]).get(key)
        yield key, [] if text is None else _ask(model, text, count)


def _ask(model: LanguageModel, passage: str, count: int) -> list[str]:
    messages = [Message("user", _ASK.format(count=count, passage=passage))]
    try:
        reply = "".join(model.stream(messages, Sampling(max_tokens=LONGEST, temperature=GREEDY.temperature)))
    except InputError:
        return []
    lines = [_BULLET.sub("", line).strip() for line in reply.splitlines()]
    return list(dict.fromkeys(line for line in lines if line.endswith("?")))[:count]
