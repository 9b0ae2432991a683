"""An answer as notebooks show it: Markdown and HTML, with its sources below."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .answer import Answer, Citation


def markdown(answer: Answer) -> str:
    quotes = [f"> {line}" for each in answer.citations for line in (f"[{each.number}] **{each.place}**", each.quote)]
    short = [f"**{answer.short}**"] if answer.short else []
    return "\n\n".join([*short, answer.text, *("\n> ".join(quote.splitlines()) for quote in quotes)])


def html(answer: Answer) -> str:
    """An answer as HTML for a notebook. Everything that comes from documents is escaped."""
    sources = "".join(
        f"<li value='{each.number}'><code>{escape(each.place)}</code>{'' if each.verified else ' (not verified)'}"
        f"<blockquote style='white-space: pre-wrap'>{_with_mark(each)}</blockquote></li>"
        for each in answer.citations
    )
    short = f"<p><strong>{escape(answer.short)}</strong></p>" if answer.short else ""
    return f"<div>{short}<p style='white-space: pre-wrap'>{escape(answer.text)}</p><ol>{sources}</ol></div>"


def _with_mark(citation: Citation) -> str:
    """The quote, with the statement marked that was chosen in it, and what governs it."""
    shown, at = "", 0
    for start, end in citation.focus:
        shown += f"{escape(citation.quote[at:start])}<mark>{escape(citation.quote[start:end])}</mark>"
        at = end
    return shown + escape(citation.quote[at:])
