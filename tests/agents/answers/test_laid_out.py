"""Questions about what is laid out by spaces: records of lines, sheets with columns, lists of signs, numbered terms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Answer, Library

FITTING = ("sure", "likely")
FILES = {
    "kiln-east.txt": "HOST     : kiln-east\nMODEL    : Torra 90\nSERIALNO : TT-55121\nCORETEMP : 812 C\nFUELLEFT : 41 litres\nLOGDATE  : 2024-03-05\nMOIST    : N/A\n",
    "kiln-west.txt": "HOST     : kiln-west\nMODEL    : Torra 140\nSERIALNO : TT-60007\nCORETEMP : 640 C\nFUELLEFT : 7 litres\nLOGDATE  : 2024-03-06\nMOIST    : 3 %\n",
    "crew.txt": "Yard crew\n\nWho does what\nNils Aune        paint, ropes            ext. 31   nils@skagen.example\n"
    "Berit Moe        engine, pumps           ext. 34   berit@skagen.example\n"
    "Olav Lie         payroll, insurance      ext. 38   olav@skagen.example\n",
    "chart.txt": "Signs of the chart\n\nThese are the signs of the sea chart and what they stand for:\n\n"
    "     %    A wreck that shows at low water.\n\n     ~    Eddies.\n\n     ^B   A beacon without a light.\n\n     &    A fishing stake.\n",
    "codes.html": "<html><body><h1>Berth codes</h1><dl><dt>1-19:</dt><dd><p>Kept for fishing boats.</p></dd><dt>20-80:</dt>"
    "<dd><p>Let to guests by the night.</p></dd><dt>99:</dt><dd><p>Closed since the pier fell.</p></dd></dl></body></html>",
    "settings.html": "<html><body><h1>Settings</h1><dl><dt>SWEEP seconds</dt><dd><p>How long the radar takes for a turn.</p></dd>"
    "<dt>SWEEPGAIN level</dt><dd><p>How much a faint echo is raised.</p></dd></dl></body></html>",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("yard")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Library(tmp_path_factory.mktemp("library")) as library:
        library.add(folder)
        yield library


def shown(library: Library, question: str) -> tuple[bool, str]:
    found: Answer = library.ask(question)
    return found.fit in FITTING, found.citations[0].quote if found.citations else ""


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("what is the model of kiln-west", "MODEL    : Torra 140"),
        ("which model is the host kiln-east", "MODEL    : Torra 90"),
        ("serial number of the Torra 140", "SERIALNO : TT-60007"),
        ("what is the core temperature of kiln-west", "CORETEMP : 640 C"),
        ("how much fuel is left in kiln-west", "FUELLEFT : 7 litres"),
        ("what's Berit's extension", "Berit Moe        engine, pumps           ext. 34   berit@skagen.example"),
        ("what is olav's email", "Olav Lie         payroll, insurance      ext. 38   olav@skagen.example"),
        ("who is in charge of insurance", "Olav Lie         payroll, insurance      ext. 38   olav@skagen.example"),
        ("what does the ~ sign mean", "~    Eddies."),
        ("what does ^B stand for", "^B   A beacon without a light."),
        ("what is berth 99", ": Closed since the pier fell."),
        ("what are berths 20-80 for", ": Let to guests by the night."),
    ],
)
def test_the_line_that_is_asked_for_is_quoted_alone(library: Library, question: str, quote: str) -> None:
    assert shown(library, question) == (True, quote)


def test_two_terms_are_told_apart_by_their_definitions(library: Library) -> None:
    found = library.ask("what is the difference between SWEEP and SWEEPGAIN")
    assert found.fit in FITTING
    assert "a turn" in found.text
    assert "a faint echo" in found.text


@pytest.mark.parametrize(
    "question",
    [
        "what is the serial number of kiln-south",
        "what is the moist of kiln-east",
        "what is the fuel price of kiln-east",
        "what is tora's extension",
        "who is in charge of catering",
        "what does the @ sign mean",
        "what is berth 250",
    ],
)
def test_what_no_line_says_is_not_answered_as_fitting(library: Library, question: str) -> None:
    assert not shown(library, question)[0]


@pytest.mark.parametrize(
    ("question", "cell"),
    [("Was kostet der Bohrer am Tag?", "9 €"), ("Wie schwer ist die Walze?", "210 kg")],
)
def test_german_columns_are_known_by_what_they_measure(tmp_path: Path, question: str, cell: str) -> None:
    rows = (
        "Gerät;Leihgebühr je Tag;Gewicht;Hinweis\nBohrer;9 €;4 kg;nur mit Brille\nWalze;25 €;210 kg;zu zweit tragen\n"
    )
    (tmp_path / "verleih.csv").write_text(rows, encoding="utf-8")
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "verleih.csv")
        answer = library.ask(question)
    assert (answer.short, answer.fit in FITTING) == (cell, True)
