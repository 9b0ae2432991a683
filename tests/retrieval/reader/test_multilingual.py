"""The ranker of many languages says which statement answers, and where none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library
from evidentia.retrieval.reader.multilingual import MultilingualRanker
from evidentia.settings import Settings

TOWER = "Den Turm bewacht seit 1912 die Familie Brodersen."
LAMP = "Die Lampe brennt mit Petroleum und leuchtet zwölf Seemeilen weit."


@pytest.fixture(scope="module")
def ranker() -> MultilingualRanker:
    return MultilingualRanker(Settings.from_env().cache)


@pytest.mark.parametrize(
    ("question", "better"),
    [
        ("Wer passt auf das Bauwerk auf?", TOWER),
        ("Womit wird das Licht betrieben?", LAMP),
        ("Who looks after the tower?", TOWER),
    ],
)
def test_what_answers_in_other_words_is_ranked_above_its_neighbour(
    ranker: MultilingualRanker, question: str, better: str
) -> None:
    scores = dict(zip((TOWER, LAMP), ranker.rank(question, [TOWER, LAMP]), strict=True))
    assert max(scores, key=lambda statement: scores[statement]) == better


def test_what_answers_nothing_lies_below_none(ranker: MultilingualRanker) -> None:
    assert all(score < 0 for score in ranker.rank("Wie wird man Mitglied im Ruderverein?", [TOWER, LAMP]))


def test_nothing_is_ranked_of_nothing(ranker: MultilingualRanker) -> None:
    assert ranker.rank("Wer?", []) == []


def test_the_answer_marks_the_sentence_that_says_it_in_other_words(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(
        f"Der Leuchtturm steht auf einer Klippe im Norden der Insel. {LAMP} {TOWER} Im Sommer kann man hinaufsteigen.",
        "utf-8",
    )
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "text.txt")
        first = library.ask("Womit wird das Licht des Leuchtturms betrieben?").citations[0]
    assert ([first.quote[slice(*place)] for place in first.focus] or [first.quote]) == [LAMP]
