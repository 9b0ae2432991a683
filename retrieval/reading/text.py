"""Text, markup and code, read as they are: the document's text is the decoded file, character by character."""

from __future__ import annotations

import re

from .content import Content
from .decode import decode
from .formats import PLAIN, PYTHON, RST, SHELL, Format
from .python import parse

_HEAD = 65_536
"""A title is looked for in the first so many characters."""

_DIRECTIVE = re.compile(r"^\.\. [a-z][\w:-]*::(?:\s|$)", re.MULTILINE)
_FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*\r?$", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[^\n]*$|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*?)[ \t#]*\r?$|^(?! {4}|[ \t]*[-*>|+])(\S[^\r\n]*)\r?\n {0,3}(?:={2,}|-{3,})[ \t]*\r?$", re.MULTILINE)
_UNDERLINED = re.compile(r"^(\S[^\r\n]{0,200}?)[ \t]*\r?\n([!-/:-@\[-`{-~])\2{2,}[ \t]*\r?$", re.MULTILINE)
_MARKUP = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)|<[^>\n]+>|[*`]+|:[a-z:]+:(?=`)")


def read(data: bytes, form: Format) -> Content:
    """Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    media_type = _told(decoded.text) if form == PLAIN else form.media_type
    return Content(decoded.text, media_type, title(decoded.text, media_type), decoded.metadata)


def title(text: str, media_type: str) -> str:
    """The first heading, or the first line of a module's docstring; empty when there is none."""
    if media_type == "text/markdown":
        return _markdown_title(text[:_HEAD])
    if media_type == "text/x-rst":
        return _bare(next((found[1] for found in _UNDERLINED.finditer(text[:_HEAD]) if found[1][:2] != found[2] * 2), ""))
    if media_type == "text/x-python":
        return _docstring_line(text)
    return ""


def _told(text: str) -> str:
    """What a file whose name says nothing says itself: its interpreter, or reStructuredText directives."""
    if text.startswith("#!"):
        return (PYTHON if "python" in text.partition("\n")[0] else SHELL).media_type
    return (RST if _DIRECTIVE.search(text, 0, _HEAD) else PLAIN).media_type


def _markdown_title(head: str) -> str:
    front = _FRONT.match(head)
    if front and (named := _FRONT_TITLE.search(front[1])):
        return named[1]
    found = _HEADING.search(_FENCED.sub("", head[front.end() if front else 0 :]))
    return _bare(found[1] or found[2]) if found else ""


def _docstring_line(text: str) -> str:
    import ast

    tree = parse(text)
    lines = (ast.get_docstring(tree) or "").strip().splitlines() if tree else []
    return lines[0].strip() if lines else ""


def _bare(heading: str) -> str:
    return " ".join(_MARKUP.sub(r"\1", heading).split())
