"""The three failures of citations, each by its name, and what stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.agents.reports.markdown import read, to_markdown
from evidentia.agents.reports.verify import Checked
from evidentia.errors import InputError

BIRDS = """# Penguins

Emperor penguins live in Antarctica. The oldest emperor penguin on record was 40 years old.

# Falcons

A peregrine falcon dives at 320 km/h. It was first measured by Ken Franklin in 1999.
"""
ISLANDS = """# Skye

The lighthouse of Neist Point was built in 1909.

# Lewis

The church of Eoropie was restored by the bishop of Oban.
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    source = tmp_path / "docs"
    source.mkdir()
    (source / "birds.md").write_text(BIRDS)
    (source / "islands.md").write_text(ISLANDS)
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as opened:
        opened.add(source)
        yield opened


def report(claim: str, place: str, quote: str) -> str:
    return f"{claim} [1]\n\n[1]: {place}\n> {quote}\n"


def only(library: Library, text: str) -> Checked:
    (checked,) = library.verify(text).checked
    return checked


FALCON = "A peregrine falcon dives at 320 km/h."
PENGUIN = "The oldest emperor penguin on record was 40 years old."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (FALCON, FALCON),
        ("The oldest emperor penguin was 40 years old.", PENGUIN),
        ("Peregrine falcons dive at 320 km/h.", FALCON),
    ],
)
def test_a_claim_that_its_quote_carries_is_carried(library: Library, claim: str, quote: str):
    assert only(library, report(claim, "docs/birds.md:3", quote)).outcome == "carried"


def test_a_quote_that_stands_nowhere_is_fabricated(library: Library):
    found = only(library, report("A falcon dives at 400 km/h.", "docs/birds.md:7", "A falcon dives at 400 km/h."))
    assert found.outcome == "fabricated"
    assert found.reasons == ("the quote is not in docs/birds.md",)


def test_a_document_that_is_not_there_is_fabricated(library: Library):
    found = only(library, report("The moon is made of cheese.", "docs/moon.md:1", "The moon is made of cheese."))
    assert (found.outcome, found.reasons) == ("fabricated", ("docs/moon.md is not in the library",))


def test_a_number_without_a_source_is_fabricated(library: Library):
    found = only(library, "A peregrine falcon dives at 320 km/h. [7]\n")
    assert (found.outcome, found.reasons) == ("fabricated", ("no source [7] is listed",))


def test_halves_of_two_statements_are_spliced(library: Library):
    text = (
        "The lighthouse of Neist Point was restored by the bishop of Oban. [1][2]\n\n"
        "[1]: docs/islands.md:3\n> The lighthouse of Neist Point was built in 1909.\n\n"
        "[2]: docs/islands.md:7\n> The church of Eoropie was restored by the bishop of Oban.\n"
    )
    found = library.verify(text).checked
    assert [one.outcome for one in found] == ["spliced", "spliced"]
    assert "Neist Point" in found[0].reasons[0]
    assert "Eoropie" in found[0].reasons[0]


def test_half_of_a_splice_may_stand_where_nothing_is_cited(library: Library):
    claim = "The lighthouse of Neist Point was restored by the bishop of Oban."
    quote = "The lighthouse of Neist Point was built in 1909."
    assert only(library, report(claim, "docs/islands.md:3", quote)).outcome == "spliced"


def test_a_true_quote_that_says_another_thing_is_misattributed_and_the_better_source_is_named(library: Library):
    found = only(library, report(PENGUIN, "docs/birds.md:3", "Emperor penguins live in Antarctica."))
    assert found.outcome == "misattributed"
    assert found.better is not None
    assert found.better.quote == PENGUIN
    assert found.better.verified


def test_a_changed_number_is_misattributed_with_its_reason(library: Library):
    found = only(library, report("A peregrine falcon dives at 230 km/h.", "docs/birds.md:7", FALCON))
    assert found.outcome == "misattributed"
    assert "230" in found.reasons[0]
    assert found.better is None


def test_a_quote_of_another_document_is_misattributed(library: Library):
    found = only(library, report(FALCON, "docs/islands.md:3", FALCON))
    assert found.outcome == "misattributed"
    assert found.reasons == ("the quote is in docs/birds.md, not in docs/islands.md",)


def test_a_quote_below_the_heading_of_another_subject_does_not_carry_the_claim(library: Library):
    claim, quote = "The emperor penguin was first measured by Ken Franklin in 1999.", "It was first measured by Ken Franklin in 1999."  # fmt: skip
    assert only(library, report(claim, "docs/birds.md:7", quote)).fails


def test_one_citation_of_several_may_fail_alone(library: Library):
    text = (
        f"{FALCON} [1][2]\n\n[1]: birds.md:7\n> {FALCON}\n\n[2]: islands.md:3\n"
        "> The lighthouse of Neist Point was built in 1909.\n"
    )
    assert [one.outcome for one in library.verify(text).checked] == ["carried", "misattributed"]


def test_footnotes_lists_and_several_claims_in_a_paragraph_are_read():
    text = "One is so. [^1] Two is not so [2]. And\n- three is [1]\n- four is [2]\n\n[^1]: a.md:1\n> One.\n[2]: b.md, page 3\n> Two.\n> …\n> Three.\n"
    found = read(text)
    assert [(claim.text, claim.numbers) for claim in found.claims] == [
        ("One is so.", (1,)), ("Two is not so", (2,)), ("three is", (1,)), ("four is", (2,)),
    ]  # fmt: skip
    assert found.sources[2].name == "b.md"
    assert found.sources[2].pieces == ("Two.", "Three.")


def test_code_headings_and_sources_are_no_claims():
    assert read("# Title [1]\n\n```\ncode [1]\n```\n\n> quoted [1]\n").claims == ()


def test_a_report_that_cites_nothing_is_refused(library: Library):
    with pytest.raises(InputError, match="cites nothing"):
        library.verify("Nothing here.\n")


def test_what_was_not_found_is_no_claim(library: Library):
    answer = library.ask("How many moons does Saturn have?")
    assert answer.status == "not_found"
    assert read(to_markdown(answer)).claims == ()


@pytest.mark.parametrize(
    "question", ["How fast does a peregrine falcon dive?", "How old was the oldest emperor penguin?"]
)
def test_what_ask_exports_verifies(library: Library, question: str):
    answer = library.ask(question)
    assert answer.status == "quoted"
    found = library.verify(to_markdown(answer))
    assert [one.outcome for one in found.checked] == ["carried"] * len(answer.citations)
