"""A guide of JSON that also does what a grammar cannot: items that differ, and a reply that ends validly in time.

The grammar engine says what may follow; this takes from it what would repeat an item of an array whose items must
differ, and, when the tokens that the reply may take run out, everything but the shortest way to its end that was found.
A text or number gets its share of what is left, so that one that never ends does not starve what must follow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import InputError
from .grammar import LONGEST_FORCED, GrammarConstraint, Matching, Vocabulary, grammar
from .json_place import Arrays, JsonFrame, JsonPlace, after

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CLOSING = ("}", "]", ",", ":", '"', "0", "1", "n", "f", "t", "[", "{")
"""What leads to an end soonest, outside of texts; inside, a quotation mark does."""
_LONGEST_WAY = 256
"""Tokens of a way to the end that is looked for."""
_TRIES = 256
"""Places at which it is looked for that an item differs, before it is believed."""
_WIDEST = 64
"""Tokens that are tried at one place."""
_MARGIN = 8
"""Tokens kept ready beyond the way to the end: one token may make it longer by some."""
_AMPLE = 4
"""How many times a longer way to the end must be left, so that a value may take half of it whatever must follow."""
_SHORT = 64
"""Tokens of a way to the end that is looked for whenever a value begins."""
_LEAST = 16
"""Tokens that a value may always take."""


@dataclass(frozen=True, slots=True)
class Json:
    """A ``Constraint``: JSON that a grammar derives, with items that differ in ``arrays``."""

    grammar: GrammarConstraint
    arrays: Arrays = frozenset()
    needed: tuple[str, ...] = ()
    """Names that some object must have, where they may come in any order: a way to the end writes them first."""

    @property
    def vocabulary(self) -> Vocabulary:
        return self.grammar.vocabulary

    def start(self, room: int | None = None) -> Matching | JsonGuide:
        inner = self.grammar.start()
        return JsonGuide(inner, self.vocabulary, self.arrays, room, self.needed) if self.arrays or room else inner


class _Mode(NamedTuple):
    """How far the reply is from its end, behind each token."""

    way: tuple[int, ...] | None = None
    """Tokens that must follow now; empty when the reply must end."""
    whole: bool = False
    """Whether ``way`` leads to the end of the reply, or only of the value."""
    look: int = 0
    """The length at which the way to the end is looked for again."""
    need: int = 0
    """Tokens of the way that was found last."""
    most: int = 0
    """The length at which the value that is being written must end; 0 for no bound."""


class JsonGuide:
    """A ``Guide``."""

    def __init__(
        self, inner: Matching, vocabulary: Vocabulary, arrays: Arrays, room: int | None, needed: tuple[str, ...] = ()
    ) -> None:
        """``room``: the tokens that the reply may take, its end not among them. ``needed``: see ``Json``."""
        self._needed = [json.dumps(name, ensure_ascii=False).encode() for name in needed]
        self._inner, self._vocabulary, self._arrays, self._room = inner, vocabulary, arrays, room
        self._text = bytearray()
        self._places: list[tuple[JsonPlace, int]] = [(JsonPlace(), 0)]
        """Behind each token, with the bytes so far."""
        self._ended = 0
        self._reserve = 0
        first = None if room is None else self._way()
        self._reserve = _MARGIN + min(len(first or ()), (room or 0) // 8)
        self._modes = [_Mode() if room is None else self._plan(first)]

    @property
    def at_end(self) -> bool:
        return self._ended > 0 or self._inner.at_end or self._modes[-1].way == ()

    def mask(self) -> NDArray[np.bool_]:
        way = self._modes[-1].way
        if self._ended or way is not None:
            found = np.zeros(self._vocabulary.size, np.bool_)
            found[way[0] if way and not self._ended else list(self._vocabulary.ends)] = True
            return found
        found = self._inner.mask()
        if not self._arrays:
            return found
        found = found.copy()
        few = self._few(found)
        free = None if few else _without_quotes(self._vocabulary)
        for token in np.flatnonzero(found if free is None else found & ~free).tolist():
            if token not in self._vocabulary.ends and not self._differs(token, few):
                found[token] = False
        if not found.any():
            raise InputError("no other item is left that differs", where="uniqueItems", fix="allow longer items")
        return found

    def allows(self, token: int) -> bool:
        way = self._modes[-1].way
        if token in self._vocabulary.ends:
            return not way and self._inner.allows(token)
        if self._ended:
            return False
        if way is not None:
            return way[:1] == (token,)
        if not self._inner.allows(token):
            return False
        if not self._arrays:
            return True
        few = self._few(self._inner.mask())
        return (not few and bool(_without_quotes(self._vocabulary)[token])) or self._differs(token, few)

    def advance(self, token: int) -> None:
        if not self.allows(token):
            raise InputError(f"token {token} is not allowed here", fix="choose one that the mask allows")
        self._inner.advance(token)
        if token in self._vocabulary.ends:
            self._ended += 1
            return
        place, _ = self._places[-1]
        found = self._after(token)
        assert found is not None
        self._text += _bytes(self._vocabulary, token)
        self._places.append((found, len(self._text)))
        self._modes.append(self._modes[-1] if self._room is None else self._mode(place, found))

    def back(self, count: int) -> None:
        self._inner.back(count)
        ends = min(count, self._ended)
        self._ended -= ends
        if count > ends:
            del self._places[ends - count :], self._modes[ends - count :]
            del self._text[self._places[-1][1] :]

    def forced_tokens(self) -> list[int]:
        way = self._modes[-1].way
        if self._ended:
            return []
        return list(way[:LONGEST_FORCED]) if way is not None else self._inner.forced_tokens()

    # Items that differ

    def _few(self, mask: NDArray[np.bool_]) -> bool:
        """Whether so little may follow that there may be no way to differ; never within a text that is free."""
        return int(mask.sum()) <= max(self._vocabulary.size // 8, 16)

    def _after(self, token: int) -> JsonPlace | None:
        place, size = self._places[-1]
        return after(place, self._text + _bytes(self._vocabulary, token), size, self._arrays)

    def _differs(self, token: int, few: bool) -> bool:
        found = self._after(token)
        if found is None:
            return False
        array = found.differing
        return not few or array is None or self._leads_on(token, array, [_TRIES])

    def _leads_on(self, token: int, array: JsonFrame, tries: list[int]) -> bool:
        """Whether ``array`` can still have another item than all before it, or end."""
        tries[0] -= 1
        if tries[0] <= 0:
            return True
        with _Tried(self, token) as found:
            if found is None:
                return False
            now = next((frame for frame in found.frames if frame.start == array.start), None)
            if now is None or now.items != array.items:
                return True
            mask = self._inner.mask()
            if not self._few(mask):
                return True
            return any(self._leads_on(other, array, tries) for other in self._candidates(mask))

    def _candidates(self, mask: NDArray[np.bool_]) -> list[int]:
        """Tokens of ``mask`` that are one byte: any text can be written with them. White space, which leads nowhere,
        only where there is nothing else."""
        full, blank = _single(self._vocabulary)
        found = full[mask[full]]
        return [int(token) for token in (found if len(found) else blank[mask[blank]])[:_WIDEST]]

    # The way to the end

    def _way(self, *, of_value: bool = False) -> tuple[int, ...] | None:
        """A short way to the end of the reply, or of the value that is being written; ``None`` if none is found."""
        found: list[int] = []
        tried: list[_Tried] = []
        start = self._places[-1][0]
        try:
            while not (
                self._inner.allows(self._vocabulary.ends[0]) or (of_value and _over(start, self._places[-1][0]))
            ):
                token = next((one for one in self._soonest() if self._after(one) is not None), None)
                if token is None or len(found) == _LONGEST_WAY:
                    return None
                found.append(token)
                tried.append(_Tried(self, token))
                tried[-1].__enter__()
        finally:
            for one in reversed(tried):
                one.__exit__()
        return tuple(found)

    def _soonest(self) -> Iterator[int]:
        """What may follow, what leads to an end soonest first."""
        if forced := self._inner.forced_tokens():
            yield forced[0]
            return
        yield from self._needed_next()
        marks = ('"',) if self._places[-1][0].inside == "text" else _CLOSING
        for mark in marks:
            token = _token(self._vocabulary, mark)
            if token is not None and self._inner.allows(token):
                yield token
        yield from self._candidates(self._inner.mask())

    def _needed_next(self) -> Iterator[int]:
        """Within a name, what leads to one that is needed and is not there yet."""
        place, size = self._places[-1]
        if not self._needed or place.inside != "text" or not place.frames[-1:] or not place.frames[-1].naming:
            return
        written = bytes(self._text[place.start : size])
        for name in self._needed:
            if name.startswith(written) and json.loads(name) not in place.frames[-1].names:
                token = _token(self._vocabulary, name[len(written) :].decode(errors="replace")[:1])
                if token is not None and self._inner.allows(token):
                    yield token

    def _plan(self, way: tuple[int, ...] | None) -> _Mode:
        """When to look again, the way to the end being ``way``."""
        length = len(self._places) - 1
        assert self._room is not None
        if way is None:
            return _Mode(look=length + 64)
        slack = self._room - length - len(way) - self._reserve
        if slack > 0:
            return _Mode(look=length + max(1, slack // 8), need=len(way))
        return _Mode(way, whole=True) if len(way) <= self._room - length else _Mode(look=length + 1)

    def _mode(self, before: JsonPlace, place: JsonPlace) -> _Mode:
        last, length = self._modes[-1], len(self._places) - 1
        if last.way:
            rest = last.way[1:]
            return last._replace(way=rest) if rest or last.whole else self._plan(self._way())
        found = self._plan(self._way()) if length >= last.look else last
        if found.way is not None:
            return found
        if place.inside in ("", "escape"):
            return found._replace(most=0 if place.inside == "" else found.most)
        if before.inside == "" or before.start != place.start:
            return found._replace(most=length + self._share())
        if last.most and length >= last.most and (way := self._way(of_value=True)):
            return _Mode(way, look=found.look, need=found.need)
        return found._replace(most=last.most)

    def _share(self) -> int:
        """Tokens that the value which begins here may take of those that are left."""
        assert self._room is not None
        left = self._room - len(self._places) + 1
        need = self._modes[-1].need
        way = self._way() if need <= _SHORT or left < _AMPLE * need else None
        if way is None:
            return max(_LEAST, left // 2)
        values = 1 + sum(_bytes(self._vocabulary, token).count(b",") for token in way)
        return max(_LEAST, (left - len(way) - self._reserve) // values)


class _Tried:
    """A token that is written for the time being."""

    def __init__(self, guide: JsonGuide, token: int) -> None:
        self._guide, self._token = guide, token

    def __enter__(self) -> JsonPlace | None:
        guide = self._guide
        found = guide._after(self._token)
        if found is not None:
            guide._inner.advance(self._token)
            guide._text += _bytes(guide._vocabulary, self._token)
            guide._places.append((found, len(guide._text)))
        self._entered = found is not None
        return found

    def __exit__(self, *_: object) -> None:
        guide = self._guide
        if self._entered:
            guide._inner.back(1)
            guide._places.pop()
            del guide._text[guide._places[-1][1] :]


def _over(start: JsonPlace, place: JsonPlace) -> bool:
    """Whether the value that is being written at ``start`` has ended at ``place``."""
    return place.inside == "" or place.start != start.start


@lru_cache(100_000)
def _bytes(vocabulary: Vocabulary, token: int) -> bytes:
    found: bytes = vocabulary.tokenizer.decode_bytes([token])
    return found


@lru_cache(8)
def _single(vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The tokens of one byte, and apart those of white space."""
    blank = b" \n\r\t"
    full = [vocabulary.tokenizer.tokenize_bytes(bytes([byte])) for byte in range(256) if byte not in blank]
    spaces = [vocabulary.tokenizer.tokenize_bytes(bytes([byte])) for byte in blank]
    return tuple(np.array([each[0] for each in tokens if len(each) == 1], np.int64) for tokens in (full, spaces))  # type: ignore[return-value]


@lru_cache(8)
def _without_quotes(vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """``[vocabulary]``: the tokens that cannot end a text."""
    from llguidance import LLMatcher

    return grammar(vocabulary, LLMatcher.grammar_from_regex('[^"]+')).start().mask()


@lru_cache(256)
def _token(vocabulary: Vocabulary, text: str) -> int | None:
    """The token that is ``text``."""
    found = vocabulary.tokenizer.tokenize_str(text)
    return int(found[0]) if len(found) == 1 else None
