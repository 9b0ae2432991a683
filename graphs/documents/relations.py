"""What relates the documents of a library, each relation a sparse matrix: links, mentions of another's title, shared
names, the same section, folder or author, and changes made together.

A passage links or mentions a document; documents belong to groups (a folder, an author, a commit), which are nodes of
their own, so that a group of n documents costs n entries and not n².
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...corpus.array_file import Arrays, DerivedArrays
from ...corpus.catalog import document_rows, document_text
from ...corpus.passages import passage_rows
from ...corpus.sources import roots
from ...corpus.store import Store
from ..git.commits import commits
from ..pagerank import row_of, shares, transition
from ..phrases import graph as phrases
from .links import find_links

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = f"2.{phrases.VERSION}"
POINTING = ("link", "mention")
"""From a passage to documents."""
GROUPS = ("folder", "section", "author", "commit")
"""From a document to groups."""
RELATIONS = (*POINTING, *GROUPS, "entity")
"""``entity`` leads from a passage to a phrase that it shares with few others."""
MOST_SHARED = 12
MOST_NAMED = 3

_AUTHOR = re.compile(r"^author:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_FRONT = re.compile(r"---\n(.*?)\n---", re.DOTALL)


@dataclass(frozen=True)
class Relations:
    """``matrices[name]`` is a ``csr_array`` of ones; its rows are passages for ``link``, ``mention`` and ``entity``,
    else documents; its columns documents for ``link`` and ``mention``, else groups."""

    keys: NDArray[np.int64]
    """The passages' row ids, ascending."""
    owner: NDArray[np.int64]
    """Each passage's document, as a row number."""
    documents: list[str]
    """Their uris."""
    matrices: dict[str, Any]

    _walks: dict[frozenset[tuple[str, float]], Any] = field(default_factory=dict)

    @cached_property
    def part(self) -> Any:
        """``[passages, documents]``: which document a passage is part of."""
        return _matrix((range(len(self.owner)), self.owner), (len(self.owner), len(self.documents)))

    def row(self, key: int) -> int | None:
        """The row of a passage; ``None`` for one that came after the relations were read."""
        import numpy as np

        at = int(np.searchsorted(self.keys, key))
        return at if at < len(self.keys) and self.keys[at] == key else None

    def walk(self, weights: Mapping[str, float]) -> Any:
        """The walk of ``personalised_pagerank``: passages, documents, then groups and phrases. What a node spends on
        one relation is that relation's weight, shared among its edges."""
        import numpy as np
        from scipy import sparse

        key = frozenset(weights.items())
        if key not in self._walks:
            passages, documents = self.part.shape
            blocks, size = [(0, passages, self.part.tocoo())], passages + documents
            for name, matrix in self.matrices.items():
                row, column = (passages if name in GROUPS else 0), (passages if name in POINTING else size)
                blocks.append((row, column, (weights.get(name, 0.0) * shares(matrix)).tocoo()))
                size = max(size, column + matrix.shape[1])
            rows = np.concatenate([row + block.coords[0] for row, _, block in blocks])
            columns = np.concatenate([column + block.coords[1] for _, column, block in blocks])
            data = np.concatenate([block.data for *_, block in blocks])
            edges = sparse.csr_array((data, (rows, columns)), shape=(size, size))
            self._walks[key] = transition(edges + edges.T)
        return self._walks[key]

    def joining(self, one: int, other: int) -> list[str]:
        """The relations that join two passages or their documents directly, by name."""
        pair = (one, other), (int(self.owner[one]), int(self.owner[other]))
        if pair[1][0] == pair[1][1]:
            return ["one document"]
        return [name for name in RELATIONS if self._joins(name, *pair)]

    def _joins(self, name: str, passages: tuple[int, int], documents: tuple[int, int]) -> bool:
        matrix = self.matrices[name]
        if name in POINTING:
            return any(documents[1 - side] in row_of(matrix, passages[side]) for side in (0, 1))
        first, second = documents if name in GROUPS else passages
        return not set(row_of(matrix, first)).isdisjoint(row_of(matrix, second))

    def between_documents(self, name: str) -> Any:
        """``[documents, documents]`` of ones, symmetric: which documents a relation joins. Large where groups are."""
        from scipy import sparse

        matrix = self.matrices[name]
        across = matrix if name in GROUPS else self.part.T @ matrix
        joined = across if name in POINTING else across @ across.T
        joined = sparse.coo_array(joined + joined.T)
        apart = joined.coords[0] != joined.coords[1]
        return _matrix((joined.coords[0][apart], joined.coords[1][apart]), joined.shape)


def relations(store: Store) -> Relations:
    """Those of the store's present revision, made first where they are not. Raises ``StorageError`` when the disk is
    full."""
    return DerivedArrays("structure", VERSION, build, load).current(store)


