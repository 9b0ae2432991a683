"""What is called likely or unsure beside statements that may answer as well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.agents.answers.quoted import short
from evidentia.agents.steps.abstain import doubt
from evidentia.questions.fit import Fit
from evidentia.questions.question import parse
from evidentia.retrieval.quoting import Quote, best_sentences

HUTS = (
    "# Huts\n\nThe upper hut is closed in winter because its stove draws badly. Smoke fills the room whenever the wind is"
    " from the north. A new chimney is planned.\n"
)
BARN = "# Barn\n\nThe barn is closed in winter because the road to it is not cleared of snow.\n"
WHY = "Why is the upper hut closed in winter?"


def ranked(quote: Quote, odds: float, score: float, fit: Fit) -> Quote:
    return replace(quote, features=(*quote.features[:-1], odds), score=score, fit=fit)


@pytest.mark.parametrize(
    ("question", "rival", "level", "together"),
    [
        (WHY, "Smoke", "likely", True),
        (WHY, "The barn", "unsure", False),
        ("When is it closed?", "Smoke", "unsure", False),
        ("Why is the upper hut closed in summer?", "Smoke", "unsure", False),
    ],
)
def test_only_neighbours_that_may_answer_as_well_leave_a_statement_likely(
    tmp_path: Path, question: str, rival: str, level: str, together: bool
):
    (tmp_path / "huts.md").write_text(HUTS)
    (tmp_path / "barn.md").write_text(BARN)
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "huts.md", tmp_path / "barn.md")
        found = best_sentences(library.store, WHY, library.search(WHY, 5))
        by_start = {quote.evidence.quote.split(" hut")[0].split(" fills")[0].split(" is")[0]: quote for quote in found}
        fit = Fit("likely", ("says nothing of x",), 1.0, worded_otherwise=True)
        best = ranked(by_start["The upper"], 5.0, 6.0, fit)
        other = ranked(by_start[rival], 5.0, 5.9, fit)
        shown = doubt(library.store, parse(question), [best, other], best)
    assert (shown.fit.level, shown.together) == (level, together)
    if together:
        assert "Smoke fills the room" in shown.evidence.quote
        assert shown.chosen == best.evidence
        assert short(question, shown) == ""


@pytest.mark.parametrize(("plan", "level"), [("raised to 50 people", "unsure"), ("now £50 a year", "likely")])
def test_what_tells_no_price_is_no_likely_answer_to_what_something_costs(tmp_path: Path, plan: str, level: str):
    (tmp_path / "news.md").write_text(f"# News\n\nThe limit of the family plan is {plan} since March.\n")
    question = "How much does the family plan cost?"
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "news.md")
        found = best_sentences(library.store, question, library.search(question, 5))[0]
        best = ranked(found, 6.0, 9.0, Fit("unsure", ("says nothing of cost",), 1.0, worded_otherwise=True))
        assert doubt(library.store, parse(question), [best], best).fit.level == level


def test_of_a_yes_and_a_no_neither_is_sure(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text(
        "# Ferry\n\nDogs are not allowed on this ferry. You could take the night ferry instead, which carries dogs.\n"
    )
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "ferry.md")
        answer = library.ask("Can we take dogs on the ferry?")
    assert answer.fit == "unsure"
    assert "which carries dogs" in answer.text
    assert "not allowed" in answer.text
