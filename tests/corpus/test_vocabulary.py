from __future__ import annotations

from pathlib import Path

import pytest

from evidentia.corpus import catalog, schema, sources
from evidentia.corpus.document import Document, Passage
from evidentia.corpus.store import Store
from evidentia.corpus.vocabulary import compounds, corrections
from evidentia.corpus.words import stems


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / "library", create=True)
    schema.open_catalog(opened)
    texts = (
        "Die Deichhöhe und die Kapazitätsgrenze stehen nicht im Plan. Der Deich und der Tunnel sind alt.",
        "The committee bought the lantern and the lanterns for the harbour plan.",
    )
    with opened.transaction():
        source = sources.source_id(opened, Path("/docs"))
        for text in texts:
            document = Document(f"/docs/{text}", "a.txt", text, "text/plain", text)
            catalog.put_document(opened, source, document, 1, 1, [Passage(0, len(text), "section")])
    return opened


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("comittee", "committee"),
        ("lantren", "lantern"),
        ("harbor", "harbour"),
        ("lantarn", "lantern"),
        ("xylophone", ""),
    ],
)
def test_a_misspelt_word_is_one_of_the_library_s_own(store: Store, written: str, held: str):
    found = corrections(store, written)
    assert (found[0].word if found else "") == held


def test_an_error_of_the_hand_comes_before_another_letter(store: Store):
    assert corrections(store, "lantrn")[0].slip
    assert not corrections(store, "lantarn")[0].slip


def test_a_compound_is_found_by_its_part_and_by_its_two_parts(store: Store):
    assert set(stems("Kapazitätsgrenze", "de")) <= set(compounds(store, stems("Grenze", "de")))
    assert set(stems("Deich Tunnel", "de")) <= set(compounds(store, ["deichstunnel"]))
