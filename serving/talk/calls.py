"""Calls in a streamed reply, told as they are written: the name as soon as it is sure, then the arguments in pieces.

A call is sure when its name and the brace that its arguments begin with have been read. Until then it is held back, and
shown as the text that it is when no call comes of it; from then on it is a call, however it ends. How a reply is cut
into pieces changes nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from ...errors import InputError
from ..base import CallFormat, FunctionTool
from .call_formats import PLAIN, new_id
from .forms import Form
from .text import TextPiece, WrittenToken, undecided_length

_LONGEST_HEAD = 512
"""Letters in which a name is looked for; behind them a call is only told whole."""
_STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_KEY = r'"(?:arguments|parameters)"'
"""Models mix the two up, whatever they were shown."""
_HEAD = re.compile(
    rf'\s*\{{\s*(?:(?!"name"|{_KEY}){_STRING}\s*:\s*{_STRING}\s*,\s*)*'
    rf'"name"\s*:\s*(?P<name>{_STRING})\s*,\s*(?:(?!{_KEY}){_STRING}\s*:\s*{_STRING}\s*,\s*)*{_KEY}\s*:\s*(?=\{{)'
)
_NO_OBJECT = re.compile(r'\s*(?:[^\s{]|\{\s*[^\s"])')
_OTHER_OBJECT = re.compile(r'\s*\{\s*"(?!(?:name|type|id|arguments|parameters)")[^"]*"')


@dataclass(frozen=True, slots=True)
class CallBegun:
    """A call begins."""

    name: str


@dataclass(frozen=True, slots=True)
class CallArguments:
    """A piece of the arguments of the call that has begun."""

    text: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call that has begun ends; not ``whole`` when the reply ended within its arguments."""

    whole: bool


CallEvent = CallBegun | CallArguments | CallEnded
ReplyPart = str | CallEvent


def calls_in(
    pieces: Iterable[str], format: CallFormat, *, names: Collection[str] = (), opened: bool = False
) -> Iterator[ReplyPart]:
    """A streamed reply as text and calls. ``opened``: the prompt ended with what a call begins with. A reply that
    begins with the JSON of a call of one of ``names`` needs no mark: small models forget it."""
    held = _Held(iter(pieces))
    if opened or format.bare:
        yield from _calls(held, format, "")
    elif names and not format.separator and (yield from _object(held, format, False, names)):
        held.mark(format.close.strip())
    while format.open and (yield from held.until(format.open)):
        yield from _calls(held, format, format.open)
    yield from held.rest()