def build(store: Store) -> Arrays:
    import numpy as np

    documents = sorted(document_rows(store))
    rows = [(row.key, row.uri, row.title, document_text(store, row.key)) for row in documents]
    passages = [(row.key, row.document, row.start) for row in sorted(passage_rows(store))]
    number = {key: at for at, (key, *_) in enumerate(rows)}
    owner = np.asarray([number[document] for _, document, _ in passages], np.int64)
    uris = [uri for _, uri, *_ in rows]
    groups: dict[str, Sequence[tuple[int, Hashable]]] = {
        "folder": [(at, posixpath.dirname(uri)) for at, uri in enumerate(uris)],
        "section": _sections(store, uris),
        **_history(store, uris, rows),
    }
    arrays: dict[str, Any] = {
        "keys": np.asarray([key for key, *_ in passages], np.int64),
        "owner": owner,
        "documents": np.frombuffer("\0".join(uris).encode(), np.uint8),
        "link": _pairs(_links(rows, passages)),
        **{name: _pairs(_number_groups(_telling(found, len(uris)))) for name, found in groups.items()},
    }
    graph = phrases.phrase_graph(store)
    arrays["mention"], arrays["entity"] = _mentions(graph, owner, len(rows)), _entities(graph)
    return arrays


def load(arrays: Arrays) -> Relations:
    text = arrays["documents"].tobytes().decode()
    documents = text.split("\0") if text else []
    passages = len(arrays["keys"])
    matrices = {}
    for name in RELATIONS:
        pairs = arrays[name]
        columns = len(documents) if name in POINTING else int(pairs[1].max(initial=-1)) + 1
        matrices[name] = _matrix(pairs, (len(documents) if name in GROUPS else passages, columns))
    return Relations(arrays["keys"], arrays["owner"], documents, matrices)


def _matrix(pairs: Any, shape: tuple[int, int]) -> Any:
    import numpy as np
    from scipy import sparse

    found = sparse.csr_array((np.ones(len(pairs[0])), (pairs[0], pairs[1])), shape=shape)
    found.data[:] = 1.0  # what was there twice counts once
    return found


def _pairs(pairs: Iterator[tuple[int, int]]) -> NDArray[np.int64]:
    import numpy as np

    return np.asarray(sorted(set(pairs)), np.int64).reshape(-1, 2).T


def _telling(pairs: Sequence[tuple[int, Hashable]], documents: int) -> list[tuple[int, Hashable]]:
    """Without a group that every document belongs to: it brings none nearer."""
    sizes = Counter(group for _, group in set(pairs))
    return [(at, group) for at, group in pairs if sizes[group] < documents]


def _number_groups(pairs: Sequence[tuple[int, Hashable]]) -> Iterator[tuple[int, int]]:
    numbers: dict[Hashable, int] = {}
    return ((at, numbers.setdefault(group, len(numbers))) for at, group in pairs)


def _links(
    rows: Sequence[tuple[int, str, str, str]], passages: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, int]]:
    known = {uri: at for at, (_, uri, *_) in enumerate(rows)}
    starts: dict[int, list[tuple[int, int]]] = {}
    for at, (_, document, start) in enumerate(passages):
        starts.setdefault(document, []).append((start, at))
    for key, uri, _, text in rows:
        own = sorted(starts.get(key, ()))
        for offset, target in find_links(text, uri, known):
            index = bisect_right(own, offset, key=lambda entry: entry[0]) - 1
            if index >= 0:
                yield own[index][1], known[target]


def _sections(store: Store, uris: Sequence[str]) -> list[tuple[int, Hashable]]:
    """The first folder below an added one."""
    added = roots(store)
    found: list[tuple[int, Hashable]] = []
    for at, uri in enumerate(uris):
        root = next((root for root in added if uri.startswith(f"{root}/")), None)
        below = uri[len(root) + 1 :].split("/") if root else []
        if len(below) > 1:
            found.append((at, (root, below[0])))
    return found


def _history(
    store: Store, uris: Sequence[str], rows: Sequence[tuple[int, str, str, str]]
) -> dict[str, list[tuple[int, Hashable]]]:
    number = {uri: at for at, uri in enumerate(uris)}
    authors: list[tuple[int, Hashable]] = []
    together: list[tuple[int, Hashable]] = []
    for root in roots(store):
        for index, commit in enumerate(commits(Path(root))):
            inside = [number[path] for path in commit.paths if path in number]
            authors += [(at, commit.author) for at in inside]
            together += [(at, (root, index)) for at in inside if len(inside) > 1]
    for at, (*_, text) in enumerate(rows):
        front = _FRONT.match(text)
        written = _AUTHOR.search(front[1]) if front else None
        authors += [(at, written[1])] if written else []
    return {"author": authors, "commit": together}


def _mentions(graph: phrases.PhraseGraph, owner: NDArray[np.int64], documents: int) -> NDArray[np.int64]:
    """Passage → document with a passage that a phrase of the former names, when the phrase names few."""
    import numpy as np

    names = _only(graph.names, graph.names.sum(axis=0) <= MOST_NAMED)
    found = (graph.mentioned @ names.T).tocoo()
    target = owner[found.coords[1]]
    other = owner[found.coords[0]] != target
    return np.unique(np.stack([found.coords[0][other], target[other]]).astype(np.int64), axis=1)


def _entities(graph: phrases.PhraseGraph) -> NDArray[np.int64]:
    import numpy as np

    spread = graph.mentioned.sum(axis=0)
    found = _only(graph.mentioned, (spread > 1) & (spread <= MOST_SHARED)).tocoo()
    _, columns = np.unique(found.coords[1], return_inverse=True)
    return np.stack([found.coords[0], columns]).astype(np.int64)


def _only(matrix: Any, columns: NDArray[np.bool_]) -> Any:
    from scipy import sparse

    kept = sparse.csr_array(matrix @ sparse.diags_array(columns.astype(float)))
    kept.eliminate_zeros()
    return kept
