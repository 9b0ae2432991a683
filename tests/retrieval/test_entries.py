"""Below the question that is asked stands its answer, whatever else stands in the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library, Settings

NOTES = """# Harbour

**Can I charge my boat at the pier?**
Yes, at the posts 4 to 9. A charge costs 6 €.

**May I swim in the basin?**
No. The basin is for boats; swim at the beach.

**How long may I stay at the guest pier?**
Guests pay at the office. Seven nights at most are allowed in summer.

### Does Corvin support Modbus?

No, Modbus is not supported as a protocol, and there are no plans for it.

On the larger boards, Corvin supports plugs that some meters have for Modbus.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("harbour")
    (folder / "notes.md").write_text(NOTES)
    with Library(folder / "library", settings=Settings(embedder="hash")) as opened:
        opened.add(folder / "notes.md")
        yield opened


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("May I swim in the basin?", "No. The basin is for boats"),
        ("Can I swim in the basin?", "No. The basin is for boats"),
        ("Can I charge my boat at the pier?", "Yes, at the posts 4 to 9."),
        ("Does Corvin support Modbus?", "No, Modbus is not supported"),
        ("Can Corvin do Modbus?", "No, Modbus is not supported"),
        ("How long may I stay at the guest pier?", "Guests pay at the office. Seven nights at most"),
    ],
)
def test_the_first_that_is_said_below_the_question_answers_it(library: Library, question: str, begins: str) -> None:
    answer = library.ask(question)
    assert answer.fit in ("sure", "likely")
    assert answer.citations[0].quote.startswith(begins)


@pytest.mark.parametrize("question", ["Can I charge my car at the pier?", "May I swim in the harbour bath?"])
def test_what_is_said_below_a_question_about_another_thing_is_no_answer(library: Library, question: str) -> None:
    assert library.ask(question).fit not in ("sure", "likely")