class _Held:
    """The text that has come and has not been told yet."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self.text = ""

    def more(self) -> str:
        """The next piece, which is held from now on; empty at the end of the reply."""
        piece = next((piece for piece in self._pieces if piece), "")
        self.text += piece
        return piece

    def take(self, size: int) -> str:
        taken, self.text = self.text[:size], self.text[size:]
        return taken

    def rest(self) -> Iterator[str]:
        while self.text or self.more():
            yield self.take(len(self.text))

    def until(self, mark: str) -> Generator[str, None, bool]:
        """The text before ``mark``, which is taken too; whether it came."""
        while (at := self.text.find(mark)) < 0:
            if ready := len(self.text) - undecided_length(self.text, (mark,)):
                yield self.take(ready)
            if not self.more():
                yield from self.rest()
                return False
        if at:
            yield self.take(at)
        self.take(len(mark))
        return True

    def mark(self, mark: str) -> str:
        """``mark`` and the white space before it, taken if they come next; empty if something else does."""
        while mark:
            rest = self.text.lstrip()
            if rest.startswith(mark):
                return self.take(len(self.text) - len(rest) + len(mark))
            if not mark.startswith(rest) or not self.more():
                break
        return ""


class _Depth:
    """How deep in braces and brackets a text stands that comes in pieces."""

    def __init__(self, depth: int = 0) -> None:
        self._depth, self._quoted, self._escaped = depth, False, False

    def end(self, piece: str) -> int | None:
        """Where in ``piece`` the outermost brace closes, the brace included."""
        for at, letter in enumerate(piece):
            if self._escaped:
                self._escaped = False
            elif self._quoted:
                self._escaped, self._quoted = letter == "\\", letter != '"'
            elif letter == '"':
                self._quoted = True
            elif letter in "{[":
                self._depth += 1
            elif letter in "}]":
                self._depth -= 1
                if self._depth <= 0:
                    return at + 1
        return None


def _calls(held: _Held, format: CallFormat, begun: str) -> Iterator[ReplyPart]:
    """The calls behind one mark. ``begun`` is what has been read of it, text if no call follows."""
    if begun and (first := format.first.strip()):
        begun += held.mark(first)
        if not begun.endswith(first):
            yield begun
            return
    one = _named_call if format.separator else _object
    while (yield from one(held, format, bool(begun))):
        begun = ""
        if held.mark(format.close.strip()) or not format.between:
            return
        begun = held.mark(format.between.strip())
    if begun:
        yield begun


def _object(
    held: _Held, format: CallFormat, marked: bool, names: Collection[str] = ()
) -> Generator[CallEvent, None, bool]:
    """A call that is one JSON object, of one of ``names`` if there are some, if one comes next. One without arguments
    needs a mark: without that, an object with a name may be anything."""
    depth, unread, tried = _Depth(), held.text, False
    while True:
        if _NO_OBJECT.match(held.text) or (not marked and _OTHER_OBJECT.match(held.text)):
            return False
        if not tried and (head := _HEAD.match(held.text[:_LONGEST_HEAD])):
            if names and json.loads(head["name"]) not in names:
                return False
            held.take(head.end())
            yield from _call_with_arguments(held, json.loads(head["name"]))
            _closes(held)
            return True
        tried = len(held.text) >= _LONGEST_HEAD
        if (end := depth.end(unread)) is not None:
            found = _parse(held.text[: len(held.text) - len(unread) + end], marked)
            if found and names and found[0] not in names:
                return False
            if found:
                held.take(len(held.text) - len(unread) + end)
                yield from (CallBegun(found[0]), CallArguments(found[1]), CallEnded(True))
            return found is not None
        if not (unread := held.more()):
            return False


def _named_call(held: _Held, format: CallFormat, marked: bool) -> Generator[CallEvent, None, bool]:
    """A call that is a name and a JSON object, if one comes next."""
    while "{" not in held.text[:_LONGEST_HEAD]:
        if len(held.text) >= _LONGEST_HEAD or not held.more():
            return False
    numbered, separator = re.escape(format.numbered), re.escape(format.separator)
    head = re.match(rf"\s*([\w.-]+)(?:{numbered}\w+)?(?:{separator})?\s*(?=\{{)", held.text[:_LONGEST_HEAD])
    if head is None:
        return False
    held.take(head.end())
    yield from _call_with_arguments(held, head[1])
    return True


def _call_with_arguments(held: _Held, name: str) -> Iterator[CallEvent]:
    """A call whose arguments come next."""
    yield CallBegun(name)
    depth, end = _Depth(), None
    while end is None and (held.text or held.more()):
        end = depth.end(held.text)
        yield CallArguments(held.take(len(held.text) if end is None else end))
    yield CallEnded(end is not None)


def _closes(held: _Held) -> None:
    """Takes what closes an object behind its arguments, and the keys before that. What does not close it stays."""
    if held.mark("}"):
        return
    if not held.text.lstrip().startswith(","):
        return
    depth, unread = _Depth(1), held.text
    while (end := depth.end(unread)) is None:
        if not (unread := held.more()):
            return
    held.take(len(held.text) - len(unread) + end)


def _parse(text: str, marked: bool) -> tuple[str, str] | None:
    """The name and the arguments of an object that came whole, ``None`` if it is no call."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    arguments = found.get("arguments", found.get("parameters", {} if marked else None))
    if not isinstance(found.get("name"), str) or not isinstance(arguments, dict):
        return None
    return found["name"], json.dumps(arguments, ensure_ascii=False)


