"""Other languages and data: blocks by layout, rows of values under their header."""

from __future__ import annotations

from typing import Any


def function(name: str, lines: int) -> str:
    body = "\n".join(f"    call_{number}(x, y);" for number in range(lines))
    return f"int {name}(int x)\n{{\n{body}\n}}"


def test_an_indented_block_is_never_cut(cut: Any) -> None:
    source = [function(f"name_{number}", 60) for number in range(4)]
    assert [text for _, text in cut("\n\n".join(source), "text/x-c")] == source


def test_short_blocks_share_a_passage(cut: Any) -> None:
    source = "\n\n".join(function(f"name_{number}", 1) for number in range(3))
    assert [text for _, text in cut(source, "text/x-c")] == [source]


def test_the_heading_is_the_file_and_the_first_line(cut: Any) -> None:
    assert cut(function("rank", 2), "text/x-c", "src/rank.c")[0][0].heading == "rank.c > int rank(int x)"


def test_a_long_class_is_cut_between_its_members(cut: Any) -> None:
    members = "\n\n".join(
        f"    public int m{number}() {{\n" + "        run(this, that);\n" * 12 + "    }" for number in range(9)
    )
    found = [text for _, text in cut(f"public class A {{\n{members}\n}}", "text/x-java")]
    assert len(found) > 3
    assert all(text.count("public int") == text.count("    }") or text.endswith("}") for text in found)
    assert all(text.startswith("public ") for text in found)


def test_values_are_cut_between_rows_under_the_header(cut: Any) -> None:
    found = cut("name,age\n" + "\n".join(f"person {number},{number}" for number in range(300)), "text/csv")
    assert len(found) > 2
    assert {passage.heading for passage, _ in found} == {"name,age"}
    assert {passage.kind for passage, _ in found} == {"table"}
    assert all(text.splitlines()[-1].startswith("person ") for _, text in found)
