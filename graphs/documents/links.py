"""Where a document's text points to, as paths: Markdown, HTML, reStructuredText and wiki links. Reads no files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator
from urllib.parse import unquote

_TARGETS = re.compile(
    r"\]\(\s*<?([^()\s<>]+)"  # [text](target)
    r"|^\s{0,3}\[[^\]\n]+\]:\s+<?([^\s<>]+)"  # [label]: target
    r"|\b(?:href|src)\s*=\s*[\"']([^\"'\s]+)"  # <a href="target">
    r"|:doc:`(?:[^`<]*<)?([^`<>]+)>?`"  # :doc:`text <target>`
    r"|`[^`<\n]*<([^`<>\s]+)>`_"  # `text <target>`_
    r"|\[\[([^\]|#\n]+)",  # [[target|text]]
    re.MULTILINE,
)
_ELSEWHERE = re.compile(r"[A-Za-z][\w+.-]*:|//|#")
_SUFFIXES = ("", ".md", ".rst", ".html", ".txt", "/index.md", "/index.rst", "/index.html", "/README.md")
_BUILT = re.compile(r"\.html?$")


def find_links(text: str, uri: str, known: Container[str]) -> Iterator[tuple[int, str]]:
    """``(character offset, uri)`` of each link of the document at ``uri`` to another that is ``known``."""
    folder = posixpath.dirname(uri)
    for match in _TARGETS.finditer(text):
        target = next(group for group in match.groups() if group is not None)
        found = _resolve(unquote(target.split("#")[0].split("?")[0]).strip(), folder, known)
        if found and found != uri:
            yield match.start(), found


def _resolve(target: str, folder: str, known: Container[str]) -> str | None:
    if not target or _ELSEWHERE.match(target):
        return None
    path = posixpath.normpath(posixpath.join(folder, target.lstrip("/") if target.startswith("/") else target))
    stems = (path, _BUILT.sub("", path))
    return next((stem + suffix for stem in stems for suffix in _SUFFIXES if stem + suffix in known), None)
