from __future__ import annotations

from pathlib import Path

import pytest

from evidentia.corpus import catalog, sources
from evidentia.corpus.document import Document, Passage
from evidentia.corpus.store import Store
from evidentia.questions.question import parse
from evidentia.retrieval.spelling import mend

TEXT = "The lighthouse keeper polishes the lantern. Ferries leave Kristiansund at noon. retry_limit is 5. Brio sails."


@pytest.fixture
def library(store: Store) -> Store:
    with store.transaction():
        document = Document("/docs/a.txt", "a.txt", TEXT, "text/plain", "digest")
        catalog.put_document(
            store, sources.source_id(store, Path("/docs")), document, 1, 1, [Passage(0, len(TEXT), "section")]
        )
    return store


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Who polishes the lantren?", "Who polishes the lantern?"),
        ("When do feries leave?", "When do ferries leave?"),
        ("What is the retry_limt?", "What is the retry_limt?"),
        ('What is "lantren"?', 'What is "lantren"?'),
        ("When does Brie sail?", "When does Brie sail?"),
        ("When do ferries leave Kristiansnud?", "When do ferries leave Kristiansund?"),
        ("Who polishes the lanterns?", "Who polishes the lanterns?"),
        ("Who feeds the elephant?", "Who feeds the elephant?"),
        ("Who is masking the lantern?", "Who is masking the lantern?"),
    ],
)
def test_typing_errors_are_mended_and_right_words_are_not(library: Store, asked: str, meant: str):
    text, changes = mend(library, parse(asked))
    assert text == meant
    assert bool(changes) == (asked != meant)


GERMAN_TEXT = (
    "Der Leuchtturm wird im Sommer gestrichen. Die Kündigung der Mitgliedschaft kostet nichts. Die Brücke ist zu."
)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Wann wird der Leuchttrum gestrichen?", "Wann wird der Leuchtturm gestrichen?"),
        ("Was kostet die Kündigugn der Mitgliedschaft?", "Was kostet die Kündigung der Mitgliedschaft?"),
        ("Was kostet die Kündigung der Mitgliedshaft?", "Was kostet die Kündigung der Mitgliedschaft?"),
        ("Wann wird der Leuchtturms gestrichen?", "Wann wird der Leuchtturms gestrichen?"),
        ("Wann wird der Brunnen gestrichen?", "Wann wird der Brunnen gestrichen?"),
        ("Ist die Krücke zu?", "Ist die Krücke zu?"),
    ],
)
def test_slips_in_german_words_are_mended_and_right_words_are_not(store: Store, asked: str, meant: str) -> None:
    with store.transaction():
        document = Document("/docs/b.txt", "b.txt", GERMAN_TEXT, "text/plain", "digest")
        folder = sources.source_id(store, Path("/docs"))
        catalog.put_document(store, folder, document, 1, 1, [Passage(0, len(GERMAN_TEXT), "section")])
    assert mend(store, parse(asked))[0] == meant
