"""Grammars over a model's tokens: one place that knows the grammar engine, llguidance.

The engine is an Earley parser behind a lazy lexer of regular expressions (Moskal et al.,
https://github.com/guidance-ai/llguidance): a mask of 49,152 tokens takes some 15 microseconds, a new grammar less than
a millisecond. Where only one text may follow, it allows only the tokenizer's own spelling of it. Knows nothing of what
the grammars describe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

from ...errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from llguidance import LLParserLimits
    from numpy.typing import NDArray

KEPT = 256
"""Compiled grammars that are kept for the next request, per vocabulary."""
LONGEST_FORCED = 64
"""Tokens that ``forced_tokens`` names at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The tokens of one model as the engine sees them. Makes itself once per model: that takes half a second."""

    size: int
    """Rows of the model's logits, which may be more than the tokenizer has tokens; the rest is never allowed."""
    ends: tuple[int, ...]
    tokenizer: Any
    compiled: Callable[[str], Any]
    """From the text of a grammar to its matcher, which is only ever copied."""


def vocabulary(tokenizer: Any, size: int, ends: Iterable[int]) -> Vocabulary:
    """``tokenizer`` is a fast one of transformers or of the tokenizers package; ``ends`` are the model's end tokens.

    Raises ``InputError`` for a slow tokenizer, and for a model that has no way to end a reply.
    """
    from llguidance import LLTokenizer

    last = tuple(sorted(ends))
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not hasattr(backend, "to_str"):
        raise InputError("this model's tokenizer cannot be constrained", fix="use a model with a tokenizer.json")
    if not last:
        raise InputError("a model without an end token cannot be constrained", fix="name one in generation_config.json")
    try:
        known = LLTokenizer(backend.to_str(), n_vocab=size, eos_token=list(last))
    except ValueError as error:
        raise InputError(
            f"this model's tokenizer cannot be constrained ({_line(str(error))})", fix="use a byte-level tokenizer"
        ) from error
    return Vocabulary(size, last, known, lru_cache(KEPT)(partial(matcher, known)))


@dataclass(frozen=True, slots=True)
class GrammarConstraint:
    """A ``Constraint``: whatever the grammar derives, and then an end."""

    vocabulary: Vocabulary
    matcher: Any

    def start(self, room: int | None = None) -> Matching:
        return Matching(self.vocabulary, self.matcher.deep_copy())


def grammar(vocabulary: Vocabulary, text: str) -> GrammarConstraint:
    """``text`` is a grammar in the engine's dialect of Lark or its JSON form. Raises ``InputError`` for one that
    cannot be read, that refers to what is not there, or that is too large."""
    return GrammarConstraint(vocabulary, vocabulary.compiled(text))


class Matching:
    """A ``Guide`` over the engine's matcher, which never sees an end: it would count it in some states only, and then
    step back too far."""

    def __init__(self, vocabulary: Vocabulary, matcher: Any) -> None:
        self._vocabulary, self._matcher = vocabulary, matcher
        self._length, self._ended = 0, 0
        self._ahead: list[int] = []
        self._ahead_from = -1
        """The forced tokens from that length on, computed once: a text of n tokens without a choice takes n steps."""

    @property
    def at_end(self) -> bool:
        return self._ended > 0 or bool(self._matcher.is_stopped())

    def mask(self) -> NDArray[np.bool_]:
        import numpy as np

        if only := list(self._vocabulary.ends) if self._ended else self._next(1):
            found = np.zeros(self._vocabulary.size, np.bool_)
            found[only] = True
            return found
        bits = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        self._check()
        return np.unpackbits(bits, count=self._vocabulary.size, bitorder="little").view(np.bool_)

    def allows(self, token: int) -> bool:
        if token in self._vocabulary.ends:
            return self._ended > 0 or bool(self._matcher.is_accepting())
        if self._ended:
            return False
        if forced := self._next(1):
            return forced[0] == token
        return bool(0 <= token < self._vocabulary.size and self._matcher.validate_tokens([token]) == 1)

    def advance(self, token: int) -> None:
        ends = token in self._vocabulary.ends
        if not self.allows(token) or not (ends or self._matcher.consume_token(token)):
            self._check()
            raise InputError(f"token {token} is not allowed here", fix="choose one that the mask allows")
        self._length, self._ended = self._length + 1, self._ended + ends

    def back(self, count: int) -> None:
        if not 0 <= count <= self._length:
            raise InputError(f"{count} tokens cannot be taken back", where=f"a reply of {self._length} tokens")
        ends = min(count, self._ended)
        self._matcher.rollback(count - ends)
        self._length, self._ended = self._length - count, self._ended - ends
        if self._length < self._ahead_from:
            self._ahead_from = -1
        self._check()

    def forced_tokens(self) -> list[int]:
        return [] if self._ended else self._next(LONGEST_FORCED)

    def _next(self, count: int) -> list[int]:
        """At most ``count`` of the forced tokens."""
        at = self._length - self._ahead_from
        if self._ahead_from < 0 or (at and at >= len(self._ahead)):
            self._ahead, self._ahead_from, at = self._matcher.compute_ff_tokens(), self._length, 0
        return self._ahead[at : at + count]

    def _check(self) -> None:
        if self._matcher.is_error():
            raise _refusal(self._matcher.get_error())


def matcher(tokenizer: Any, text: str) -> Any:
    """A matcher of ``text`` at its start. Raises ``InputError``."""
    from llguidance import LLMatcher

    found = LLMatcher(tokenizer, text, log_level=0, limits=_limits())
    if found.is_error():
        raise _refusal(found.get_error())
    if not any(found.compute_bitmask()) or found.is_error():
        raise _refusal("unsatisfiable")
    return found


@cache
def _limits() -> LLParserLimits:
    """Bounds on the work of the engine: some 0.1 s for a step, and as many alternatives at one place as lists of codes
    have."""
    from llguidance import LLParserLimits

    return LLParserLimits(
        max_items_in_row=100_000, step_max_items=400_000, initial_lexer_fuel=5_000_000, step_lexer_fuel=1_000_000
    )


_INNER = re.compile(r"\n\n| while processing json-schema:|<state>|<backtrace>")
"""Where a message of the engine goes on to what only its makers can use."""


def _refusal(message: str) -> InputError:
    if "nsatisfiable" in message:
        return InputError("the constraint allows no reply at all", where=_line(message), fix="loosen it")
    return InputError(
        f"the constraint cannot be enforced ({_line(message)})", fix="simplify it, or leave the constraint out"
    )


def _line(message: str) -> str:
    """The engine's message in one line, without its picture of the source and of its own state."""
    if "symbols.len()" in message:
        return "it has too many parts"
    first = _INNER.split(message, 1)[0]
    return " ".join(line.strip() for line in first.splitlines() if "|" not in line[:8] and line.strip(" ^"))[:300]
