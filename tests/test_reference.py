"""The reference is made of what stands in the code."""

from __future__ import annotations

from evidentia.scripts.reference import reference


def test_public_names_stand_in_it_with_signature_and_text() -> None:
    pages = reference()
    library = pages["evidentia.md"]
    assert "## `evidentia.library`" in library
    assert "def document(self, uri: str) -> Document" in library
    assert "Brings files and folders up to date" in library
    assert "- `number: int`" in pages["evidentia.agents.md"]
    assert "_scoped" not in library
    assert "(evidentia.md)" in pages["README.md"]
