"""Values that definitions have written out, and code before its tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library, Settings

_FILES = {
    "src/kiln.ts": (
        "export interface KilnOptions {\n  /**\n   * How long a batch may dry.\n   *\n   * @defaultValue 45000\n   */\n"
        "  dryingTime?: number;\n\n  plain?: string;\n}\n"
    ),
    "src/fault.py": "from enum import IntEnum\n\n\nclass Fault(IntEnum):\n    LidOpen = -6\n    TooHot = -7\n",
    "src/config.rb": "class Config\n  DEFAULTS = {\n    max_batches: 10_000,\n  }\nend\n",
    "src/call.rb": "load(\n  cooling_time: 7,\n)\n",
    "src/limits.go": "package limits\n\nconst mostBatches = 3 * 12\n",
    "tests/test_fault.py": "from src.fault import Fault\n\n\ndef test_lid():\n    LidOpen = 9\n    assert Fault.LidOpen == -6\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("kiln")
    for path, text in _FILES.items():
        (folder / "kiln" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "kiln" / path).write_text(text)
    with Library(folder / "library", settings=Settings(embedder="hash")) as found:
        found.add(folder / "kiln")
        yield found


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("What is the default dryingTime of a kiln?", "45000"),
        ("What is the value of Fault.LidOpen?", "-6"),
        ("Which number is mostBatches set to?", "3 * 12"),
        ("What is the default of max_batches?", "10_000"),
    ],
)
def test_a_value_stands_where_it_is_defined(library: Library, question: str, value: str) -> None:
    answer = library.ask(question)

    assert answer.short == value
    assert answer.citations[0].verified


def test_no_value_is_taken_from_a_definition_that_has_none(library: Library) -> None:
    assert "45000" not in library.ask("What is the default of plain?").short


def test_an_entry_of_no_table_of_defaults_is_unsure(library: Library) -> None:
    answer = library.ask("What is the default of cooling_time?")

    assert (answer.fit, answer.short) == ("unsure", "7")
