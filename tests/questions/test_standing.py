"""What documents say of their own standing."""

from __future__ import annotations

import pytest

from evidentia.questions.standing import standing_word, without_standing


@pytest.mark.parametrize(
    ("name", "opening", "word"),
    [
        ("policies/leave policy 2022 OLD.md", "# Leave\n", "old"),
        ("contract_draft.docx", "Contract\n", "draft"),
        ("price list (superseded).xlsx", "", "superseded"),
        ("a.md", "# Leave policy (2022) - OLD, replaced\n", "old"),
        ("a.md", "# Handbook\n\nStatus: withdrawn\n", "withdrawn"),
        ("a.md", "# Hausordnung (veraltet)\n", "veraltet"),
        ("old town.md", "# Old Town guide\n", ""),
        ("threshold.md", "# Songs, old and new\n", ""),
        (
            "api.md",
            "# Functions\n\nThe old behaviour was replaced in 2.0, which nobody noticed, so that it stayed as it is.\n",
            "",
        ),
    ],
)
def test_a_document_that_holds_no_more_is_known_by_its_name_or_its_head(name: str, opening: str, word: str) -> None:
    assert standing_word(name, opening) == word


def test_the_word_is_taken_away_from_a_name() -> None:
    assert without_standing("leave policy 2022 OLD").strip() == "leave policy 2022"
