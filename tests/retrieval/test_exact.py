"""Exact look-up: with which version something came, the lists of changes are looked through first."""

from __future__ import annotations

from pathlib import Path

from evidentia import Library

CHANGES = (
    "# Changes\n\n## 3.1.0\n\n* Faster peeling.\n\n## 3.0.0\n\n* Adds `TubPeeler` for tubs.\n\n## 2.9.0\n\n* One fix.\n"
)
GUIDE = "# Guide\n\n" + "\n\n".join(f"## Chapter {n}\n\nTubPeeler peels a tub of kind {n}." for n in range(12))


def test_the_version_that_brought_a_class_is_found_in_the_list_of_changes(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text(CHANGES)
    (tmp_path / "guide.md").write_text(GUIDE)
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "CHANGELOG.md", tmp_path / "guide.md")
        answer = library.ask("Which release brought TubPeeler?")
    assert "Adds `TubPeeler`" in answer.citations[0].quote
    assert "3.0.0" in answer.text


def test_a_name_that_stands_in_many_places_is_told_by_the_line_that_begins_with_it(tmp_path: Path) -> None:
    many = "\n\n".join(f"## Chapter {n}\n\nStep {n} of the peeler raises TUB_LOST in the cellar." for n in range(12))
    (tmp_path / "guide.md").write_text(f"# Guide\n\n{many}\n")
    (tmp_path / "signs.md").write_text(
        "# Signs\n\n* ``TUB_DONE``: all is peeled and this is sent.\n* ``TUB_LOST``: the tub has no bottom.\n"
    )
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "guide.md", tmp_path / "signs.md")
        answer = library.ask("When is TUB_LOST sent?")
    quote = answer.citations[0]
    told = [quote.quote[slice(*place)] for place in quote.focus] or [quote.quote]
    assert any("has no bottom" in text for text in told)
