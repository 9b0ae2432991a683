"""Edges and chains are computed by numpy alone: what a quoting install has."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.graphs.knowledge import pair_counts
from evidentia.graphs.knowledge.edges import edges
from evidentia.graphs.knowledge.facts import NAME, TERM
from evidentia.graphs.knowledge.graph import Adjacency
from evidentia.graphs.knowledge.pair_counts import count_pairs
from evidentia.graphs.knowledge.paths import chains
from evidentia.graphs.knowledge.spoken import Spoken

from .conftest import CALLS

SIZE = 6


def _counted(
    held: list[set[int]], passages: list[int], kinds: list[int]
) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Pair by pair: how many sentences hold both, and how many neighbouring ones one each."""
    together: dict[tuple[int, int], int] = {}
    beside: dict[tuple[int, int], int] = {}
    for entities in held:
        for pair in {(a, b) for a in entities for b in entities if a < b}:
            together[pair] = together.get(pair, 0) + 1
    for at in range(len(held) - 1):
        if passages[at] == passages[at + 1]:
            for a, b in ((a, b) for a in held[at] for b in held[at + 1] if a != b and NAME in (kinds[a], kinds[b])):
                beside[min(a, b), max(a, b)] = beside.get((min(a, b), max(a, b)), 0) + 1
    return together, beside


@given(
    st.lists(st.tuples(st.sets(st.integers(0, SIZE - 1)), st.integers(0, 2)), max_size=12),
    st.lists(st.sampled_from([NAME, TERM]), min_size=SIZE, max_size=SIZE),
    st.sampled_from([1, 7, 1 << 22]),
)
def test_every_pair_is_counted_once_for_each_sentence(found: Any, kinds: list[int], chunk: int):
    held, passages = [set(entities) for entities, _ in found], sorted(passage for _, passage in found)
    owners = [entity for entities in held for entity in entities]
    places = [at for at, entities in enumerate(held) for _ in entities]
    # The first of each sentence is its subject, too, and counts once all the same; passages are far from one another.
    rows = [
        (0, 10_000 * passage, 10_000 * passage + 1, min(entities, default=-1), passage)
        for entities, passage in zip(held, passages, strict=True)
    ]
    spoken = Spoken(
        np.asarray([(1, 1)]),
        [f"{at}" for at in range(SIZE)],
        np.asarray(kinds) == NAME,
        owners=np.asarray(owners, np.int64),
        places=np.asarray(places, np.int64),
        sentences=np.asarray(rows, np.int64).reshape(-1, 5),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pair_counts, "_CHUNK", chunk)
        arrays = edges(count_pairs(spoken), spoken, np.zeros((0, 5), np.int32))
    pairs = [*zip(*arrays["ends"].tolist(), strict=True)]
    assert pairs == sorted(set(pairs))
    together, beside = _counted(held, passages, kinds)
    for expected, name in ((together, "together"), (beside, "beside")):
        assert {pair: count for pair, count in zip(pairs, arrays[name].tolist(), strict=True) if count} == expected
    assert arrays["spread"].tolist() == [sum(entity in one for one in held) for entity in range(SIZE)]


def _graph(ends: list[tuple[int, int]], told: Sequence[tuple[int, int]] = ()) -> Any:
    """All names, each in one sentence, each edge within a sentence."""
    columns = np.asarray(sorted(ends), np.int32).T
    sources, targets = np.concatenate([columns, columns[::-1]], axis=1)
    order = np.lexsort((targets, sources))
    return SimpleNamespace(
        phrases=list(range(SIZE)),
        spread=np.ones(SIZE, np.int64),
        kinds=np.full(SIZE, NAME),
        head=np.arange(SIZE),
        together=np.ones(len(ends), np.int32),
        relations=np.asarray([(*pair, 0) for pair in told], np.int32).reshape(-1, 3),
        adjacency=Adjacency(np.searchsorted(sources[order], np.arange(SIZE + 1)), targets[order], order % len(ends)),
    )


def test_chains_are_distinct_and_the_shortest_comes_first():
    graph = _graph([(0, 1), (1, 5), (0, 2), (2, 3), (3, 5), (0, 5)])
    assert chains(graph, 0, 5, 3) == [(0, 5), (0, 1, 5), (0, 2, 3, 5)]
    assert chains(graph, 5, 0, 1) == [(5, 0)]


def test_what_nothing_joins_has_no_chain_unless_an_imported_index_tells_one():
    assert chains(_graph([(0, 1), (2, 3)]), 0, 3, 3) == []
    assert chains(_graph([(0, 1), (2, 3)], told=[(1, 2)]), 0, 3, 1) == [(0, 1, 2, 3)]


def test_the_knowledge_graph_works_where_scipy_is_not_installed(tmp_path: Path):
    calls = tmp_path / "calls"
    calls.mkdir()
    for name, text in CALLS.items():
        (calls / name).write_text(text)
    program = f"""
import sys
sys.modules["scipy"] = None
from evidentia import Library
from evidentia.retrieval.embedders.hash import HashEmbedder
with Library({str(tmp_path / "library")!r}, embedder=HashEmbedder()) as library:
    library.add({str(calls)!r})
    print(library.ask("How are LinkedIn and Yahoo related?").text)
    print(library.ask("What are the main themes of these calls?").text)
    print(len(library.knowledge.communities().all))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "LinkedIn hired Jeff Weiner." in ran.stdout
    assert int(ran.stdout.split()[-1]) > 0
