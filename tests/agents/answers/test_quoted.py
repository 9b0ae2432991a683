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
