"""Answers that are passages: the paragraph of a reason, the code of a how-to, the meaning below a heading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.retrieval.embedders.hash import HashEmbedder

GUIDE = """# Lantern

Lantern keeps the lamps of a harbour in step.

## Installing

Lantern is installed with a command:

```
$ lantern-get install --all
```

Afterwards the lamps blink.

## Options

### dimmer

Default: `false`

Lamps are turned down at dawn when this is set.

### horn

Default: `true`

## Colours

Lantern knows several colours of lamps.

- amber
- cyan
- white

Other lamps are painted.

## Fog

The horn sounds in fog. It was added because pilots asked for it after the winter of 1998. They could not see the lamps.
"""


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Callable]:
    source = tmp_path / "guide.md"
    source.write_text(GUIDE)
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(source)
        yield library.ask


def test_a_how_to_is_quoted_with_the_code_that_it_announces(ask: Callable):
    citation = ask("How do I install Lantern?").citations[0]
    assert "Lantern is installed with a command:\n\n```\n$ lantern-get install --all\n```" in citation.quote
    assert "Afterwards" not in citation.quote
    assert citation.verified


def test_a_reason_is_quoted_with_its_paragraph(ask: Callable):
    quote = ask("Why was the horn added?").citations[0].quote
    assert quote.startswith("The horn sounds in fog.")
    assert quote.endswith("They could not see the lamps.")


def test_a_few_words_below_a_heading_are_quoted_with_what_follows(ask: Callable):
    quote = ask("What is dimmer?").citations[0].quote
    assert quote == "Default: `false`\n\nLamps are turned down at dawn when this is set."


def test_a_value_is_one_statement_with_the_one_it_leans_on(ask: Callable):
    answer = ask("In which year was the winter after which pilots asked for the horn?")
    leaning = "It was added because pilots asked for it after the winter of 1998."
    assert answer.citations[0].quote == f"The horn sounds in fog. {leaning}"


def test_a_list_is_quoted_with_its_items(ask: Callable):
    quote = ask("Which colours of lamps does Lantern know?").citations[0].quote
    assert quote.startswith("Lantern knows several colours of lamps.\n\n- amber\n- cyan\n- white")


def test_of_an_unsure_answer_the_nearest_places_are_shown_and_nothing_is_put_above_them(ask: Callable):
    answer = ask("Who turned down the lamps in the winter?")
    assert answer.fit == "unsure"
    assert not answer.short
    assert answer.text.startswith("Nothing clearly answers this. The closest passages:\n")
    assert 1 < len(answer.citations) <= 3
    assert len({citation.evidence.span.start for citation in answer.citations}) == len(answer.citations)
    assert all(citation.verified for citation in answer.citations)


MANUAL = """Stopping
~~~~~~~~

Several conditions are combined by the bar:

.. testcode::

    @halt(when=(after_delay(10) | after_rounds(5)))
    def halt_after_10_s_or_5_rounds():
        print("Halting after 10 seconds or 5 rounds")
        raise Halted

Waiting
~~~~~~~

Between two rounds nothing happens.
"""


def test_code_is_quoted_from_what_announces_it_though_a_line_deep_in_it_was_found(tmp_path: Path):
    (tmp_path / "manual.rst").write_text(MANUAL)
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "manual.rst")
        quote = library.ask("How do I halt after either 10 seconds or 5 rounds?").citations[0].quote
    assert quote.startswith("Several conditions are combined by the bar:")
    assert "@halt(when=(after_delay(10) | after_rounds(5)))" in quote
    assert quote.endswith("raise Halted")


STEPS = """# Buoy handbook

## Resetting the buoy

Tell the harbour office before you touch anything.

1. Row out to the buoy.
2. Hold the reset button of the buoy for ten seconds.
3. Wait for the green lamp.
4. Write a line into the log.

Never do this at low tide.

## Keeping the boats

- Oars are oiled in March, with the linseed oil that stands in the shed, and hung up to dry for two days.
- Ropes are washed with fresh water whenever they were in the sea, and coiled on the third peg from the door.
- Anchors are painted red once a year so that they are seen on the ground of the harbour in clear water.
- Sails are folded, never rolled, as the coating of the newer ones breaks at the edges otherwise.
- Pumps are tried every Monday with a bucket of water; the strainer is emptied into the bin.
- Lamps get new batteries in October and are left switched on for one night in the boathouse.
- Flags are washed by hand.
"""


@pytest.fixture
def ask_handbook(tmp_path: Path) -> Iterator[Callable]:
    (tmp_path / "handbook.md").write_text(STEPS)
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "handbook.md")
        yield library.ask


def test_steps_are_shown_whole_with_the_rules_around_them(ask_handbook: Callable):
    quote = ask_handbook("How do I reset the buoy?").citations[0].quote
    assert quote.startswith("Tell the harbour office")
    assert "1. Row out" in quote
    assert "4. Write a line into the log." in quote
    assert quote.endswith("Never do this at low tide.")


def test_of_a_long_list_of_bullets_the_one_that_was_chosen_is_shown_with_its_neighbours(ask_handbook: Callable):
    answer = ask_handbook("Why should sails not get rolled by pirates?")
    quote = next(one.quote for one in answer.citations if "Sails" in one.quote)
    assert "Oars" not in quote
    assert "Flags" not in quote
