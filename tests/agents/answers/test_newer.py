"""What a newer document says is found beside an older one, and shown before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library
from evidentia.agents.answers.newer import is_newer
from evidentia.retrieval.embedders.hash import HashEmbedder


@pytest.mark.parametrize(
    ("name", "than", "newer"),
    [
        ("a/glaze-v3.md", "a/glaze-v2-OLD.md", True),
        ("a/glaze-v2-OLD.md", "a/glaze-v3.md", False),
        ("a/glaze.md", "a/glaze OLD.md", True),
        ("a/Minutes 2026-11-10.docx", "a/Minutes 2026-09-15.docx", True),
        ("a/Minutes 2026-09-15.docx", "a/Minutes 2026-11-10.docx", False),
        ("b/Minutes 2026-11-10.docx", "a/Minutes 2026-09-15.docx", False),
        ("a/Letters 2026-11-10.docx", "a/Minutes 2026-09-15.docx", False),
        ("Fees 2026.md", "Fees 2025.md", True),
    ],
)
def test_the_newer_of_two_is_told_by_their_names(name: str, than: str, newer: bool):
    assert is_newer(name, than) is newer


OLD = "# Recipe of the glaze (version 2)\n\nOUT OF DATE, see version 3.\n\n- The glaze may be kept for up to 8 weeks.\n"
NEW = "# Recipe of the glaze (version 3)\n\nSieve it twice.\n\n- Keep in a jar for no longer than 5 weeks.\n"


def test_the_document_that_calls_itself_old_is_not_shown_alone(tmp_path: Path):
    source = tmp_path / "kiln"
    source.mkdir()
    (source / "glaze-v2-OLD.md").write_text(OLD)
    (source / "glaze-v3.md").write_text(NEW)
    for number in range(8):
        (source / f"note{number}.md").write_text(
            f"The glaze of vase {number} may be kept as it is, says potter {number}.\n"
        )
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(source)
        answer = library.ask("How long may the glaze be kept?")
    assert "5 weeks" in answer.citations[0].quote
    assert answer.fit in ("unsure", "likely")
