"""Text, markup and code, read as they are: the document's text is the decoded file, character by character."""

from __future__ import annotations

import re

from .content import Content
from .decode import decode
from .formats import PLAIN, RST, SHELL, Format

_HEAD = 65_536
"""A title is looked for in the first so many characters."""
_LINE = 300
"""And is no longer than this."""

_DIRECTIVE = re.compile(r"^\.\. [a-z][\w:-]*::(?:\s|$)", re.MULTILINE)
_FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*\r?$", re.MULTILINE)
_FENCED = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^ {0,3}\1[^\n]*$|\Z)", re.DOTALL | re.MULTILINE)
_ATX = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_SETEXT = re.compile(r"^(?![ \t]*[-*>|+#])(\S[^\r\n]*)\r?\n {0,3}(?:={2,}|-{3,})[ \t]*\r?$", re.MULTILINE)
_UNDERLINED = re.compile(r"^(\S[^\r\n]{0,200}?)[ \t]*\r?\n([!-/:-@\[-`{-~])\2{2,}[ \t]*\r?$", re.MULTILINE)
_DOCSTRING = re.compile(r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*[rRuU]?(\"{3}|'{3}|\"|')\s*([^\r\n]*)")
_INTERPRETER = re.compile(r"#!.*?(python|perl|ruby|node)")
_INTERPRETERS = {"python": "text/x-python", "perl": "text/x-perl", "ruby": "text/x-ruby", "node": "text/x-javascript"}
_MARKUP = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)|<[^>\n]+>|[*`]+|:[a-z:]+:(?=`)")


def read(data: bytes, form: Format) -> Content:
    """Reads a file of text as it is. Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    media_type = _own_media_type(decoded.text) if form == PLAIN else form.media_type
    return Content(decoded.text, media_type, title(decoded.text, media_type), decoded.metadata)


def title(text: str, media_type: str) -> str:
    """The first heading, or the first line of a module's docstring; empty when there is none."""
    find = _TITLES.get(media_type)
    return find(text[:_HEAD]) if find else ""


def _own_media_type(text: str) -> str:
    """What a file whose name says nothing says itself: its interpreter, or reStructuredText directives."""
    if text.startswith("#!"):
        found = _INTERPRETER.match(text, 0, _LINE)
        return _INTERPRETERS[found[1]] if found else SHELL.media_type
    return (RST if _DIRECTIVE.search(text, 0, _HEAD) else PLAIN).media_type


def _markdown_title(head: str) -> str:
    front = _FRONT.match(head)
    if front and (named := _FRONT_TITLE.search(front[1])):
        return named[1]
    body = _FENCED.sub("", head[front.end() if front else 0 :])
    found = [match for pattern in (_ATX, _SETEXT) if (match := pattern.search(body))]
    return _bare(min(found, key=lambda match: match.start())[1].rstrip(" \t\r#")) if found else ""


def _rst_title(head: str) -> str:
    """The first underlined line that is no line of punctuation itself."""
    return _bare(next((found[1] for found in _UNDERLINED.finditer(head) if found[1][:2] != found[2] * 2), ""))


def _docstring_line(head: str) -> str:
    found = _DOCSTRING.match(head)
    return found[2].partition(found[1])[0].strip()[:_LINE] if found else ""


def _bare(heading: str) -> str:
    return " ".join(_MARKUP.sub(r"\1", heading[:_LINE]).split())


_TITLES = {"text/markdown": _markdown_title, "text/x-rst": _rst_title, "text/x-python": _docstring_line}