@dataclass(slots=True)
class PartialCall:
    """What has come of a call so far."""

    name: str
    id: str
    arguments: str = ""
    whole: bool = False
    """It ended before the reply did."""


@dataclass(frozen=True, slots=True)
class ToolOffer:
    """The tools of a request."""

    tools: tuple[FunctionTool, ...] = ()
    must: bool = False
    """One must be called."""
    strict: bool = False
    """Calls among free text must follow their schemas; demanded ones always do."""
    one: bool = False
    """The reply ends behind its first call."""
    format: CallFormat = PLAIN
    """How the model writes calls."""

    @classmethod
    def of(
        cls,
        offered: Sequence[FunctionTool],
        choice: str | None,
        allowed: Collection[str] = (),
        *,
        strict: bool,
        one: bool,
        format: CallFormat | None = None,
    ) -> ToolOffer:
        """``choice`` is ``none``, ``auto`` or ``required``; ``allowed`` names the only tools that may be called, where
        not all may; ``format`` is that of the model."""
        if unknown := set(allowed) - {tool.name for tool in offered}:
            raise InputError(f"no tool is named {min(unknown)}", where="tool_choice", fix="name one of tools")
        if allowed:
            offered = [tool for tool in offered if tool.name in allowed]
        if choice == "none":
            return cls()
        if choice == "required" and not offered:
            raise InputError("there is no tool to call", where="tool_choice", fix="send tools")
        return cls(tuple(offered), choice == "required", strict, one, format or PLAIN)

    @property
    def form(self) -> Form | None:
        """One call where one must be made; otherwise text in which calls, where they must, follow their schemas."""
        if self.must:
            return "call", self.tools
        return ("calls", self.tools) if self.tools and (self.strict or self.format == PLAIN) else None

    def form_beside(self, form: Form | None) -> Form | None:
        """What a reply is held to whose words must have ``form``: a demanded call has no words, and what may be a call
        is either one or has the form. Raises ``InputError`` for a form that cannot stand beside calls."""
        if self.must or not self.tools or form is None:
            return self.form or form
        if form[0] != "json":
            raise InputError("beside tools a reply can have the form of a schema only", fix="leave out tools")
        return "call or json", (self.tools, form[1])

    @property
    def marks(self) -> tuple[str, ...]:
        """What must be shown as text where the model writes it as a control token: calls are looked for in text."""
        return self.format.marks if self.tools else ()

    def parts(self, pieces: Generator[TextPiece]) -> Iterator[TextPiece | CallEvent]:
        """Text, with its tokens, and calls as they come; a demanded call that was cut before its arguments is the text
        that it is."""
        with closing(pieces):
            if not self.tools:
                yield from pieces
                return
            names, spoken = [tool.name for tool in self.tools], list[WrittenToken]()
            for part in calls_in(_texts(pieces, spoken), self.format, names=names, opened=self.must):
                yield TextPiece(part, tuple(spoken)) if isinstance(part, str) else part
                spoken.clear()
                if self.one and isinstance(part, CallEnded):
                    return

    def collect(self, calls: list[PartialCall], part: CallEvent) -> PartialCall:
        """The call that ``part`` belongs to, as far as it has come; one that begins is added to ``calls``."""
        if isinstance(part, CallBegun):
            calls.append(PartialCall(part.name, new_id(self.format)))
        elif isinstance(part, CallArguments):
            calls[-1].arguments += part.text
        else:
            calls[-1].whole = part.whole
        return calls[-1]


NO_TOOLS = ToolOffer()


def _texts(pieces: Iterable[TextPiece], spoken: list[WrittenToken]) -> Iterator[str]:
    """The texts of ``pieces``; their tokens are added to ``spoken``."""
    for piece in pieces:
        spoken.extend(piece.tokens)
        yield piece.text
