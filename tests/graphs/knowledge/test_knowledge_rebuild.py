"""After any history of edits the knowledge graph equals one made afresh."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

SENTENCES = (
    "Anna Berg met Otto Lind in Oslo.",
    "Otto Lind is a painter.",
    "Otto Lind, the painter, left Oslo.",
    "The old harbour of Oslo burned.",
    "The old harbour was rebuilt by Nordic Steel Inc.",
    "Nordic Steel sold the harbours.",
    "Gross domestic product (GDP) grew.",
    "GDP fell in Oslo on 3 May 1912.",
    "I'll go.",
    "",
    "Anna Berg was born in Oslo.",
    "She laughed, and she left the old harbour.",
    "Then Berg laughed.",
    "Berg slept in Oslo.",
    "Karl Berg was born in Lund.",
    "He sold Nordic Steel.",
    "Then Anna laughed.",
    "They sell rope, tar and canvas.",
    "The rope of the harbour burned.",
    "rope burned.",
    "Rope burned.",
    "Oslo burned.",
)
DOCUMENTS = ("a.md", "b.md", "c.md", "d.md", "e.md")
_text = st.builds(
    lambda heading, lines: (f"# {heading}\n\n" if heading else "") + " ".join(lines) + "\n",
    st.sampled_from(("", "Otto Lind", "Harbour", "Harbours", "2. The old harbour\n\n## Notes", "Notes\n\n## Steel")),
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=7),
)
_edit = st.tuples(st.sampled_from(DOCUMENTS), st.one_of(st.none(), _text))


@settings(max_examples=25, deadline=None)
@given(history=st.lists(_edit, min_size=1, max_size=9), looks=st.sets(st.integers(0, 8)))
def test_after_any_edits_the_graph_equals_one_made_afresh(new_shelf: Any, history: Any, looks: set[int]):
    with tempfile.TemporaryDirectory() as folder:
        edited, now = new_shelf(Path(folder, "edited")), {}
        for at, (name, text) in enumerate(history):
            if text is not None:
                edited.put(name, text)
                now[name] = text
            elif name in now:
                edited.drop(name)
                del now[name]
            if at in looks:
                edited.told()
        fresh = new_shelf(Path(folder, "fresh"))
        for name in sorted(now, reverse=True):
            fresh.put(name, now[name])
        try:
            assert edited.told() == fresh.told()
        finally:
            edited.store.close()
            fresh.store.close()


def test_an_edit_counts_the_sentences_alone_that_speak_of_others(shelf: Any, monkeypatch: Any):
    from evidentia.graphs.knowledge import pair_counts

    counted: list[int] = []
    whole = pair_counts.count_pairs
    for at in range(20):
        shelf.put(f"more{at}.md", f"# Page {at}\n\nThe old harbour of Oslo burned.\n")
    shelf.graph.graph()
    shelf.put("more3.md", "# Page 3\n\nAzure grew in Oslo.\n")

    def count(spoken: Any) -> Any:
        counted.append(len(spoken.sentences))
        return whole(spoken)

    monkeypatch.setattr(pair_counts, "count_pairs", count)
    graph = shelf.graph.graph()
    assert graph.link(graph.find("Azure"), graph.find("Oslo")).together == 1
    # Those that the page had, and those that it has, each with its heading.
    assert counted == [2, 2]


def test_the_graph_goes_on_from_its_file_in_another_process(new_shelf: Any, tmp_path: Path):
    first = new_shelf(tmp_path / "library")
    for at in range(4):
        first.put(f"{at}.md", f"# Page {at}\n\nAnna Berg met Otto Lind in Oslo.\n")
    first.graph.graph()
    first.store.close()
    again = new_shelf(tmp_path / "library")
    again.put("9.md", "Anna Berg was born in Lund.\n")
    fresh = new_shelf(tmp_path / "fresh")
    fresh.put("9.md", "Anna Berg was born in Lund.\n")
    for at in range(4):
        fresh.put(f"{at}.md", f"# Page {at}\n\nAnna Berg met Otto Lind in Oslo.\n")
    assert again.told() == fresh.told()
