"""Headings that ask what is asked: entries of answers to common questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.questions.common_questions import asks_alike
from evidentia.questions.question import parse

GUIDE = "# Questions\n\n## 4.2. Does Pellet support Solaris?\n\nNo. Only Linux and the BSDs are kept up.\n"


@pytest.mark.parametrize(
    ("asked", "heading", "alike"),
    [
        ("Does Pellet run on Solaris?", "## 4.2. Does Pellet support Solaris?", True),
        ("Does Pellet run on Solaris?", "Does Pellet run on Windows?", False),
        ("Does Pellet run on Solaris?", "How does Pellet support Solaris?", False),
        ("Can children borrow films?", "Can't children borrow films?", False),
        ("Can children borrow films?", "Can children borrow films", False),
        ("May guests park here before 8?", "May guests park here after 8?", False),
        ("Can I bring my cat into the garden?", "Can I bring my dog into the garden?", False),
    ],
)
def test_a_heading_asks_the_same_where_kind_names_and_sides_do_not_differ(asked: str, heading: str, alike: bool):
    assert asks_alike(parse(asked), heading) is alike


def test_an_entry_whose_question_is_put_in_other_words_fits(tmp_path: Path):
    (tmp_path / "faq.md").write_text(GUIDE)
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "faq.md")
        answer = library.ask("Does Pellet run on Solaris?")
    assert answer.fit in ("sure", "likely")
    assert answer.text.startswith("No.") or "\nNo." in answer.text
