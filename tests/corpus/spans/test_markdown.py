"""Markdown: sections along headings, whole blocks, tables and fences never cut."""

from __future__ import annotations

from typing import Any

GUIDE = """# Guide

Welcome.

## Install

Run this:

```sh
# not a heading
pip install it
```

## Options

| name | meaning |
|------|---------|
| `-v` | verbose |

Setext
------
The end.
"""


def test_a_passage_never_crosses_a_heading_and_carries_the_path_of_headings(cut: Any) -> None:
    found = [(passage.heading, text.split("\n")[0]) for passage, text in cut(GUIDE, "text/markdown")]
    assert found == [
        ("Guide", "# Guide"),
        ("Guide > Install", "## Install"),
        ("Guide > Options", "## Options"),
        ("Guide > Setext", "Setext"),
    ]


def test_a_section_that_holds_only_a_table_is_a_table(cut: Any) -> None:
    assert [passage.kind for passage, _ in cut(GUIDE, "text/markdown")] == ["section", "section", "table", "section"]


def test_headings_with_nothing_below_them_join_the_next(cut: Any) -> None:
    (passage, text), *rest = cut("# A\n\n## B\n\ntext", "text/markdown")
    assert (passage.heading, text, rest) == ("A > B", "# A\n\n## B\n\ntext", [])


def test_a_large_table_is_cut_by_rows_below_its_header_and_a_large_fence_stays_whole(cut: Any) -> None:
    table = "| a | b |\n|---|---|\n" + "\n".join(f"| row {number} | some words in it |" for number in range(200))
    fence = "```\n" + "\n\n".join(f"line {number} of the program" for number in range(200)) + "\n```"
    found = cut(f"# T\n\nbefore\n\n{table}\n\nbetween\n\n{fence}\n\nafter", "text/markdown")
    assert [text for passage, text in found if passage.kind == "code"] == [fence]
    tables = [(passage, text) for passage, text in found if passage.kind == "table"]
    assert len(tables) > 2
    header = (len("# T\n\nbefore\n\n"), len("# T\n\nbefore\n\n| a | b |"))
    assert all(header in passage.governors and text.startswith("| row ") for passage, text in tables)
    assert sum(text.count("| row ") for _, text in found) == 200


def test_a_long_list_is_cut_between_items_and_never_inside_code(cut: Any) -> None:
    item = "- an item of a list with several words\n\n  ```\n  code\n\n  more\n  ```\n"
    found = [text for _, text in cut(item * 40, "text/markdown")]
    assert len(found) > 1
    assert all(text.startswith("- an item") and text.endswith("```") for text in found)


def test_indented_code_and_front_matter_are_blocks(cut: Any) -> None:
    found = cut("---\ntitle: x\n---\n\ntext\n\n    code\n\n    more", "text/markdown")
    assert [text for _, text in found] == ["---\ntitle: x\n---\n\ntext\n\n    code\n\n    more"]


def test_a_fence_that_never_closes_runs_to_the_end(cut: Any) -> None:
    assert [passage.kind for passage, _ in cut("```\n# a\n\n# b", "text/markdown")] == ["code"]
