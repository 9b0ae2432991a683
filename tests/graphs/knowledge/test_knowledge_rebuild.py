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
)
DOCUMENTS = ("a.md", "b.md", "c.md")
_text = st.builds(
    lambda heading, lines: (f"# {heading}\n\n" if heading else "") + " ".join(lines) + "\n",
    st.sampled_from(("", "Otto Lind", "Harbour", "Harbours", "2. The old harbour\n\n## Notes", "Notes\n\n## Steel")),
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6),
)
_edit = st.tuples(st.sampled_from(DOCUMENTS), st.one_of(st.none(), _text))


@settings(max_examples=25, deadline=None)
@given(history=st.lists(_edit, min_size=1, max_size=7), looks=st.sets(st.integers(0, 6)))
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
