"""How documents are cut for reading: whole, or in windows that fit, always the same, losing nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.cfic.windows import pack, pieces, windows

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400).map(str.strip).filter(bool)


@given(texts, st.integers(8, 60))
def test_a_long_sentence_is_cut_without_losing_a_character_that_shows(text: str, limit: int):
    cut = list(pieces(text, 0, len(text), limit))
    assert "".join("".join(text[start:end].split()) for start, end in cut) == "".join(text.split())
    assert all(len(text[start:end].encode()) <= limit and text[start:end].strip() for start, end in cut)
    assert all(one[1] <= other[0] for one, other in pairwise(cut))


@given(st.lists(texts, min_size=1, max_size=12), st.integers(40, 300))
def test_windows_take_as_many_sentences_as_fit(sentences: list[str], limit: int):
    spans, text = [], ""
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += f"{sentence} "
    runs = list(pack(text, spans, limit))
    assert [span for run in runs for span in run] == spans
    for run, after in zip(runs, [*runs[1:], None], strict=True):
        size = len(text[run[0][0] : run[-1][1]].encode())
        assert size <= limit or len(run) == 1
        assert after is None or len(text[run[0][0] : after[0][1]].encode()) > limit


def test_a_document_that_fits_is_one_window_and_hits_share_it(open_library: Any):
    long = "\n\n".join(f"# Part {part}\n\n" + "A gull eats fish. " * 30 for part in range(3))
    library = open_library({"gulls.md": long})
    hits = library.search("Which gull eats fish?", 10)
    assert len(hits) > 1
    whole = windows(library.store, hits, "Which gull eats fish?", 4096)
    assert [window.text for window in whole] == [long.strip()]
    parts = windows(library.store, hits, "Which gull eats fish?", 700)
    assert len(parts) == 3
    assert all(len(window.text.encode()) <= 700 and window.text in long for window in parts)


def test_of_one_endless_sentence_that_part_is_read_which_shares_most_with_the_question(open_library: Any):
    text = "word " * 3000 + "the toll of Suez is high " + "word " * 3000
    library = open_library({"endless.txt": text})
    hits = library.search("How high is the toll of Suez?", 3)
    window = windows(library.store, hits[:1], "How high is the toll of Suez?", 2000)[0]
    assert "toll of Suez" in window.text
    assert len(window.text.encode()) <= 2000
