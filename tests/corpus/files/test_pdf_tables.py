"""PDF: tables, ruled or not, with their headers, over one page or many."""

from __future__ import annotations

import pytest

from evidentia.corpus.files.pdf import read

from .drawn import FORM, MakePdf, lines, page_of, text


def test_a_table_of_phrases_is_read_row_by_row(draw_pdf: MakePdf) -> None:
    names = [
        "flow of the river",
        "head above the weir",
        "toll for a barge with a load of grain",
        "depth",
        "ice on the lake",
        "wind from the north",
    ]
    means = [
        "litres in one second",
        "metres",
        "crowns at the lower lock",
        "metres below the mark",
        "days in a year",
        "knots",
    ]
    drawn = "".join(
        text(72, 700 - 15 * n, a) + text(330, 700 - 15 * n, b)
        for n, (a, b) in enumerate(zip(names, means, strict=True))
    )
    assert "| toll for a barge with a load of grain | crowns at the lower lock |" in read(draw_pdf([drawn]), FORM).text


PARTS = [[f"B-{n:03}", ("oak", "elm", "ash")[n % 3], f"{n * 3}.50"] for n in range(1, 121)]
PLACES = (72, 220, 400)


def rows_of(cells: list[list[str]], top: float, step: float = 15) -> str:
    return "".join(
        text(x, top - number * step, cell)
        for number, row in enumerate(cells)
        for x, cell in zip(PLACES, row, strict=True)
    )


@pytest.mark.parametrize("again", [True, False])
def test_a_table_over_pages_has_one_header(draw_pdf: MakePdf, again: bool) -> None:
    head = ["Part", "Wood", "Price"]
    pages = [
        rows_of([head, *PARTS[:40]], 740),
        *(rows_of([*([head] if again else []), *PARTS[n : n + 40]], 740) for n in (40, 80)),
    ]
    content = read(draw_pdf(pages), FORM)
    expected = ["| Part | Wood | Price |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in PARTS)]
    assert content.text.strip().split("\n") == expected
    assert page_of(content, "| B-095") == 3


def test_ruled_cells_keep_their_lines_together(draw_pdf: MakePdf) -> None:
    edges = [700, 660, 620, 580]
    rules = "".join(f"60 {y} m 540 {y} l S\n" for y in edges) + "".join(
        f"{x} 700 m {x} 580 l S\n" for x in (60, 200, 380, 540)
    )
    cells = lines(66, 685, "Name") + lines(206, 685, "Meaning") + lines(386, 685, "Unit")
    cells += lines(66, 645, "flow") + lines(206, 645, "water that passes", "in one second") + lines(386, 645, "litres")
    cells += (
        lines(66, 605, "head|fall") + lines(206, 605, "height between", "the two levels") + lines(386, 605, "metres")
    )
    assert read(draw_pdf([rules + cells]), FORM).text == (
        "| Name | Meaning | Unit |\n| --- | --- | --- |\n| flow | water that passes in one second | litres |\n"
        "| head\\|fall | height between the two levels | metres |\n"
    )


def test_several_header_rows_are_one(draw_pdf: MakePdf) -> None:
    drawn = text(235, 715, "2023") + text(435, 715, "2024")
    for number, row in enumerate(
        [
            ["Team", "Actual", "Plan", "Actual", "Plan"],
            ["Mill", "31", "30", "35", "36"],
            ["Weir", "12", "15", "13", "14"],
            ["Lock", "7", "8", "9", "9"],
        ]
    ):
        drawn += "".join(
            text(x, 700 - 15 * number, cell) for x, cell in zip((72, 200, 280, 400, 480), row, strict=True)
        )
    assert read(draw_pdf([drawn]), FORM).text.startswith(
        "| Team | 2023 Actual | 2023 Plan | 2024 Actual | 2024 Plan |\n| --- | --- | --- | --- | --- |\n| Mill | 31 |"
    )


def test_wrapped_header_cells_above_a_line_are_one_row(draw_pdf: MakePdf) -> None:
    rules = "60 715 m 520 715 l S 60 672 m 520 672 l S 60 620 m 520 620 l S\n"
    drawn = (
        rules
        + lines(72, 700, "Name of", "the place")
        + lines(240, 700, "Depth in", "metres")
        + lines(400, 700, "Since")
    )
    for number, row in enumerate([["Weir", "3.5", "1911"], ["Mill race", "1.2", "1890"], ["Lock", "4.0", "1954"]]):
        drawn += "".join(text(x, 658 - 15 * number, cell) for x, cell in zip((72, 240, 400), row, strict=True))
    assert read(draw_pdf([drawn]), FORM).text.startswith(
        "| Name of the place | Depth in metres | Since |\n| --- | --- | --- |\n| Weir | 3.5 | 1911 |\n"
    )
