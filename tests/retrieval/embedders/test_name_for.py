"""Which embedder makes a library's vectors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.retrieval.embedders import MULTILINGUAL
from evidentia.retrieval.embedders.minilm import MiniLM
from evidentia.retrieval.embedders.multilingual import MultilingualEmbedder
from evidentia.settings import Settings

GERMAN = "Das Sommerfest beginnt am 12. Juli um 14 Uhr im Garten, und alle bringen etwas mit."
ENGLISH = "The roof was mended in May, and the tiles of the shed are to be renewed next year."


def _library(folder: Path, *texts: str, **settings: str) -> Library:
    (folder / "texts").mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / "texts" / f"{number}.txt").write_text(text, "utf-8")
    library = Library(folder / "library", settings=replace(Settings.from_env(), **settings))
    library.add(folder / "texts")
    return library


@pytest.mark.parametrize(
    ("texts", "settings", "fingerprint"),
    [
        ((GERMAN, ENGLISH), {}, MultilingualEmbedder.fingerprint),
        ((GERMAN, ENGLISH, ENGLISH, ENGLISH), {}, MiniLM.fingerprint),
        ((GERMAN,), {"foreign_embedder": "all-MiniLM-L6-v2"}, MiniLM.fingerprint),
        ((ENGLISH,), {"embedder": MULTILINGUAL}, MultilingualEmbedder.fingerprint),
    ],
)
def test_the_languages_of_the_first_texts_choose(
    tmp_path: Path, texts: tuple[str, ...], settings: dict[str, str], fingerprint: str
) -> None:
    with _library(tmp_path, *texts, **settings) as library:
        assert library.store.get("embedder") == fingerprint


def test_what_was_chosen_stays_when_other_texts_come(tmp_path: Path) -> None:
    with _library(tmp_path, GERMAN) as library:
        assert library.search("When is the summer party?", 1)[0].name.endswith("0.txt")
    with _library(tmp_path, GERMAN, *[ENGLISH] * 5) as library:
        assert library.store.get("embedder") == MultilingualEmbedder.fingerprint
        assert library.ask("When does the summer party begin?").citations[0].quote in GERMAN
