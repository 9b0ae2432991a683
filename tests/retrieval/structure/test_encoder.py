"""The graph encoder: it learns which documents are joined, and brings a page nearer to what its neighbours say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.structure.encoder import EncoderPlan, RelationalRetriever, variants

torch = pytest.importorskip("torch")
pytest.importorskip("scipy")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Pairs of pages of which one links to the other, with no word in common."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for at in range(12):
        (pages / f"pump{at}.md").write_text(f"# Pump {at}\n\nThe pump{at} needs oil{at}. See [more](valve{at}.md).\n")
        (pages / f"valve{at}.md").write_text(f"# Valve {at}\n\nBrass{at} rings close tightly{at} when cold{at}.\n")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as opened:
        opened.add(pages)
        yield opened


@pytest.mark.parametrize("name", sorted(variants()))
def test_a_page_comes_nearer_to_what_its_neighbours_are_joined_with(name: str):
    """Groups whose pages share no word: the text of one is to find another that it is not joined with itself."""
    from evidentia.retrieval.structure.message_passing import LAYERS, TypedGraph, encode, train

    torch.manual_seed(0)
    size, group = 60, 10
    texts = torch.nn.functional.normalize(torch.randn(size, 32), dim=1)
    pairs = [(a, b) for a in range(size) for b in range(size) if a != b and a // group == b // group]
    joined = {pair for pair in pairs if (pair[0] + pair[1]) % 2}
    graph = TypedGraph(size, [torch.tensor(sorted(joined)).T])
    apart = [pair for pair in pairs if pair not in joined]
    plan = variants()[name]
    layers = [LAYERS[plan.layer](32, 1) for _ in range(2)]

    def lead() -> float:
        scores = texts @ encode(layers, texts, graph).T
        own = torch.stack([scores[a, b] for a, b in apart]).mean()
        return float(own - scores.mean())

    before = lead()
    train(layers, texts, graph, epochs=30, layerwise=plan.layerwise)
    assert lead() > before


def test_a_search_gives_each_passage_once_and_the_page_that_has_the_words_first(library: Library):
    found = RelationalRetriever(library.store, library.embedder, plan=EncoderPlan(epochs=5)).search("pump3 oil3", 24)
    assert found[0].name == "pages/pump3.md"
    assert len({hit.key for hit in found}) == len(found) == 24


def test_training_is_the_same_each_time(library: Library):
    from evidentia.retrieval.structure.encoder import build

    one, other = (build(library.store, EncoderPlan(epochs=5)) for _ in range(2))
    assert (one["vectors"] == other["vectors"]).all()


@pytest.mark.parametrize("layer", ["gcn", "scan"])
def test_an_untrained_layer_keeps_most_of_the_text_and_a_graph_without_edges_all_of_it(layer: str):
    from evidentia.retrieval.structure.message_passing import LAYERS, TypedGraph, encode

    texts = torch.nn.functional.normalize(torch.randn(4, 16, generator=torch.Generator().manual_seed(1)), dim=1)
    alone = encode([LAYERS[layer](16, 1)], texts, TypedGraph(4, [torch.zeros(2, 0, dtype=torch.long)]))
    assert torch.allclose(alone, texts, atol=1e-6)
    joined = encode([LAYERS[layer](16, 1)], texts, TypedGraph(4, [torch.tensor([[0, 1], [1, 0]])]))
    assert ((joined * texts).sum(1) > 0.9).all()


def test_an_empty_library_gives_nothing(tmp_path: Path):
    with Library(tmp_path / "empty", embedder=HashEmbedder()) as empty:
        assert empty.search("anything", 5, "relational") == []
