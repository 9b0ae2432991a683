"""Passages and sentences: how each kind of text is cut, by media type.

``split`` gives the units of retrieval, ``texts_to_embed`` what is embedded for them, ``sentences`` the units of
quotation inside one.
"""

from __future__ import annotations

from ...registry import Registry
from ..document import Document, Passage
from .embedding_texts import texts_to_embed as texts_to_embed
from .sentence import sentences as sentences

__all__ = ["sentences", "split", "texts_to_embed"]

ANY = "any"
SPLITTERS = Registry(
    "splitter",
    __name__,
    {
        "application/pdf": "markdown:split",
        "text/plain": "plain:split",
        "application/x-subrip": "plain:split",
        "text/vtt": "plain:split",
        "text/markdown": "markdown:split",
        "text/html": "markdown:split",
        "text/x-rst": "rst:split",
        "text/x-python": "python:split",
        "text/x-javascript": "tree:split",
        "text/x-typescript": "tree:split",
        "text/x-java": "tree:split",
        "text/x-go": "tree:split",
        "text/x-rust": "tree:split",
        "text/x-c": "tree:split",
        "text/x-cpp": "tree:split",
        "text/x-csharp": "tree:split",
        "text/x-ruby": "tree:split",
        "text/x-php": "tree:split",
        "text/csv": "code:table",
        "text/tab-separated-values": "code:table",
        "application/json": "code:data",
        "application/yaml": "code:data",
        "application/toml": "code:settings",
        "application/xml": "code:data",
        "text/x-ini": "code:settings",
        "application/x-ipynb+json": "markdown:split",
        "application/vnd.oasis.opendocument.text": "markdown:split",
        "application/vnd.oasis.opendocument.spreadsheet": "markdown:split",
        "application/vnd.oasis.opendocument.presentation": "markdown:split",
        "application/vnd.sqlite3": "markdown:split",
        "application/vnd.apache.parquet": "markdown:split",
        "application/rtf": "markdown:split",
        "text/asciidoc": "markdown:split",
        "text/org": "markdown:split",
        "application/x-tex": "markdown:split",
        "text/troff": "markdown:split",
        "text/calendar": "markdown:split",
        "text/vcard": "markdown:split",
        "text/log": "markdown:split",
        "application/epub+zip": "markdown:split",
        "message/rfc822": "markdown:split",
        "application/mbox": "markdown:split",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "markdown:split",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "markdown:split",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "markdown:split",
        ANY: "code:split",
    },
)
"""By media type."""


def split(document: Document) -> list[Passage]:
    """Cuts a document into passages in order, without overlap, together covering every character that is not white
    space.

    Text of an unknown media type is taken for code, whose layout then decides.
    """
    media_type = document.media_type if document.media_type in SPLITTERS else ANY
    passages: list[Passage] = SPLITTERS.load(media_type)(document)
    return passages
