"""What a language model wrote, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidentia import Library, Settings
from evidentia.agents.steps import check
from evidentia.serving.base import GREEDY, Message, Sampling

QUESTION = "At how many bar does the valve open?"
WHOLE, HALF = "The valve opens at 30 bar.", "The pump runs at 40 bar"


class Reply:
    """A reply that ended after its tokens."""

    finish = "length"

    def __iter__(self) -> Iterator[str]:
        yield from (f"{WHOLE} ", HALF)


class Cut:
    name, plans = "cut", False

    def stream(self, messages: list[Message], sampling: Sampling = GREEDY, form: Any = None) -> Reply:
        return Reply()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    (tmp_path / "guide.md").write_text(f"# Guide\n\n{WHOLE} {HALF} when it is cold.\n")
    with Library(tmp_path / "library", settings=Settings(embedder="hash"), model=Cut()) as opened:  # type: ignore[arg-type]
        opened.add(tmp_path / "guide.md")
        yield opened


def test_half_a_sentence_is_carried_by_nothing(library: Library) -> None:
    passages = library.search(QUESTION, 1)
    whole = list(check.check_sentences(library.store, QUESTION, f"{WHOLE} {HALF}.", passages))
    assert whole[0][1] is not None
    cut = list(check.check_sentences(library.store, QUESTION, f"{WHOLE} {HALF}{check.CUT}", passages))
    assert [carrier is not None for _, carrier in cut] == [True, False]


def test_an_answer_whose_writing_was_cut_short_says_so(library: Library) -> None:
    answer = library.ask(QUESTION, write=True)
    assert answer.status == "written"
    assert HALF not in answer.text
    assert [note for note in answer.notes if "was cut short" in note]
