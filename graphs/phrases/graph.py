"""The graph of a library: passages, the phrases that they mention, and the phrases that name them.

A passage is named by the title of its document where that begins, and by the last of its own headings. Edges lead
between passages and phrases, between phrases that are likely to mean the same, and between two of which a language
model told something, where there is one. Everything is a sparse matrix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ...corpus.array_file import Arrays, DerivedArrays
from ...corpus.catalog import document_row, text_or_none
from ...corpus.passages import passage_rows
from ...corpus.phrases.names import MOST_WORDS, Mention, Titles, Word, find, mentions, text_words, title_forms
from ...corpus.store import Store
from ..pagerank import row_of, transition
from .synonyms import synonyms
from .told import NOTHING_TOLD, ToldNames

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "3"
"""Changes with the rules by which phrases are found, so that older files are made anew."""
NAMED = 10.0
"""Weight of the edge between a passage and the phrase that names it; a mention weighs 1."""
SYNONYM = 1.0


@dataclass(frozen=True)
class PhraseGraph:
    """``mentioned`` and ``names`` are ``csr_array`` ``[passages, phrases]`` of ones, ``same`` and ``told`` ``[phrases,
    phrases]``, symmetric."""

    keys: NDArray[np.int64]
    """The passages' row ids, ascending."""
    phrases: list[str]
    mentioned: Any
    names: Any
    same: Any
    told: Any
    _walks: dict[tuple[float, float], Any] = field(default_factory=dict)

    @cached_property
    def number(self) -> dict[str, int]:
        return {phrase: number for number, phrase in enumerate(self.phrases)}

    @cached_property
    def titles(self) -> Titles:
        return Titles({self.phrases[phrase]: None for phrase in set(self.names.indices.tolist())})

    @cached_property
    def spread(self) -> NDArray[np.int64]:
        """How many passages mention each phrase or are named by it, at least 1."""
        import numpy as np

        found: NDArray[np.int64] = np.maximum(1, ((self.mentioned + self.names) > 0).sum(axis=0))
        return found

    def find(self, words: Sequence[Word]) -> list[Mention]:
        """The phrases that a question names; one without any capital is read regardless of case."""
        capitals = any(word.upper for word in words[1:])
        return list(find(words, self.number, lambda word: MOST_WORDS, any_case=not capitals))

    def row(self, key: int) -> int | None:
        """The row of a passage; ``None`` for one that came after the graph was made."""
        import numpy as np

        at = int(np.searchsorted(self.keys, key))
        return at if at < len(self.keys) and self.keys[at] == key else None

    def passages_named(self, phrase: int, most: int) -> list[int]:
        """Rows of the passages that a phrase names; none when there are more than ``most``."""
        found = row_of(self._names_matrix, phrase)
        return found if len(found) <= most else []

    def naming(self, row: int) -> list[int]:
        return row_of(self.names, row)

    def phrases_at(self, row: int) -> set[int]:
        return {*row_of(self.names, row), *row_of(self.mentioned, row)}

    @cached_property
    def _names_matrix(self) -> Any:
        return self.names.T.tocsr()

    def walk(self, named: float = NAMED, synonym: float = SYNONYM) -> Any:
        """The walk of ``pagerank.personalised_pagerank``: passages first, then phrases."""
        from scipy import sparse

        if (named, synonym) not in self._walks:
            across = self.mentioned + named * self.names
            edges = sparse.block_array([[None, across], [across.T, synonym * self.same + self.told]], format="csr")
            self._walks[named, synonym] = transition(edges)
        return self._walks[named, synonym]


def build(store: Store, told: ToldNames = NOTHING_TOLD) -> Arrays:
    """Reads every passage twice: the titles must be known before text is searched for them. Linear in the text. What is
    ``told`` counts where a passage has its words."""
    import numpy as np

    keys = np.asarray(sorted(key for key, *_ in _passages(store)), np.int64)
    row = {key: at for at, key in enumerate(keys.tolist())}
    names, mentioned = _Pairs(), _Pairs()
    numbers: dict[str, int] = {}
    for key, given, _ in _passages(store):
        forms = dict.fromkeys(form for name in given for form in title_forms(name))
        names.add(row[key], (numbers.setdefault(form, len(numbers)) for form in forms))
    titles = Titles(dict.fromkeys(numbers))
    joined: dict[tuple[int, int], None] = {}
    for key, _, text in _passages(store):
        words = text_words(text)
        read = told.found_in(words)
        found = dict.fromkeys((*(mention.phrase for mention in mentions(text, words, titles)), *read))
        mentioned.add(row[key], (numbers.setdefault(phrase, len(numbers)) for phrase in found))
        joined |= dict.fromkeys((numbers[one], numbers[other]) for one, other in told.pairs_among(read))
    return {
        "keys": keys,
        "phrases": np.frombuffer("\n".join(numbers).encode(), np.uint8),
        "names": names.array,
        "mentioned": mentioned.array,
        "same": synonyms(list(numbers)),
        "told": np.asarray(list(joined), np.int64).reshape(-1, 2).T,
    }


def load(arrays: Arrays) -> PhraseGraph:
    text = arrays["phrases"].tobytes().decode()
    phrases = text.split("\n") if text else []
    shape = len(arrays["keys"]), len(phrases)
    same, told = (_ones(arrays[kind], (shape[1], shape[1])) for kind in ("same", "told"))
    mentioned, names = _ones(arrays["mentioned"], shape), _ones(arrays["names"], shape)
    return PhraseGraph(arrays["keys"], phrases, mentioned, names, same=same + same.T, told=told + told.T)


def phrase_graph(store: Store) -> PhraseGraph:
    """The graph of the store's present revision, made first where there is none. Raises ``StorageError`` when the disk
    is full."""
    return DerivedArrays("multihop", VERSION, build, load).current(store)


def _passages(store: Store) -> Iterator[tuple[int, list[str], str]]:
    """``(key, names, text)`` of each passage, document by document."""
    for key, passages in groupby(passage_rows(store), key=attrgetter("document")):
        document, text = document_row(store, key), text_or_none(store, key)
        if document is None or text is None:
            continue
        for place, row in enumerate(passages):
            names = [row.heading.rsplit(" > ", 1)[-1], *([] if place else [document.title])]
            yield row.key, names, text[row.start : row.end]


class _Pairs:
    def __init__(self) -> None:
        self._rows: list[int] = []
        self._columns: list[int] = []

    def add(self, row: int, columns: Iterable[int]) -> None:
        before = len(self._columns)
        self._columns.extend(columns)
        self._rows.extend([row] * (len(self._columns) - before))

    @property
    def array(self) -> NDArray[np.int64]:
        import numpy as np

        return np.asarray([self._rows, self._columns], np.int64).reshape(2, -1)


def _ones(pairs: NDArray[np.int64], shape: tuple[int, int]) -> Any:
    import numpy as np
    from scipy import sparse

    return sparse.csr_array((np.ones(pairs.shape[1]), (pairs[0], pairs[1])), shape=shape)
