"""The code graph's part in an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library, Settings

CODE = '''"""Boats."""


class Tide(Exception):
    """The water is low."""


def moor(boat: str, depth: float) -> None:
    """Moors a boat; a crew that sleeps ends it with an alarm."""
    if depth < 1:
        raise Tide("too low")
'''


@pytest.mark.parametrize(
    ("question", "by_graph"),
    [
        ("What does moor raise?", True),
        ("What does moor raise if the depth is too low?", True),
        ("What does moor raise when the crew sleeps?", False),
    ],
)
def test_what_is_raised_answers_only_for_a_case_that_it_tells(tmp_path: Path, question: str, by_graph: bool) -> None:
    (tmp_path / "boats.py").write_text(CODE)
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "boats.py")
        answer = library.ask(question)
    assert (answer.status == "rows") is by_graph
