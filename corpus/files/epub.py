"""Electronic books (EPUB 2 and 3): the chapters in the order of reading, each as a web page, below the book's title.

A book whose chapters are encrypted is refused; fonts that are scrambled, as publishers do, are no hindrance.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import Any
from urllib.parse import unquote

from ...errors import ReadError
from . import html
from .content import Content, clean, count_phrases, sum_phrases
from .formats import Format
from .layout import Layout
from .nested import write_inner
from .package import Package, local, open_package

_CONTAINER = "META-INF/container.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml"})
_SCRAMBLED = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""How fonts are scrambled, which is no encryption."""
_CHARACTERS = 20_000_000
"""Of all chapters; a document may hold no more."""
_PAGE = Format("text/html")


def read(data: bytes, form: Format) -> Content:
    """Each chapter is marked with its title, or ``chapter 2`` and so on. Raises ``ReadError``."""
    with open_package(data, "EPUB") as package:
        roots = (one for one in package.xml(_CONTAINER).iter("{*}rootfile") if one.get("full-path"))
        main = unquote(str(next(roots, {"full-path": _CONTAINER}).get("full-path")))
        book = package.xml(main)
        told = _metadata_of(book)
        chapters, lost = _chapters(package, main, book)
        _refuse_encrypted(package, chapters)
        layout, omitted = Layout(), list[str]()
        title = told["title"]
        layout.heading(1, title)
        for name in ("author", "publisher", "date"):
            layout.add(f"{name.capitalize()}: {told[name]}" if told[name] else "")
        for number, name in enumerate(chapters, start=1):
            if layout.pages.length > _CHARACTERS:
                lost[f"chapter| beyond the first {_CHARACTERS:,} characters"] += 1
                continue
            page = html.read(package.read(name), _PAGE)
            write_inner(layout, page, 1 if told["title"] else 0, page.title or f"chapter {number}")
            omitted += page.omitted
            title = title or page.title
        metadata = {name: value for name, value in told.items() if value and name != "title"}
        return Content(
            layout.pages.text,
            form.media_type,
            title,
            metadata=metadata,
            marks=layout.pages.marks,
            omitted=sum_phrases([*omitted, *count_phrases(lost)], [*html.NAMES, *lost]),
        )


def _metadata_of(book: Any) -> dict[str, str]:
    """What the book says of itself; several authors are joined."""
    words: dict[str, list[str]] = {}
    for part in book.iter("{http://purl.org/dc/elements/1.1/}*"):
        text = " ".join(clean(part.text or "").split())
        if text:
            words.setdefault(local(part.tag), []).append(text)
    return {
        "title": next(iter(words.get("title", ())), ""),
        "author": ", ".join(dict.fromkeys(words.get("creator", ()))),
        "publisher": next(iter(words.get("publisher", ())), ""),
        "date": next(iter(words.get("date", ())), "").partition("T")[0],
    }


def _chapters(package: Package, main: str, book: Any) -> tuple[list[str], Counter[str]]:
    """Members in the order of reading, each once, and what is left out of it."""
    lost: Counter[str] = Counter()
    folder = main.rpartition("/")[0]
    items = {one.get("id", ""): one for one in book.iter("{*}item")}
    found: dict[str, None] = {}
    for entry in book.iter("{*}itemref"):
        item = items.get(entry.get("idref", ""))
        name = _name(folder, item.get("href", "")) if item is not None else ""
        if item is None or not package.has(name):
            lost["chapter| that the file does not hold"] += 1
        elif "nav" in item.get("properties", "").split():
            lost["table| of contents"] += 1
        elif item.get("media-type", "").lower() not in _PAGES:
            lost["picture| without text"] += 1
        else:
            found[name] = None
    return list(found), lost


def _name(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, unquote(href.partition("#")[0]))).lstrip("/")


def _refuse_encrypted(package: Package, chapters: list[str]) -> None:
    sealed = package.xml_if_there("META-INF/encryption.xml")
    names = {name.lower() for name in chapters}
    for one in sealed.iter("{*}EncryptedData") if sealed is not None else ():
        method = next((part.get("Algorithm", "") for part in one.iter("{*}EncryptionMethod")), "")
        uris = (_name("", part.get("URI", "")).lower() for part in one.iter("{*}CipherReference"))
        if method not in _SCRAMBLED and not names.isdisjoint(uris):
            raise ReadError("the book is protected (DRM), so its text cannot be read", fix="use a copy without it")
