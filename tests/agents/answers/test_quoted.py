"""Quotes of an answer, each compared with the stored text before it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.agents.answers import listing, quoted
from evidentia.corpus.document import Evidence
from evidentia.corpus.quotes import quote_holds
from evidentia.corpus.store import Store

RULES = "# Rules\n\n" + "".join(f"Rule {n}: the door number {n} opens at {n + 6} o'clock.\n\n" for n in range(1, 5))


@pytest.mark.parametrize("question", ["When does the door number 2 open?", "Which rules are there for the door?"])
def test_no_quote_is_compared_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: str):
    (tmp_path / "rules.md").write_text(RULES)
    compared: list[object] = []

    def compare(store: Store, evidence: Evidence) -> bool:
        compared.append(evidence.span)
        return quote_holds(store, evidence)

    for module in (quoted, listing):
        monkeypatch.setattr(module, "quote_holds", compare)
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "rules.md")
        answer = library.ask(question)
    assert answer.citations
    assert all(citation.verified for citation in answer.citations)
    assert len(compared) == len(set(compared))


def test_the_statement_that_was_chosen_is_told_within_what_stands_around_it(tmp_path: Path):
    (tmp_path / "club.md").write_text(
        "# Club\n\nThe committee meets in March. Keys cost ten pounds each. Dogs must be on a lead.\n"
    )
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "club.md")
        answer = library.ask("When do dogs have to be on a lead?")
    first = answer.citations[0]
    assert answer.fit == "unsure"
    assert [first.quote[slice(*place)] for place in first.focus] == ["Dogs must be on a lead."]
    assert answer.to_dict()["citations"][0]["focus"] == first.focus
    assert "<mark>Dogs must be on a lead.</mark>" in answer._repr_html_()


def test_a_question_in_another_language_than_the_documents_is_told_so(tmp_path: Path):
    (tmp_path / "heizung.md").write_text("Die Wartung der Heizung wurde auf den 8. Dezember verschoben, wie es hieß.\n")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "heizung.md")
        answer = library.ask("When will the boiler be serviced this year?")
        own = library.ask("Wann wird der Kamin gefegt?")
    assert answer.status == "not_found"
    assert "documents here are in German" in answer.notes[0]
    assert own.notes == ()


def test_the_term_that_the_chosen_statement_defines_is_told_with_it(tmp_path: Path):
    (tmp_path / "queue.html").write_text(
        "<h1>Queue</h1><dl><dt>retry_pause (default: 40 seconds)</dt><dd>The time before a letter is sent again.</dd>"
        "<dt>letter_life (default: 5 days)</dt><dd><p>The parcel service counts here too.</p>"
        "<p>How long a letter stays in the queue before it goes back as undeliverable.</p></dd></dl>"
    )
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "queue.html")
        answer = library.ask("When is a letter given up as undeliverable?")
    first = answer.citations[0]
    assert [first.quote[slice(*place)] for place in first.focus] == [
        "letter_life (default: 5 days)",
        ": How long a letter stays in the queue before it goes back as undeliverable.",
    ]
    assert "<mark>letter_life (default: 5 days)</mark>" in answer._repr_html_()
