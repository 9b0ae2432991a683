"""The multilingual embedder: texts that mean the same lie near each other, whatever their language."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evidentia import Library
from evidentia.errors import DigestMismatch
from evidentia.retrieval import embedders
from evidentia.retrieval.embedders import MULTILINGUAL, multilingual
from evidentia.retrieval.embedders.multilingual import CHARS, MultilingualEmbedder
from evidentia.settings import Settings

SAME = ("Where is the ladder?", "Wo ist die Leiter?", "梯子在哪里？")
OTHER = "The lease ends in March."


def test_texts_that_mean_the_same_lie_near_each_other() -> None:
    vectors = embedders.load(MULTILINGUAL, Settings.from_env()).encode([*SAME, OTHER])
    assert vectors.shape == (4, 512)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-4)
    near = vectors @ vectors.T
    assert near[:3, :3].min() > near[:3, 3].max() + 0.2


def test_nothing_and_empty_text_are_embedded_and_long_text_is_cut() -> None:
    embedder = MultilingualEmbedder(Settings.from_env().cache)
    assert embedder.encode([]).shape == (0, 512)
    assert np.isfinite(embedder.encode(["", " "])).all()
    long = "Leiter " * CHARS
    assert np.array_equal(*embedder.encode([long, long[:CHARS]]))


def test_a_question_finds_text_of_another_language(tmp_path: Path) -> None:
    (tmp_path / "texte").mkdir()
    (tmp_path / "texte" / "fest.txt").write_text("Das Sommerfest beginnt am 12. Juli um 14 Uhr im Garten.", "utf-8")
    (tmp_path / "texte" / "dach.txt").write_text("Die Ziegel auf dem Dach wurden im Mai erneuert.", "utf-8")
    with Library(
        tmp_path / "library", settings=Settings(embedder=MULTILINGUAL, cache=Settings.from_env().cache)
    ) as library:
        library.add(tmp_path / "texte")
        assert library.search("When is the summer party?", 1)[0].name.endswith("fest.txt")


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(multilingual.PUBLISHED, "sp.model", "0" * 64)
    with pytest.raises(DigestMismatch):
        MultilingualEmbedder(tmp_path).encode(["Leiter"])
