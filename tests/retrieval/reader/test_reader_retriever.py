from __future__ import annotations

from pathlib import Path

from evidentia import Library
from evidentia.corpus.document import Evidence
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.reader.reader import Reading
from evidentia.retrieval.reader.retriever import rerank


def _reading(answered: float) -> Reading:
    return Reading(answered, (0, 1), answered, (((0, 1), answered),))


def test_what_answers_comes_first_and_the_unread_last():
    hits = [Evidence(f"text {key}", -key, "fused", "found", key=key) for key in (1, 2, 3)]
    found = rerank(hits, [_reading(-9.0), _reading(9.0)])
    assert [hit.key for hit in found] == [2, 1, 3]
    assert found[0].why == "found; reader: +9.0"


def test_it_can_be_asked_for_alone(tmp_path: Path):
    (tmp_path / "docs").mkdir()
    for number, text in enumerate(("Penguins swim in cold water.", "The Danube rises in the Black Forest.")):
        (tmp_path / "docs" / f"{number}.txt").write_text(text)
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "docs")
        assert library.search("Where does the Danube rise?", 2, "reader")[0].quote.startswith("The Danube")
