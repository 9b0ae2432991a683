"""Replies that stand in given texts: one verbatim stretch, one of given sentences, or whatever an index can follow.

A guide here walks a state through ``Texts``, which may be an index of any size, and never looks inside. Knows nothing
of retrieval: the layers above hand their indexes in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ...errors import InputError
from .grammar import LONGEST_FORCED, Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

S = TypeVar("S")


class Texts(Protocol[S]):
    """What may be written, token by token. States are never changed."""

    def start(self) -> S: ...

    def following(self, state: S) -> Collection[int]:
        """The distinct tokens that go on from here."""
        ...

    def after(self, state: S, token: int) -> S:
        """``token`` is one of ``following``."""
        ...

    def may_end(self, state: S) -> bool: ...


@dataclass(frozen=True, slots=True)
class Within(Generic[S]):
    """A ``Constraint``: the reply is one of ``texts``."""

    vocabulary: Vocabulary
    texts: Texts[S]

    def start(self, room: int | None = None) -> TextGuide[S]:
        return TextGuide(self.vocabulary, self.texts)


@dataclass(slots=True)
class TextGuide(Generic[S]):
    """A ``Guide``: the states of one reply, and what goes on from the last."""

    vocabulary: Vocabulary
    texts: Texts[S]
    _states: list[tuple[S, frozenset[int], bool]] = field(default_factory=list)
    """Each with the tokens that follow, and whether the reply may end there."""
    _past: int = 0
    """End tokens that were written."""

    def __post_init__(self) -> None:
        self._states = [self._with_following(self.texts.start())]

    @property
    def at_end(self) -> bool:
        return bool(self._past) or not self._states[-1][1]

    def mask(self) -> NDArray[np.bool_]:
        import numpy as np

        _, following, ends = self._states[-1]
        found = np.zeros(self.vocabulary.size, np.bool_)
        if not self._past:
            found[list(following)] = True
        if ends or self.at_end:
            found[list(self.vocabulary.ends)] = True
        return found

    def allows(self, token: int) -> bool:
        _, following, ends = self._states[-1]
        if token in self.vocabulary.ends:
            return ends or self.at_end
        return token in following and not self._past

    def advance(self, token: int) -> None:
        if not self.allows(token):
            raise InputError(f"token {token} is not allowed here", fix="choose one that the mask allows")
        if token in self.vocabulary.ends:
            self._past += 1
        else:
            self._states.append(self._with_following(self.texts.after(self._states[-1][0], token)))

    def back(self, count: int) -> None:
        written = len(self._states) - 1 + self._past
        if not 0 <= count <= written:
            raise InputError(f"{count} tokens cannot be taken back", where=f"a reply of {written} tokens")
        rest = max(0, count - self._past)
        self._past = max(0, self._past - count)
        del self._states[len(self._states) - rest :]

    def forced_tokens(self) -> list[int]:
        found: list[int] = []
        state, following, ends = self._states[-1]
        while len(following) == 1 and not ends and not self._past and len(found) < LONGEST_FORCED:
            found += following
            state, following, ends = self._with_following(self.texts.after(state, found[-1]))
        return found

    def _with_following(self, state: S) -> tuple[S, frozenset[int], bool]:
        left = frozenset(self.texts.following(state)) - frozenset(self.vocabulary.ends)
        return state, left, self.texts.may_end(state)


class Stretches:
    """``Texts``: every stretch of at least ``least`` tokens of given token sequences."""

    def __init__(self, runs: Iterable[Sequence[int]], least: int = 1) -> None:
        import numpy as np

        parts = [np.asarray([*run, -1], np.int64) for run in runs if len(run)]
        if not parts:
            raise InputError("there is nothing to quote from", fix="give at least one text")
        self._tokens, self._least = np.concatenate(parts), least
        self._first = frozenset(np.unique(self._tokens).tolist()) - {-1}

    def start(self) -> tuple[int, Any]:
        return 0, None

    def following(self, state: tuple[int, Any]) -> Collection[int]:
        import numpy as np

        length, places = state
        return self._first if not length else frozenset(np.unique(self._tokens[places]).tolist()) - {-1}

    def after(self, state: tuple[int, Any], token: int) -> tuple[int, Any]:
        """How many tokens, and every place of what may follow them."""
        import numpy as np

        length, places = state
        if not length:
            return 1, np.flatnonzero(self._tokens == token) + 1
        return length + 1, places[self._tokens[places] == token] + 1

    def may_end(self, state: tuple[int, Any]) -> bool:
        return state[0] >= self._least


@dataclass(slots=True)
class _Node:
    ends: bool = False
    next: dict[int, _Node] = field(default_factory=dict)


class Sentences:
    """``Texts``: whole token sequences, in a trie."""

    def __init__(self, sequences: Iterable[Sequence[int]]) -> None:
        self._root = _Node()
        for sequence in sequences:
            node = self._root
            for token in sequence:
                node = node.next.setdefault(token, _Node())
            node.ends = node is not self._root
        if not self._root.next:
            raise InputError("there is no sentence to choose from", fix="give at least one that is not empty")

    def start(self) -> _Node:
        return self._root

    def following(self, state: _Node) -> Collection[int]:
        return state.next.keys()

    def after(self, state: _Node, token: int) -> _Node:
        return state.next[token]

    def may_end(self, state: _Node) -> bool:
        return state.ends


def quote(vocabulary: Vocabulary, runs: Iterable[Sequence[int]]) -> Within[tuple[int, Any]]:
    """The reply is one stretch of one of ``runs`` (texts as tokens), token for token. Raises ``InputError``."""
    return Within(vocabulary, Stretches(_ids(vocabulary, runs)))


def sentence(vocabulary: Vocabulary, sequences: Iterable[Sequence[int]]) -> Within[_Node]:
    """The reply is one of ``sequences`` (sentences as tokens), whole. Raises ``InputError``."""
    return Within(vocabulary, Sentences(_ids(vocabulary, sequences)))


def _ids(vocabulary: Vocabulary, runs: Iterable[Sequence[int]]) -> list[Sequence[int]]:
    found = list(runs)
    if any(not 0 <= token < vocabulary.size for run in found for token in run):
        raise InputError("a token is not in the model's vocabulary", fix="encode the texts with the model's tokenizer")
    return found
