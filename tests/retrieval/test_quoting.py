from __future__ import annotations

from pathlib import Path

from evidentia import Library, Settings
from evidentia.corpus import catalog
from evidentia.corpus.document import Evidence, Span
from evidentia.corpus.spans import kept
from evidentia.corpus.store import Store
from evidentia.retrieval.quoting import best_sentences

TEXT = "Penguins live in the south. They eat fish and krill. How long do penguins live?\nThe oldest penguin was 40 years old."


def _hit() -> Evidence:
    return Evidence(TEXT, 1.0, "fused", "why", Span("/docs/a.txt", 100, 100 + len(TEXT), 7, 8), "docs/a.txt", key=1)


def _best(store: Store, question: str) -> Evidence:
    return best_sentences(store, question, [_hit()], 3)[0].evidence


def test_the_sentence_with_the_words_of_the_question_comes_first(store: Store):
    assert _best(store, "What fish do they eat?").quote == "They eat fish and krill."


def test_a_quote_has_its_own_offsets_and_lines(store: Store):
    found = _best(store, "How many years old was the oldest penguin?")
    assert found.span is not None
    assert TEXT[found.span.start - 100 : found.span.end - 100] == found.quote == "The oldest penguin was 40 years old."
    assert (found.span.line, found.span.end_line) == (8, 8)


def test_a_second_question_to_the_same_passages_cuts_nothing_again(store: Store):
    _best(store, "What fish do they eat?")
    before = kept._keep.cache_info()
    _best(store, "How many years old was the oldest penguin?")
    after = kept._keep.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 1)


def test_a_very_long_passage_is_cut_and_not_kept():
    text = "They eat fish. " * kept.LONGEST
    before = kept._keep.cache_info()
    assert len(kept.kept_statements(text, "section", "")) == kept.LONGEST
    assert kept._keep.cache_info() == before


def test_a_question_is_never_the_answer(store: Store):
    assert "?" not in _best(store, "How long do penguins live?").quote


def test_nothing_found_gives_no_quotes(store: Store):
    assert best_sentences(store, "penguins", [], 3) == []
    assert catalog.overview(store)["counts"]["documents"] == 0


TRANSCRIPT = """The program answers questions about penguins in a terminal.
```console
$ ask "How old was the oldest penguin?"
The oldest penguin was 40 years old. [1]
```"""


def test_what_a_transcript_printed_is_no_answer_before_prose(store: Store):
    readme = Evidence(TRANSCRIPT, 3.0, "fused", "why", Span("/r.md", 0, len(TRANSCRIPT), 1, 5), "r/README.md", key=2)
    found = best_sentences(store, "How old was the oldest penguin?", [readme, _hit()], 10)
    assert found[0].evidence.name == "docs/a.txt"
    assert found[0].evidence.quote == "The oldest penguin was 40 years old."
    assert next(quote.evidence.quote for quote in found if quote.example).startswith("The oldest penguin was 40")


def test_what_a_list_of_changes_says_is_unsure_unless_it_is_asked_when(store: Store):
    text = "- The lamps now burn oil by default."
    span = Span("/r.md", 0, len(text), 1, 1)
    entry = Evidence(text, 3.0, "fused", "why", span, "lamps/guide.md", heading="Guide > Changelog > 1.2", key=2)
    plain = Evidence(text, 3.0, "fused", "why", span, "lamps/guide.md", heading="Guide", key=3)
    question = "What do the lamps burn by default?"
    assert best_sentences(store, question, [entry])[0].fit.level == "unsure"
    assert best_sentences(store, question, [plain])[0].fit.level in ("sure", "likely")


def test_what_a_list_of_changes_says_of_versions_is_unsure_unless_it_is_asked_what_came_or_went(store: Store):
    text = "- The last version to support lamps of 3.5 volts and Python 2.7."
    span = Span("/r.md", 0, len(text), 1, 1)
    entry = Evidence(text, 3.0, "fused", "why", span, "lamps/CHANGELOG.md", heading="20.1", key=2)
    assert best_sentences(store, "Which Python versions are supported?", [entry])[0].fit.level == "unsure"
    assert best_sentences(store, "Which Python version was dropped last?", [entry])[0].fit.reasons != (
        "from a list of changes, which a later one may have overtaken",
    )


def test_the_second_sentence_of_a_bullet_is_no_row(tmp_path: Path) -> None:
    (tmp_path / "rules.md").write_text(
        "# Rules\n\n1. Work: six hours a year. Each hour not done costs 25 euros.\n2. Cocks: none.\n"
    )
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "rules.md")
        question = "What does each hour not done cost?"
        found = best_sentences(library.store, question, library.search(question, 3))
    assert found[0].evidence.quote == "Each hour not done costs 25 euros."
    assert not found[0].row
