from __future__ import annotations

import numpy as np
import pytest

from evidentia import Library
from evidentia.graphs.documents.relations import relations
from evidentia.graphs.pagerank import personalised_pagerank
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.structure.retriever import RelationWeights, StructureRetriever

PAGES = {
    "guide/pumps.md": "# Pumps\n\nA pump moves water. How it is mended is told [here](../care/seals.md).\n",
    "care/seals.md": "# Worn seals\n\nReplace every ring and grease the shaft.\n",
    "care/tools.md": "---\nauthor: Ann Lee\n---\n# Spanners\n\nKeep them dry.\n",
    "other/bread.md": "---\nauthor: Ann Lee\n---\n# Bread\n\nFlour, yeast and salt; see Worn seals.\n",
    "other/tea.md": "# Tea\n\nLeaves and hot liquid.\n",
}


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library", embedder=HashEmbedder()) as opened:
        yield opened


@pytest.fixture
def filled(library, tmp_path):
    for name, text in PAGES.items():
        path = tmp_path / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    library.add(tmp_path / "pages")
    return library


def _joined(library, relation):
    """Pairs of files that one relation joins."""
    found = relations(library.store)
    names = [uri.rsplit("/", 1)[-1] for uri in found.documents]
    matrix = found.between_documents(relation).tocoo()
    return {tuple(sorted((names[a], names[b]))) for a, b in zip(*matrix.coords, strict=True)}


def test_each_relation_joins_the_documents_that_it_should(filled):
    assert _joined(filled, "link") == {("pumps.md", "seals.md")}
    assert _joined(filled, "mention") == {("bread.md", "seals.md")}
    assert _joined(filled, "folder") == {("seals.md", "tools.md"), ("bread.md", "tea.md")}
    assert _joined(filled, "section") == _joined(filled, "folder")
    assert _joined(filled, "author") == {("bread.md", "tools.md")}
    assert _joined(filled, "commit") == set()


def test_a_group_that_every_document_belongs_to_relates_none(library, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(f"---\nauthor: Ann Lee\n---\n# {name}\n\nText of {name}.\n")
        library.add(tmp_path / f"{name}.md")
    assert _joined(library, "author") == _joined(library, "folder") == set()


def test_what_the_best_passage_links_to_comes_before_what_is_unrelated(filled):
    question = "how does a pump move water"
    order = [hit.name.rsplit("/", 1)[-1] for hit in filled.search(question, 20, "structure")]
    assert order[0] == "pumps.md"
    assert order.index("seals.md") < order.index("tools.md")


def test_the_reason_names_the_relation(filled):
    start = RelationWeights(seeds=1)
    hits = StructureRetriever(filled.store, filled.embedder, weights=start).search("how does a pump move water", 5)
    why = next(hit.why for hit in hits if hit.name.endswith("seals.md"))
    assert "link with pages/guide/pumps.md" in why


def test_a_relation_without_weight_carries_nothing(filled):
    found = relations(filled.store)
    pumps = next(at for at, key in enumerate(found.owner) if found.documents[key].endswith("pumps.md"))
    seals = next(at for at, key in enumerate(found.owner) if found.documents[key].endswith("seals.md"))

    def reached(weights):
        walk = found.walk(weights)
        reset = np.zeros(walk.shape[0])
        reset[pumps] = 1
        return personalised_pagerank(walk, reset)[seals]

    assert reached({"link": 1.0}) > 0
    assert reached({}) == 0


def test_an_empty_library_has_nothing(library):
    assert library.search("anything", 5, "structure") == []


def test_one_document_without_any_relation_is_found(library, tmp_path):
    (tmp_path / "a.txt").write_text("nothing here has a name\n")
    library.add(tmp_path / "a.txt")
    assert len(library.search("what has a name here", 5, "structure")) == 1


def test_structure_adds_to_dense_search_and_drops_nothing(filled):
    dense = {hit.key for hit in filled.search("tea", 10, "dense")}
    assert dense <= {hit.key for hit in filled.search("tea", 10, "structure")}
