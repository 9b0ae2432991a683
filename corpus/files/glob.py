"""Patterns of gitignore(5), compiled so that matching one takes time linear in the length of the path.

A pattern is cut at its slashes into segments, and a segment at its stars into pieces of fixed length. Of each piece the
leftmost place is taken and never given up again, which is enough: stars and ``**`` take whatever is left over. In the
regular expressions this is an atomic group, so that no pattern can make the engine try places over and over.

Like git, this works on bytes, and follows ``wildmatch.c`` in its corners.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SPECIAL = re.compile(rb"[*?\[\\]")
_STAR, _ANY, _SLASH = b"*", b"[^/]", b"/"
_CLASSES = {
    b"alnum": rb"0-9A-Za-z",
    b"alpha": rb"A-Za-z",
    b"blank": rb" \t",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"digit": rb"0-9",
    b"graph": rb"!-~",
    b"lower": rb"a-z",
    b"print": rb" -~",
    b"punct": rb"!-/:-@\[-`{-~",
    b"space": rb"\t-\r ",
    b"upper": rb"A-Z",
    b"xdigit": rb"0-9A-Fa-f",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a ``.gitignore``; ``text`` has neither the sign of negation nor the slash at the end."""

    text: bytes
    negated: bool
    only_folders: bool
    only_name: bool
    """Whether the pattern holds no slash, so that it is matched with a name at any depth; else with the path below
    the folder of the ``.gitignore``."""

    @property
    def literal(self) -> bool:
        return SPECIAL.search(self.text) is None


def parse(line: bytes) -> Pattern | None:
    """None for a line that holds no pattern."""
    # Spaces at the end do not count, unless a backslash stands before one.
    line = line.partition(b"\0")[0]
    bare = line.rstrip(b" ")
    escaped = (len(bare) - len(bare.rstrip(b"\\"))) % 2 == 1
    line = line[: len(bare) + 1] if escaped else bare
    if not line or line.startswith(b"#"):
        return None
    negated, text = line.startswith(b"!"), line.removeprefix(b"!")
    only_folders, text = text.endswith(b"/"), text.removesuffix(b"/")
    only_name = b"/" not in text
    text = text.removeprefix(b"/")
    return Pattern(text, negated, only_folders, only_name) if text else None


def compile_pattern(pattern: Pattern) -> re.Pattern[bytes] | None:
    """What ``fullmatch`` compares a name or a path below the folder with; None for a pattern that matches nothing."""
    found = SPECIAL.search(pattern.text)
    plain = found.start() if found else len(pattern.text)
    try:
        # Git compares what stands before the first special sign by itself; a ``**`` after it begins a pattern anew.
        tokens = list(_tokens(pattern.text[plain:]))
    except ValueError:
        return None
    body = _segment(tokens) if pattern.only_name else _path(_split(tokens, _SLASH))
    return re.compile(re.escape(pattern.text[:plain]) + body, re.DOTALL)


def _tokens(text: bytes) -> Iterator[bytes]:
    """Stars, slashes, and regular expressions for one character each. Raises ``ValueError`` for what is incomplete."""
    at = 0
    while at < len(text):
        sign = text[at : at + 1]
        if sign == b"[":
            token, at = _class(text, at + 1)
            yield token
            continue
        if sign == b"\\":
            at += 1
            sign = text[at : at + 1]
            if not sign:
                raise ValueError("a backslash at the end")
            yield sign if sign == _SLASH else re.escape(sign)
        elif sign == b"?":
            yield _ANY
        else:
            yield sign if sign in (_STAR, _SLASH) else re.escape(sign)
        at += 1


def _class(text: bytes, at: int) -> tuple[bytes, int]:
    """The set that begins after the bracket before ``at``, and the place after its closing bracket."""
    negated = text[at : at + 1] in (b"!", b"^")
    at += negated
    parts: list[bytes] = []
    before, first = b"", True
    while first or text[at : at + 1] != b"]":
        first = False
        sign, following = text[at : at + 1], text[at + 1 : at + 2]
        if sign == b"[" and following == b":":
            end = text.find(b"]", at + 2)
            if end < 0:
                raise ValueError("a set that is not closed")
            if end > at + 2 and text[end - 1 : end] == b":":
                named = _CLASSES.get(text[at + 2 : end - 1])
                if named is None:
                    raise ValueError("an unknown class")
                parts.append(named)
                before, at = b"", end + 1
                continue
        if sign == b"-" and before and following not in (b"", b"]"):
            last, at = _read_escape(text, at + 1)
            parts += [_hex(before) + b"-" + _hex(last)] if before <= last else []
            before = b""
            continue
        before, at = _read_escape(text, at)
        parts.append(_hex(before))
    inside = b"".join(parts)
    # A set never matches a slash.
    return (b"[^/%b]" if negated else b"(?!/)[%b]") % inside if inside else (b"[^/]" if negated else b"(?!)"), at + 1


def _read_escape(text: bytes, at: int) -> tuple[bytes, int]:
    at += text[at : at + 1] == b"\\"
    if at >= len(text):
        raise ValueError("a set that is not closed")
    return text[at : at + 1], at + 1


def _hex(sign: bytes) -> bytes:
    return b"\\x%02x" % sign[0]


def _split(tokens: list[bytes], at: bytes) -> list[list[bytes]]:
    parts: list[list[bytes]] = [[]]
    for token in tokens:
        if token == at:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _segment(tokens: list[bytes]) -> bytes:
    first, *rest = (b"".join(piece) for piece in _split(tokens, _STAR))
    if not rest:
        return first
    return first + b"".join(b"(?>[^/]*?%b)" % piece for piece in rest[:-1] if piece) + b"[^/]*" + rest[-1]


def _path(segments: list[list[bytes]]) -> bytes:
    """Segments, and runs of them between ``**``."""
    runs: list[list[bytes]] = [[]]
    for tokens in segments:
        if len(tokens) > 1 and set(tokens) == {_STAR}:
            runs.append([])
        else:
            runs[-1].append(_segment(tokens))
    if len(runs) == 1:
        return b"/".join(runs[0])
    first, *middle, last = ((bool(run), b"/".join(run)) for run in runs)
    head = first[1] + b"/" if first[0] else b""
    tail = b"(?:[^/]*/)*?" + last[1] if last[0] else b".*"
    return head + b"".join(b"(?>(?:[^/]*/)*?%b/)" % text for filled, text in middle if filled) + tail
