"""What is embedded: headings and text, in pieces that the model reads to the end."""

from __future__ import annotations

from itertools import pairwise

from evidentia.corpus.document import Document, Passage
from evidentia.corpus.spans.embedding_texts import MOST, MOST_CODE, TABLES, WINDOW, embedding_texts, texts_to_embed
from evidentia.corpus.spans.pack import pieces


def document(text: str, title: str = "") -> Document:
    return Document("/a.md", "a.md", text, "text/markdown", "", title=title)


def test_a_short_passage_is_one_text_under_title_and_headings() -> None:
    passage = Passage(0, 5, "section", "Part > Detail")
    assert embedding_texts(document("Words and more", "Book"), passage) == ["Book > Part > Detail\nWords"]


def test_the_title_is_not_said_twice() -> None:
    assert embedding_texts(document("Words", "Book"), Passage(0, 5, "section", "Book > Part")) == ["Book > Part\nWords"]


def test_a_long_passage_gives_several_texts_that_together_say_everything() -> None:
    sentences = [f"This is sentence number {number} of a rather long passage." for number in range(60)]
    text = " ".join(sentences)
    found = embedding_texts(document(text), Passage(0, len(text), "section", "Part"))
    assert len(found) > 2
    assert all(window.startswith("Part\n") and pieces(window) <= WINDOW + 2 for window in found)
    assert " ".join(window.removeprefix("Part\n") for window in found) == text


def test_a_very_long_passage_is_embedded_up_to_a_cap() -> None:
    text = "| cell | cell |\n" * 5000
    assert len(embedding_texts(document(text), Passage(0, len(text) - 1, "table"))) == MOST


def test_code_is_embedded_from_its_signature_and_docstring_on() -> None:
    text = 'def f(a):\n    """What it is for."""\n' + "    a = g(a)\n" * 500
    found = embedding_texts(document(text, "Title"), Passage(0, len(text) - 1, "function", "m.f(a)"))
    assert len(found) == MOST_CODE
    assert found[0].startswith('m.f\ndef f(a):\n    """What it is for."""')


def test_a_table_row_longer_than_the_window_is_cut_rather_than_lost() -> None:
    text = "| " + "word " * 600 + "|"
    found = embedding_texts(document(text), Passage(0, len(text), "table"))
    assert len(found) >= 3
    assert max(map(pieces, found)) <= WINDOW + 10


def test_a_file_name_in_place_of_a_title_counts_only_when_it_has_a_word() -> None:
    numbered = Document("/d/0001.txt", "d/0001.txt", "Words", "text/plain", "", title="0001.txt")
    named = Document(
        "/d/install-guide.txt", "d/install-guide.txt", "Words", "text/plain", "", title="install-guide.txt"
    )
    assert embedding_texts(numbered, Passage(0, 5, "section")) == ["Words"]
    assert embedding_texts(named, Passage(0, 5, "section")) == ["install-guide\nWords"]


def test_rows_far_down_in_a_long_table_have_no_text_and_are_counted() -> None:
    text = "\n".join(["a,b", *(f"{number},x" for number in range(2 * TABLES))])
    breaks = [place for place, letter in enumerate(text) if letter == "\n"]
    rows = [Passage(start + 1, end, "table") for start, end in pairwise([-1, *breaks, len(text)])]
    texts, phrase = texts_to_embed(document(text), rows)
    assert [bool(one) for one in texts] == [True] * TABLES + [False] * (len(rows) - TABLES)
    assert phrase.startswith(f"{len(rows) - TABLES} rows of tables")
    assert texts_to_embed(document(text), rows[:TABLES])[1] == ""
