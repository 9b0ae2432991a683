"""Language models for tests and dry runs: one says what it was told to say, one scores bytes by rule.

Both need no weights and no torch, and give the same text every time.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputError, ModelError
from ..base import GREEDY, PLAIN_TEMPLATE, CallFormat, FunctionTool, Message, Sampling, Session, TemplateOptions
from ..constraints.grammar import Vocabulary, vocabulary
from ..engine.scripted import ScriptedEngine
from ..network import session_file
from ..network.tree import Sight, crop_sight, refuse_branched, side_by_side, sight
from ..talk.call_formats import HERMES
from ..talk.session_writer import SessionWriter
from ..talk.text import until_stop

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ScriptedModel:
    """Replies with the given texts in turn, or as a function of the messages; ``asked`` keeps every request.

    >>> "".join(ScriptedModel(["It is 0.85 [1]."]).stream([Message("user", "What is it?")]))
    'It is 0.85 [1].'
    """

    def __init__(
        self,
        replies: Iterable[str] | Callable[[Sequence[Message]], str],
        *,
        name: str = "scripted",
        plans: bool = False,
    ) -> None:
        self.name, self.plans = name, plans
        self.asked: list[tuple[Message, ...]] = []
        turns = iter(()) if callable(replies) else iter(replies)
        self._reply = replies if callable(replies) else lambda messages: next(turns, None)

    def stream(self, messages: Sequence[Message], sampling: Sampling = GREEDY) -> Generator[str, None, None]:
        """Word by word, a word counting as one token. Raises ``ModelError`` when the script has ended."""
        sampling.check()
        self.asked.append(tuple(messages))
        reply = self._reply(messages)
        if reply is None:
            raise ModelError("the script has no more replies", where=self.name)
        words = re.findall(r"\S*\s*", reply)[: sampling.max_tokens]
        return _generate(until_stop((word for word in words if word), sampling.stop))


class ByteModel:
    """A ``LocalModel`` whose tokens are the 256 bytes and one end token; the last three tokens decide the scores.

    It writes noise, but by the same contract as a real one: sessions, stop strings and half characters behave alike.
    ``engine`` answers with the same noise, or with given texts.
    """

    plans = False
    end = 256
    ends = frozenset({end})
    fingerprint = "bytes-1"

    def __init__(
        self,
        *,
        name: str = "bytes",
        context: int = 4096,
        tools: CallFormat | bool = False,
        replies: Iterable[str] | None = None,
    ) -> None:
        """``replies`` are what the engine says in turn, noise when there are none; ``tools`` is the format in which the
        model is shown them, Hermes' when true."""
        self.name, self.context = name, context
        self.tools = HERMES if tools is True else tools or None
        self._writer = SessionWriter(self, self.ends)
        self.engine = ScriptedEngine(self, replies)

    def stream(self, messages: Sequence[Message], sampling: Sampling = GREEDY) -> Generator[str, None, None]:
        return self._writer.stream(messages, sampling)

    def start(self) -> ByteSession:
        return ByteSession(self.context)

    def join(self, sessions: Sequence[Session]) -> ByteSession:
        return ByteSession.side_by_side(self.context, sessions)

    def resume(self, path: Path) -> ByteSession:
        session = self.start()
        session.feed(session_file.read(path, self.fingerprint)[0], rows=0)
        return session

    def encode(self, text: str) -> list[int]:
        return list(text.encode())

    def decode(self, tokens: Sequence[int]) -> str:
        return bytes(token for token in tokens if token != self.end).decode(errors="replace")

    def control(self, text: str) -> int | None:
        """There are none: marks are spelled."""
        return None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """See ``talk.text.ServedModel``."""
        from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

        # The printable letter that stands for each byte in byte-level tokenizers.
        plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
        others = iter(range(256, 512))
        letters = {chr(byte if byte in plain else next(others)): byte for byte in range(256)}
        tokenizer = Tokenizer(models.BPE(vocab=letters, merges=[]))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.add_special_tokens([AddedToken("<end>", special=True)])
        return vocabulary(tokenizer, 257, self.ends)

    def chat_tokens(
        self,
        messages: Sequence[Message],
        tools: Sequence[FunctionTool] = (),
        template: TemplateOptions = PLAIN_TEMPLATE,
    ) -> list[int]:
        shown = "".join(f"tool {tool.name}: {tool.description}\n" for tool in tools)
        turns = "".join(f"{message.role}: {message.content}{_calls(message)}\n" for message in messages)
        if template.continued:
            return self.encode(f"{shown}{turns.removesuffix(chr(10))}")
        return self.encode(f"{shown}{turns}{'assistant: ' if template.opened else ''}")


class ByteSession:
    def __init__(self, context: int) -> None:
        self._context = context
        self._tokens: list[int] = []
        self._sight: Sight = []

    @classmethod
    def side_by_side(cls, context: int, sessions: Sequence[Session]) -> ByteSession:
        joined = cls(context)
        for session in sessions:
            if isinstance(session, cls):
                refuse_branched(session._sight)
        joined._sight = side_by_side([len(session.tokens) for session in sessions])
        joined._tokens = [token for session in sessions for token in session.tokens]
        return joined

    @property
    def tokens(self) -> Sequence[int]:
        return self._tokens

    @property
    def size(self) -> int:
        return len(self._tokens)

    def feed(self, tokens: Sequence[int], rows: int | None = None) -> NDArray[np.float32]:
        refuse_branched(self._sight)
        if len(self._tokens) + len(tokens) > self._context:
            raise InputError(f"the sequence grows over {self._context:,} tokens")
        self._tokens.extend(tokens)
        wanted = len(tokens) if rows is None else min(rows, len(tokens))
        ends = range(len(self._tokens) - wanted + 1, len(self._tokens) + 1)
        return _rows([self._tokens[max(0, end - 3) : end] for end in ends])

    def branch(
        self, tokens: Sequence[int], parents: Sequence[int], rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        seen = sight(self._sight, len(self._tokens), parents)
        if seen.sum(1).max(initial=0) > self._context:
            raise InputError(f"a branch grows over {self._context:,} tokens")
        self._tokens.extend(tokens)
        self._sight.extend(seen)
        paths = (np.flatnonzero(seen[row])[-3:] for row in (range(len(tokens)) if rows is None else rows))
        return _rows([[self._tokens[at] for at in path] for path in paths])

    def crop(self, length: int) -> None:
        self._sight = crop_sight(self._sight, len(self._tokens), length)
        del self._tokens[length:]

    def save(self, path: Path) -> None:
        refuse_branched(self._sight)
        session_file.write(path, ByteModel.fingerprint, self._tokens, {})


def _calls(message: Message) -> str:
    return "".join(f" call {call.name} {call.arguments}" for call in message.calls)


def _rows(tails: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    return np.array([_scores(tail) for tail in tails], np.float32).reshape(len(tails), 257)


def _scores(tail: Sequence[int]) -> NDArray[np.float32]:
    seed = zlib.crc32(repr(tuple(tail)).encode())
    return np.random.default_rng(seed).normal(size=257).astype(np.float32)


def _generate(pieces: Iterable[str]) -> Generator[str, None, None]:
    yield from pieces
